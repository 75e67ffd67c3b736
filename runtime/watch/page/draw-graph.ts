import { showCount, showPercent, showRate } from '../show-figures.ts'
import { element, setText, shape } from './dom.ts'
import { layOut, type Layout, type Sizes } from './lay-out.ts'
import { visible } from './visible.ts'
import { type Description, operatorOf, operatorRate, type Watched, workAt } from './watched.ts'

type Node = Description['nodes'][number]

const WIDTH = 158
const HEIGHT = 58
/** Characters of a title that fit into a box. */
const TITLE = 22
const across: Sizes = { along: WIDTH, across: HEIGHT, gapAlong: 66, gapAcross: 22 }
/** On a phone the flow goes down. */
const down: Sizes = { along: HEIGHT, across: WIDTH, gapAlong: 46, gapAcross: 14 }
const MARGIN = 8
/** A drawing that is wider than the page is made smaller, as long as it can still be read. */
const SMALLEST = 0.72
/** Operators that take more of a core say so in their boxes. */
const MUCH = 0.01

export interface Graph {
  update(watched: Watched, chosen: number | null): void
}

/** Draws the dataflow into `target`; what moves is put in by `update`. */
export function drawGraph(
  target: HTMLElement,
  { nodes }: Description,
  isDown: boolean,
  choose: (id: number) => void
): Graph {
  const layout = layOut(nodes, isDown ? down : across)
  const point = ([along, side]: readonly [number, number]): readonly [number, number] =>
    isDown ? [side, along] : [along, side]
  const edges = layout.edges.map(({ from, points }) => drawEdge(from, points.map(point), isDown))
  const boxes = nodes.map(node => drawBox(node, layout, point, choose))
  const [width, height] = point([layout.along, layout.across])
  const box = `${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`
  const size = { width: width + 2 * MARGIN, height: height + 2 * MARGIN }
  const drawing = shape(
    'svg',
    { viewBox: box, ...size, role: 'group', 'aria-label': 'Operators and the rows between them' },
    ...edges.map(({ line }) => line),
    ...edges.map(({ label }) => label),
    ...boxes.map(({ group }) => group)
  )
  drawing.style.minWidth = `${Math.round(size.width * SMALLEST)}px`
  target.replaceChildren(drawing)
  return {
    update(watched, chosen) {
      for (const { from, line, label } of edges)
        updateEdge(operatorRate(watched, from), line, label)
      for (const drawn of boxes) updateBox(drawn, watched, chosen)
    }
  }
}

interface DrawnBox {
  readonly node: Node
  readonly group: SVGGElement
  readonly figure: SVGTextElement
}

function drawBox(
  node: Node,
  layout: Layout,
  point: (place: readonly [number, number]) => readonly [number, number],
  choose: (id: number) => void
): DrawnBox {
  const { along, across: side } = layout.boxes.get(node.id)!
  const [x, y] = point([along, side])
  const figure = shape('text', { x: x + 10, y: y + 50, class: 'rate' })
  const group = shape(
    'g',
    { tabindex: 0, role: 'button', 'data-node': node.id },
    shape('rect', { x, y, width: WIDTH, height: HEIGHT, rx: node.kind === 'Sink' ? 20 : 7 }),
    // Spaces, which are not drawn: who reads the texts one after the other has words.
    shape('text', { x: x + 10, y: y + 18, class: 'kind' }, node.kind),
    ' ',
    shape('text', { x: x + 10, y: y + 34 }, shorten(node.title)),
    ' ',
    figure,
    shape('title', {}, `${node.kind} ${node.title}`)
  )
  group.addEventListener('click', () => choose(node.id))
  group.addEventListener('keydown', event => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    choose(node.id)
  })
  return { node, group, figure }
}

function shorten(title: string): string {
  const text = visible(title)
  return text.length > TITLE ? `${text.slice(0, TITLE - 1)}…` : text
}

function drawEdge(from: number, points: readonly (readonly [number, number])[], isDown: boolean) {
  const line = shape('path', { d: curve(points, isDown), class: 'edge' })
  const [x, y] = points.at(-1)!
  // Where it arrives: edges that part at one place stand apart there.
  const place = isDown ? { x: x + 6, y: y - 8 } : { x: x - 5, y: y - 7, 'text-anchor': 'end' }
  const label = shape('text', { ...place, class: 'edge-rate' })
  return { from, line, label }
}

/** Leaves and enters boxes in the direction of the flow. */
function curve(points: readonly (readonly [number, number])[], isDown: boolean): string {
  const [first, ...rest] = points
  let [x, y] = first!
  let path = `M${x} ${y}`
  for (const [nextX, nextY] of rest) {
    const [middleX, middleY] = [(x + nextX) / 2, (y + nextY) / 2]
    path += isDown
      ? `C${x} ${middleY} ${nextX} ${middleY} ${nextX} ${nextY}`
      : `C${middleX} ${y} ${middleX} ${nextY} ${nextX} ${nextY}`
    ;[x, y] = [nextX, nextY]
  }
  return path
}

/** The more rows, the wider: ten times as many, a pixel. */
function updateEdge(rate: number | null, line: SVGPathElement, label: SVGTextElement): void {
  const isFlowing = rate !== null && rate > 0
  line.setAttribute('class', isFlowing ? 'edge flows' : 'edge')
  line.setAttribute('stroke-width', String(isFlowing ? 1 + Math.log10(1 + rate) : 1.5))
  setText(label, rate === null ? '' : `${showRate(rate)}/s`)
}

function updateBox(
  { node, group, figure }: DrawnBox,
  watched: Watched,
  chosen: number | null
): void {
  const { level, note } = judge(node, watched)
  const rate = operatorRate(watched, node.id)
  const size = watched.now.states.find(({ name }) => isState(node, name))
  const rows = size === undefined ? '' : `${showCount(size.rows)} rows kept`
  const figures = [note, rows, rate === null || rows !== '' ? '' : `${showRate(rate)} rows/s`]
  const share = workAt(watched, node)?.share ?? 0
  // A problem has all of the line.
  const cost = note !== '' || share < MUCH ? '' : showPercent(share)
  const first = figures.find(one => one !== '') ?? ''
  const text = [first, cost].filter(one => one !== '').join(' · ')
  setText(figure, text)
  const kinds = [
    'node',
    level,
    node.id === chosen ? 'chosen' : '',
    node.kind === 'Source' || node.kind === 'Sink' ? 'end' : '',
    size === undefined ? '' : 'state'
  ]
  group.setAttribute('class', kinds.filter(kind => kind !== '').join(' '))
  group.setAttribute('aria-pressed', String(node.id === chosen))
  // What is seen comes first, as it is seen: who speaks to a computer says that.
  const seen = [node.kind, shorten(node.title), text].filter(one => one !== '')
  const more = [...(node.title === shorten(node.title) ? [] : [node.title]), ...figures].filter(
    one => one !== '' && one !== first
  )
  group.setAttribute('aria-label', visible([seen.join(' '), ...more].join(', ')))
}

/** Whether a state is the operator's. */
export function isState({ kind, title, details }: Node, name: string): boolean {
  if (kind === 'Table') return title === name
  return details.some(detail => detail.startsWith(`state ${name}:`))
}

/** What is wrong with an operator, in a few words. */
function judge(
  { id, kind, title }: Node,
  { now, what }: Watched
): { readonly level: '' | 'bad' | 'warn'; readonly note: string } {
  if (kind === 'Source' || kind === 'Sink') {
    const objects = kind === 'Source' ? now.sources : now.sinks
    const object = objects.find(({ name }) => name === title)
    if (object?.status === 'disconnected') return { level: 'bad', note: 'disconnected' }
    const lag = now.sources.find(({ name }) => kind === 'Source' && name === title)?.lag ?? 0
    if (lag > 0) return { level: lag > 10_000 ? 'warn' : '', note: `lag ${showCount(lag)}` }
  }
  const recent = now.errors.filter(error => now.now - error.time < 60_000)
  const own = recent.filter(error => operatorOf(error, what) === id)
  if (own.length === 0) return { level: '', note: '' }
  return { level: 'bad', note: own[0]!.code }
}

/** For the panel beside the graph. */
export function emptyPanel(): HTMLElement {
  return element('p', { class: 'quiet' }, 'Choose an operator to see what it does.')
}
