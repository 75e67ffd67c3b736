import type { Page } from 'playwright-core'

/** What is looked at of the page's own objects: the tests are no browser. */
interface PageElement {
  readonly tagName: string
  readonly id: string
  readonly textContent: string
  readonly parentElement: PageElement | null
  checkVisibility(options: object): boolean
  getBoundingClientRect(): {
    readonly width: number
    readonly height: number
    readonly right: number
  }
  closest(selector: string): PageElement | null
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
  readonly ownerSVGElement?: PageElement | null
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string }>
}
declare const document: {
  readonly documentElement: PageElement & { readonly lang: string; readonly scrollWidth: number }
  readonly activeElement: PageElement
  readonly title: string
  querySelectorAll(selector: string): Iterable<PageElement>
}
declare function getComputedStyle(element: PageElement): Readonly<Record<string, string>>

/** Roles of what only groups others; the keyboard may be led there, and what is in it is read. */
const NAMELESS = new Set(['RootWebArea', 'row', 'LayoutTableRow'])

/**
 * What those meet who read a page by other means than most: names that are missing, as Chromium's own tree for screen readers has them,
 * texts that are too pale (WCAG 2.2, 1.4.3), headings that leave a level out. Empty: nothing was found.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Accessibility.enable')
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  const nameless = nodes.flatMap(({ role, name, properties = [], ignored }) => {
    const kind = String(role?.value)
    const isFocusable = properties.some(({ name, value }) => name === 'focusable' && value.value)
    const needsName = (isFocusable && !NAMELESS.has(kind)) || NAMED.has(kind)
    if (ignored || !needsName || String(name?.value ?? '').trim() !== '') return []
    return [`a ${kind} without a name`]
  })
  return [...nameless, ...(await page.evaluate(problemsInPage))]
}
const NAMED = new Set(['columnheader', 'region', 'complementary', 'image', 'heading'])

/** In the page. */
function problemsInPage(): string[] {
  type Color = readonly [red: number, green: number, blue: number, alpha: number]
  const colorOf = (text: string): Color => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number)
    return [red, green, blue, alpha]
  }
  /** WCAG's relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
  const luminance = (color: Color): number => {
    const [red, green, blue] = color.slice(0, 3).map(part => {
      const share = part / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }) as [number, number, number]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const contrast = (one: Color, other: Color): number => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [
      number,
      number
    ]
    return (light + 0.05) / (dark + 0.05)
  }
  const paperOf = (element: PageElement): Color => {
    const box = element.closest('.node')?.querySelector('rect')
    if (box) return colorOf(getComputedStyle(box)['fill']!)
    for (let one: PageElement | null = element; one !== null; one = one.parentElement) {
      const color = colorOf(getComputedStyle(one)['backgroundColor']!)
      if (color[3] === 1) return color
    }
    return [255, 255, 255, 1]
  }
  const isSeen = (element: PageElement): boolean => {
    const { width, height, right } = element.getBoundingClientRect()
    return element.checkVisibility({}) && width > 0 && height > 0 && right > 0
  }
  const pale = [...document.querySelectorAll('body *')].flatMap(element => {
    const text = [...element.childNodes]
      .filter(({ nodeType }) => nodeType === 3)
      .map(node => node.textContent.trim())
      .join('')
    const isText = !['title', 'SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName)
    if (text === '' || !isText || !isSeen(element)) return []
    const style = getComputedStyle(element)
    const ink = element.ownerSVGElement ? style['fill']! : style['color']!
    const size = Number.parseFloat(style['fontSize']!)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style['fontWeight']) >= 700)
    const ratio = contrast(colorOf(ink), paperOf(element))
    return ratio >= (isLarge ? 3 : 4.5) ? [] : [`"${text}" has a contrast of ${ratio.toFixed(2)}`]
  })
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i).map(id => `#${id} is there twice`)
  const levels = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ tagName }) =>
    Number(tagName.slice(1))
  )
  const skipped = levels.flatMap((level, i) =>
    level > (levels[i - 1] ?? 0) + 1 ? [`heading ${i + 1} is of level ${level}`] : []
  )
  const said = [
    document.documentElement.lang === '' ? 'the page says not in which language it is' : '',
    document.title === '' ? 'the page has no title' : ''
  ]
  return [...pale, ...twice, ...skipped, ...said].filter(problem => problem !== '')
}

/** Where the keyboard is: its place among all that Tab reaches, and whether that can be seen. */
export function focusInPage(): {
  readonly place: number
  readonly of: number
  readonly isSeen: boolean
} {
  const reached = [...document.querySelectorAll('a[href],button,input,[tabindex="0"]')].filter(
    element => element.checkVisibility({})
  )
  const element = document.activeElement
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const box = element.closest('.node')?.querySelector('rect')
  const width = box ? getComputedStyle(box)['strokeWidth']! : outlineWidth!
  const isDrawn = box !== undefined && box !== null ? true : outlineStyle !== 'none'
  return {
    place: reached.indexOf(element),
    of: reached.length,
    isSeen: isDrawn && Number.parseFloat(width) >= 3
  }
}
