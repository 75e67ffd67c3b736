import type {
  AggregateCall,
  Expr,
  NodeOf,
  StreamGraph,
  StreamKind,
  StreamNode
} from '../../compiler/ir/index.ts'

/** Which columns of each node's rows a sink's records depend on. The others are not computed, and can't fail. */
export type LiveColumns = ReadonlyMap<StreamNode, ReadonlySet<number>>

export function findLiveColumns(graph: StreamGraph): LiveColumns {
  const live = new Map<StreamNode, Set<number>>()
  const need = (node: StreamNode, columns: Iterable<number>): void => {
    const known = live.get(node)
    const all = new Set([...(known ?? []), ...columns])
    if (known !== undefined && all.size === known.size) return
    live.set(node, all)
    node.inputs.forEach((input, i) => need(input, neededOfInput(node, i, all)))
  }
  for (const root of [...graph.sinks, ...graph.tables]) need(root, root.schema.columns.keys())
  return live
}

function neededOfInput(
  node: StreamNode,
  input: number,
  live: ReadonlySet<number>
): Iterable<number> {
  const needed = needs[node.kind] as Needs<StreamKind>
  return needed(node as never, live, input)
}

type Needs<K extends StreamKind> = (
  node: NodeOf<K>,
  live: ReadonlySet<number>,
  input: number
) => Iterable<number>

const needs: { readonly [K in StreamKind]: Needs<K> } = {
  Source: (_, live) => live,
  Sink: (_, live) => live,
  Union: (_, live) => live,
  Table: node => node.schema.columns.keys(),
  Lookup: (node, live, input) => neededOfLookup(node, input, live),
  Join: (node, live, input) => neededOfSide(node, input === 0 ? 'left' : 'right', live),
  Unnest({ unnest: { array }, inputs }, live) {
    return [...ofInput(inputs[0]!, live), ...columnsOf(array)]
  },
  Watermark: (node, live) => [...live, node.watermark.column],
  // An aggregate that nobody reads is not computed, but what it counts is.
  Aggregate({ keys, aggregates }, live) {
    const read = aggregates.filter((_, i) => live.has(keys.length + i))
    return [...keys, ...read.flatMap(argumentsOf)].flatMap(columnsOf)
  },
  TopN({ top: { partition, order }, inputs }, live) {
    return [...ofInput(inputs[0]!, live), ...partition, ...order.map(({ column }) => column)]
  },
  Over({ over: { partition, time, order, calls }, inputs }, live) {
    const args = calls.flatMap(({ call }) => argumentsOf(call)).flatMap(columnsOf)
    const decisive = [...partition, time.column, ...order.map(({ column }) => column)]
    return [...ofInput(inputs[0]!, live), ...decisive, ...args]
  },
  Filter: (node, live) => [...live, ...columnsOf(node.predicate)],
  Project: (node, live) => [...live].flatMap(index => columnsOf(node.exprs[index]!)),
  Predict({ calls, inputs }, live) {
    const width = inputs[0]!.schema.columns.length
    const asked = calls.filter((_, i) => live.has(width + i))
    const read = asked.flatMap(({ args, when }) => [...args, ...(when === null ? [] : [when])])
    return [...ofInput(inputs[0]!, live), ...read.flatMap(columnsOf)]
  }
}

/** Those of the columns that an operator passes on. */
function ofInput(input: StreamNode, live: ReadonlySet<number>): number[] {
  return [...live].filter(index => index < input.schema.columns.length)
}

function argumentsOf({ args, orderBy, filter }: AggregateCall): readonly Expr[] {
  const sorts = orderBy.map(({ expr }) => expr)
  return [...args, ...sorts, ...(filter === null ? [] : [filter])]
}

function neededOfLookup(
  { inputs, keys, condition }: NodeOf<'Lookup'>,
  input: number,
  live: ReadonlySet<number>
): Iterable<number> {
  const [stream, table] = inputs
  if (input === 1) return table.schema.columns.keys()
  const own = [...keys.map(key => key.left), ...(condition === null ? [] : [condition])]
  const width = stream.schema.columns.length
  return [...live, ...own.flatMap(columnsOf)].filter(index => index < width)
}

function neededOfSide(
  { keys, condition, times, join, inputs }: NodeOf<'Join'>,
  side: 'left' | 'right',
  live: ReadonlySet<number>
): number[] {
  const width = inputs[0].schema.columns.length
  const isWhole = join !== 'SEMI' && join !== 'ANTI'
  const own = [...keys.flatMap(key => columnsOf(key[side]))]
  if (times !== null) own.push(times[side].column)
  const asked = condition === null ? [] : columnsOf(condition)
  const both = side === 'left' || isWhole ? [...live, ...asked] : asked
  const ofSide = both.filter(index => index < width === (side === 'left'))
  return [...own, ...ofSide.map(index => (side === 'left' ? index : index - width))]
}

/** The columns that an expression reads. */
export function columnsOf(expr: Expr): number[] {
  switch (expr.kind) {
    case 'Literal':
      return []
    case 'Column':
      return [expr.index]
    case 'Call':
    case 'And':
    case 'Or':
    case 'Coalesce':
    case 'Predict':
      return expr.args.flatMap(columnsOf)
    case 'Not':
    case 'IsNull':
    case 'Cast':
      return columnsOf(expr.arg)
    case 'NotDistinct':
      return [expr.left, expr.right].flatMap(columnsOf)
    case 'Case':
      return [...expr.branches.flatMap(({ when, then }) => [when, then]), expr.otherwise].flatMap(
        columnsOf
      )
    case 'In':
      return [expr.arg, ...expr.items].flatMap(columnsOf)
  }
}
