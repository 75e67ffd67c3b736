/** A small layered layout: readers stand behind what they read, long edges bend around what is between. */

export interface Box {
  readonly id: number
  readonly inputs: readonly number[]
}

export interface Sizes {
  /** Of a box, along the flow and across it. */
  readonly along: number
  readonly across: number
  readonly gapAlong: number
  readonly gapAcross: number
}

/** Places along the flow and across it: where boxes begin, and the points that an edge goes through. */
export interface Layout {
  readonly boxes: ReadonlyMap<number, { readonly along: number; readonly across: number }>
  readonly edges: readonly Edge[]
  readonly along: number
  readonly across: number
}

export interface Edge {
  readonly from: number
  readonly to: number
  readonly points: readonly (readonly [along: number, across: number])[]
}

/** A box, or a place where a long edge passes a layer. */
interface Cell {
  readonly layer: number
  readonly before: Cell[]
  readonly behind: Cell[]
  readonly isBox: boolean
  across: number
}

const SWEEPS = 8

/** `boxes`: inputs before their readers. */
export function layOut(boxes: readonly Box[], sizes: Sizes): Layout {
  const layerOf = findLayers(boxes)
  const cells = new Map<number, Cell>()
  const layers: Cell[][] = []
  const add = (layer: number, isBox: boolean): Cell => {
    const cell: Cell = { layer, before: [], behind: [], isBox, across: 0 }
    ;(layers[layer] ??= []).push(cell)
    return cell
  }
  const routes: { from: number; to: number; cells: Cell[] }[] = []
  for (const { id, inputs } of boxes) {
    const layer = layerOf.get(id)!
    const cell = add(layer, true)
    cells.set(id, cell)
    for (const from of inputs) {
      const route = [cells.get(from)!]
      for (let at = layerOf.get(from)! + 1; at < layer; at++) route.push(add(at, false))
      route.push(cell)
      route.slice(1).forEach((next, i) => link(route[i]!, next))
      routes.push({ from, to: id, cells: route })
    }
  }
  const filled = layers.filter(layer => layer !== undefined)
  order(filled)
  place(filled, sizes)
  const edges = routes.map(({ from, to, cells: route }) => {
    return { from, to, points: route.flatMap((cell, i) => pointsOf(cell, i, route.length, sizes)) }
  })
  const step = sizes.along + sizes.gapAlong
  return {
    boxes: new Map(
      [...cells].map(([id, { layer, across }]) => [id, { along: layer * step, across }])
    ),
    edges,
    along: filled.length * step - sizes.gapAlong,
    across: Math.max(0, ...filled.flat().map(cell => cell.across + sizeOf(cell, sizes)))
  }
}

/** As far from the sources as the longest way; what others wait for stands right before them. */
function findLayers(boxes: readonly Box[]): Map<number, number> {
  const layers = new Map<number, number>()
  for (const { id, inputs } of boxes) {
    layers.set(id, Math.max(-1, ...inputs.map(input => layers.get(input)!)) + 1)
  }
  for (const { id } of [...boxes].reverse()) {
    const readers = boxes.filter(({ inputs }) => inputs.includes(id))
    if (readers.length > 0) layers.set(id, Math.min(...readers.map(one => layers.get(one.id)!)) - 1)
  }
  return layers
}

function link(from: Cell, to: Cell): void {
  from.behind.push(to)
  to.before.push(from)
}

/** Fewer crossings: each cell goes to the middle of its neighbours, layer by layer, to and fro. */
function order(layers: readonly Cell[][]): void {
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForth = sweep % 2 === 0
    for (const layer of isForth ? layers : [...layers].reverse()) {
      const places = new Map(layers.flatMap(one => one.map((cell, i) => [cell, i] as const)))
      const weight = new Map(
        layer.map((cell, i) => {
          const near = isForth ? cell.before : cell.behind
          return [cell, near.length === 0 ? i : mean(near.map(one => places.get(one)!))] as const
        })
      )
      layer.sort((a, b) => weight.get(a)! - weight.get(b)!)
    }
  }
}

/** Each cell as near to its neighbours as those beside it let it. */
function place(layers: readonly Cell[][], sizes: Sizes): void {
  for (const layer of layers) {
    let across = 0
    for (const cell of layer) {
      cell.across = across
      across += sizeOf(cell, sizes) + sizes.gapAcross
    }
  }
  const middle = (cell: Cell): number => cell.across + sizeOf(cell, sizes) / 2
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) {
      const wanted = layer.map(cell => {
        const near = [...cell.before, ...cell.behind]
        return near.length === 0 ? cell.across : mean(near.map(middle)) - sizeOf(cell, sizes) / 2
      })
      spread(layer, wanted, sizes)
    }
  }
  const least = Math.min(...layers.flat().map(({ across }) => across))
  for (const cell of layers.flat()) cell.across -= least
}

/** The mean of what is pushed down from above and what is pushed up from below: neither side is favoured. */
function spread(layer: readonly Cell[], wanted: readonly number[], sizes: Sizes): void {
  const down: number[] = []
  layer.forEach((_, i) => {
    const least =
      i === 0 ? -Infinity : down[i - 1]! + sizeOf(layer[i - 1]!, sizes) + sizes.gapAcross
    down.push(Math.max(wanted[i]!, least))
  })
  const up: number[] = []
  for (let i = layer.length - 1; i >= 0; i--) {
    const most =
      i === layer.length - 1 ? Infinity : up[i + 1]! - sizeOf(layer[i]!, sizes) - sizes.gapAcross
    up[i] = Math.min(wanted[i]!, most)
  }
  layer.forEach((cell, i) => {
    cell.across = (down[i]! + up[i]!) / 2
  })
}

/** A passing edge takes no more than its line. */
function sizeOf({ isBox }: Cell, { across }: Sizes): number {
  return isBox ? across : 4
}

function pointsOf(cell: Cell, i: number, count: number, sizes: Sizes): [number, number][] {
  const start = cell.layer * (sizes.along + sizes.gapAlong)
  const across = cell.across + sizeOf(cell, sizes) / 2
  if (i === 0) return [[start + sizes.along, across]]
  if (i === count - 1) return [[start, across]]
  return [
    [start, across],
    [start + sizes.along, across]
  ]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
