import { visible } from './visible.ts'

type Attributes = Readonly<Record<string, string | number | boolean | null>>
type Child = Node | string | null

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no #${id}`)
  return found
}

/** An HTML element. Texts are text, whatever they hold, and visible; null and false leave an attribute out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children)
}

/** As `element`, in a drawing. */
export function shape<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
}

function fill<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false)
      made.setAttribute(name, value === true ? '' : visible(`${value}`))
  }
  const shown = children.filter(child => child !== null)
  made.append(...shown.map(child => (typeof child === 'string' ? visible(child) : child)))
  return made
}

/** Sets a text, where it is another one: readers of screens are told of changes only. */
export function setText(target: Element, text: string): void {
  const shown = visible(text)
  if (target.textContent !== shown) target.textContent = shown
}

/**
 * Gives `target` these children. Those that are as they were stay, and the button that somebody is on stays theirs: otherwise each
 * new snapshot would take the keyboard away, and readers of screens would begin anew.
 */
export function refill(target: Element, ...children: readonly Element[]): void {
  const focused = document.activeElement
  const held = focused !== target && target.contains(focused) ? focused!.textContent : null
  renew(target, children)
  if (held === null || target.contains(document.activeElement)) return
  const buttons = [...target.querySelectorAll('button')]
  buttons.find(({ textContent }) => textContent === held)?.focus({ preventScroll: true })
}

function renew(target: Element, children: readonly Element[]): void {
  const old = [...target.children]
  children.forEach((child, i) => {
    const was = old[i]
    if (was === undefined) target.append(child)
    else if (was.isEqualNode(child)) return
    else if (areFrames(was, child)) renew(was, [...child.children])
    else was.replaceWith(child)
  })
  for (const left of old.slice(children.length)) left.remove()
}

/** Whether they are the same but for the elements in them. */
function areFrames(was: Element, child: Element): boolean {
  return [was, child].every(isFrame) && was.cloneNode().isEqualNode(child.cloneNode())
}

function isFrame({ childNodes, childElementCount }: Element): boolean {
  return childElementCount > 0 && childNodes.length === childElementCount
}
