import { mergesInAnyOrder } from '../../functions/index.ts'
import {
  argumentsOfAggregate,
  columnsOf,
  type Expr,
  type ExprOf,
  lengthOf,
  makeAggregate,
  makeColumn,
  makeFilter,
  makeProject,
  mapAggregate,
  type NodeOf,
  replaceColumns,
  type StreamNode,
  windowLengths
} from '../../ir/index.ts'
import { canFail } from '../can-fail.ts'
import { costOf } from '../cost.ts'
import type { Rule, RuleContext } from '../rule.ts'

/** As in the runtime: a time in more windows than that fails. */
const MOST_WINDOWS = 10_000

/**
 * A GROUP BY of windows that overlap counts each row once, in slices, where its aggregates can be put together of those. What is
 * computed of a row goes below, so it may not depend on the window, nor fail: that would be once per window. A row that WHERE leaves
 * out is not asked for its windows, so one at the end of all times is no error there.
 */
export const sliceWindows: Rule = {
  name: 'slice-windows',
  apply(node, { settings }) {
    if (node.kind !== 'Aggregate' || !isSliceable(node)) return node
    const below = makeBelow(node.inputs[0]!)
    return below === null ? node : (slice(node, below, settings) ?? node)
  }
}

function isSliceable({
  emission,
  window,
  session,
  slices,
  standing,
  aggregates,
  inputs
}: NodeOf<'Aggregate'>): boolean {
  const isOfWindows = emission === 'close' && session === null && slices === null
  const isClosed = window?.clock === 'event' && window.unit === 'ms' && standing === null
  const isAppend = inputs[0]!.traits.changes === 'append'
  return isOfWindows && isClosed && isAppend && aggregates.every(mergesInAnyOrder)
}

/** What is read of a row, over the row that an Unnest makes for each window. */
interface Below {
  readonly unnest: NodeOf<'Unnest'>
  readonly columns: readonly Expr[]
  readonly filters: readonly NodeOf<'Filter'>[]
}

function makeBelow(node: StreamNode): Below | null {
  switch (node.kind) {
    case 'Unnest':
      return ofUnnest(node)
    case 'Filter': {
      const below = makeBelow(node.inputs[0]!)
      if (below === null) return null
      const predicate = replaceColumns(node.predicate, index => below.columns[index]!)
      if (canFail(predicate) || readsWindow(predicate, below)) return null
      return { ...below, filters: [...below.filters, { ...node, predicate }] }
    }
    case 'Project': {
      const below = makeBelow(node.inputs[0]!)
      if (below === null) return null
      const columns = node.exprs.map(expr => replaceColumns(expr, index => below.columns[index]!))
      return { ...below, columns }
    }
    default:
      return null
  }
}

function ofUnnest(node: NodeOf<'Unnest'>): Below | null {
  const { unnest, schema, span } = node
  const lengths = windowLengths(unnest.array)
  if (lengths === null || unnest.columns.length > 1 || unnest.join !== 'INNER') return null
  const { size, step } = lengths
  if (size <= step || size / step > MOST_WINDOWS) return null
  const columns = schema.columns.map((column, index) => makeColumn(index, column, span))
  return { unnest: node, columns, filters: [] }
}

/** The column of the window's end. */
function endOf({ unnest }: Pick<Below, 'unnest'>): number {
  return unnest.schema.columns.length - 1
}

function readsWindow(expr: Expr, below: Below): boolean {
  return columnsOf([expr]).includes(endOf(below))
}

/** How many ms behind the window's end it is; null: it is something else. */
function shiftOf(expr: Expr, end: number): number | null {
  if (expr.kind === 'Column') return expr.index === end ? 0 : null
  if (expr.kind !== 'Call' || (expr.function !== 'add' && expr.function !== 'subtract')) return null
  const [value, length] = [shiftOf(expr.args[0]!, end), lengthOf(expr.args[1]!)]
  if (value === null || length === null) return null
  return expr.function === 'add' ? value + length : value - length
}

function slice(
  node: NodeOf<'Aggregate'>,
  below: Below,
  { parallelism }: RuleContext['settings']
): StreamNode | null {
  const end = endOf(below)
  const moved = (expr: Expr): Expr => replaceColumns(expr, index => below.columns[index]!)
  const ends = node.keys.flatMap((expr, key) => {
    const shift = shiftOf(moved(expr), end)
    return shift === null ? [] : [{ key, shift }]
  })
  const isEnd = (key: number): boolean => ends.some(one => one.key === key)
  const read = [
    ...node.keys.filter((_, key) => !isEnd(key)),
    ...node.aggregates.flatMap(argumentsOfAggregate)
  ]
  const window = ends.find(({ key }) => key === node.window!.key)
  if (window === undefined || read.some(expr => readsWindow(moved(expr), below))) return null
  // Who sends a row to another task computes this once, whatever the row is late for.
  if (parallelism > 1 && read.some(expr => canFail(moved(expr)))) return null
  const { unnest } = below
  const lag = node.window!.lag + window.shift
  const { input, over } = computeOnce(read, below, makeRows(below))
  const time = makeColumn(end, unnest.schema.columns[end]!, unnest.span)
  return makeAggregate(input, {
    ...node,
    keys: node.keys.map((key, i) => nameAs(key, isEnd(i) ? time : over(key))),
    aggregates: node.aggregates.map(call => mapAggregate(call, over)),
    slices: { array: withTime(unnest.unnest.array as ExprOf<'Call'>, time), ends, lag, first: null }
  })
}

function withTime(array: ExprOf<'Call'>, time: Expr): ExprOf<'Call'> {
  return Object.freeze({ ...array, args: array.args.map((arg, i) => (i === 2 ? time : arg)) })
}

/** A row for all of its windows, with its time where the Unnest has their ends. */
function makeRows({ unnest: node, filters }: Below): StreamNode {
  const { schema, span } = node
  const time = (node.unnest.array as ExprOf<'Call'>).args[2]!
  const passed = schema.columns.slice(0, -1).map((column, i) => makeColumn(i, column, span))
  return filters.reduce<StreamNode>(
    (input, filter) => makeFilter(input, filter.predicate, filter.span),
    makeProject(node.inputs[0]!, [...passed, time], schema, span)
  )
}

/** What a projection computed for several that read it is computed once still, unless it can fail: that is where it is read. */
function computeOnce(
  read: readonly Expr[],
  { columns, unnest }: Below,
  rows: StreamNode
): { readonly input: StreamNode; over(expr: Expr): Expr } {
  const added = columnsOf(read).filter(
    index => costOf(columns[index]!) > 0 && !canFail(columns[index]!)
  )
  const width = rows.schema.columns.length
  const computed = added.map((index, i) => {
    const { type, nullable } = columns[index]!
    return { name: `computed_${i + 1}`, type, nullable }
  })
  const over = (expr: Expr): Expr =>
    replaceColumns(expr, index => {
      const place = added.indexOf(index)
      return place < 0
        ? columns[index]!
        : makeColumn(width + place, computed[place]!, columns[index]!.span)
    })
  if (added.length === 0) return { input: rows, over }
  const schema = { columns: [...rows.schema.columns, ...computed] }
  const passed = rows.schema.columns.map((column, i) => makeColumn(i, column, unnest.span))
  const exprs = [...passed, ...added.map(index => columns[index]!)]
  return { input: makeProject(rows, exprs, schema, unnest.span), over }
}

/** A key that is a column is called as it was. */
function nameAs(before: Expr, after: Expr): Expr {
  if (before.kind !== 'Column' || after.kind !== 'Column') return after
  return makeColumn(after.index, { ...after, name: before.name }, before.span)
}
