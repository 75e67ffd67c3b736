import type { Expr, NodeOf, StreamGraph, StreamNode } from '../../compiler/ir/index.ts'

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
  switch (node.kind) {
    case 'Table':
      return node.schema.columns.keys()
    case 'Lookup':
      return neededOfLookup(node, input, live)
    case 'Join':
      return neededOfSide(node, input === 0 ? 'left' : 'right', live)
    case 'Unnest': {
      const { array, columns } = node.unnest
      const width = node.schema.columns.length - columns.length
      return [...[...live].filter(index => index < width), ...columnsOf(array)]
    }
    case 'Source':
    case 'Sink':
    case 'Union':
      return live
    case 'Watermark':
      return [...live, node.watermark.column]
    // An aggregate that nobody reads is not computed, but what it counts is.
    case 'Aggregate':
      return [
        ...node.keys,
        ...node.aggregates
          .filter((_, i) => live.has(node.keys.length + i))
          .flatMap(({ args, orderBy, filter }) => [
            ...args,
            ...orderBy.map(({ expr }) => expr),
            ...(filter === null ? [] : [filter])
          ])
      ].flatMap(columnsOf)
    case 'TopN': {
      const { partition, order } = node.top
      const width = node.inputs[0]!.schema.columns.length
      const read = [...live].filter(index => index < width)
      return [...read, ...partition, ...order.map(({ column }) => column)]
    }
    case 'Filter':
      return [...live, ...columnsOf(node.predicate)]
    case 'Project':
      return [...live].flatMap(index => columnsOf(node.exprs[index]!))
    case 'Predict': {
      const width = node.schema.columns.length - node.calls.length
      return [...live].flatMap(index => {
        if (index < width) return [index]
        const { args, when } = node.calls[index - width]!
        return [...args, ...(when === null ? [] : [when])].flatMap(columnsOf)
      })
    }
  }
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
