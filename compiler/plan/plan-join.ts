import { joinKeepsRows } from '../diagnostics/plan.ts'
import {
  type BoundRelation,
  columnsOf,
  type Expr,
  type JoinKind,
  type JoinParts,
  makeColumn,
  makeJoin,
  makeLiteral,
  makeLookup,
  makeProject,
  replaceColumns,
  type StreamNode,
  type TableNode
} from '../ir/index.ts'
import type { Planner } from './plan-script.ts'

/** Plans a relation; `filters` are what is asked of its rows behind it. */
export type PlanRelation = (relation: BoundRelation, filters: readonly Expr[]) => StreamNode | null

type Join = Extract<BoundRelation, { kind: 'Join' }>
type Lookup = Extract<BoundRelation, { kind: 'Lookup' }>

/** Null where nothing comes: nothing feeds a side that no row can do without. */
export function planJoin(
  relation: Join,
  filters: readonly Expr[],
  planner: Planner,
  plan: PlanRelation
): StreamNode | null {
  const { join, schema, span } = relation
  const width = relation.left.schema.columns.length
  const asked = join === 'INNER' ? filters : []
  const left = plan(relation.left, join === 'FULL' ? [] : ofLeft(filters, width))
  const right = plan(relation.right, ofRight(asked, width))
  if (left !== null && right !== null) {
    const { keys, condition } = relation
    return keepBoth([left, right], { join, keys, condition, filters: asked, span }, planner)
  }
  const only = left ?? right
  if (only === null || (left === null && join !== 'FULL')) return null
  if (join === 'INNER' || join === 'SEMI') return null
  if (join === 'ANTI') return left
  // Every row is alone.
  const start = left === null ? width : 0
  const exprs = schema.columns.map((column, i) => {
    const own = only.schema.columns[i - start]
    return own === undefined
      ? makeLiteral(null, column.type, span)
      : makeColumn(i - start, own, span)
  })
  return makeProject(only, exprs, schema, span)
}

/** Events are looked up. Rows that change are kept beside the table's, as both may change what belongs together. */
export function planLookup(
  { left, table, keys, condition, join, span }: Lookup,
  filters: readonly Expr[],
  planner: Planner,
  plan: PlanRelation
): StreamNode | null {
  const width = left.schema.columns.length
  const stream = plan(left, ofLeft(filters, width))
  const rows = planner.table(table)
  if (stream === null || rows?.kind !== 'Table') return null
  const inputs: readonly [StreamNode, TableNode] = [stream, rows]
  if (stream.traits.changes === 'append') return makeLookup(inputs, join, keys, condition, span)
  if (join === 'SINGLE') {
    planner.isAppend(stream, 'a query as a value', span)
    return null
  }
  return keepBoth(inputs, { join, keys, condition, filters: [], span }, planner)
}

function keepBoth(
  inputs: readonly [StreamNode, StreamNode],
  parts: Omit<JoinParts, 'name'>,
  planner: Planner
): StreamNode {
  const node = makeJoin(inputs, { ...parts, name: planner.stateName('join') })
  const { times, join, span } = node
  const kept = [times === null || times.to === Infinity, times === null || times.from === -Infinity]
  // Rows that change are as many as their keys.
  const endless = inputs.filter(({ traits }, i) => kept[i] && traits.changes === 'append')
  if (endless.length > 0) planner.report(joinKeepsRows(wordsOf(join), endless.length, span))
  return node
}

function wordsOf(join: JoinKind): string {
  return join === 'SEMI' || join === 'ANTI' ? 'the query in the condition' : 'the join'
}

/** The conditions on the left side's columns. */
function ofLeft(conditions: readonly Expr[], width: number): Expr[] {
  return conditions.filter(condition => columnsOf([condition]).every(index => index < width))
}

/** Those on the right side's, over its row. */
function ofRight(conditions: readonly Expr[], width: number): Expr[] {
  const own = conditions.filter(condition => {
    const columns = columnsOf([condition])
    return columns.length > 0 && columns.every(index => index >= width)
  })
  return own.map(condition =>
    replaceColumns(condition, (index, column) =>
      column.kind === 'Column' ? makeColumn(index - width, column, column.span) : column
    )
  )
}
