import {
  asOfChangingRows,
  asOfNeedsTime,
  versionsFromStatements,
  versionsNeedTime
} from '../diagnostics/plan-joins.ts'
import {
  type BoundRelation,
  type Expr,
  makeColumn,
  makeJoin,
  makeProject,
  readsWithin,
  replaceColumns,
  type StreamNode,
  timeOf
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { planAlone, type PlannedRelation, type PlanRelation, planSide } from './plan-join.ts'
import type { Planner } from './planner.ts'

type AsOfRelation = Extract<BoundRelation, { kind: 'AsOf' }>

/** A stream with the column that says when its rows are. */
interface Timed {
  readonly node: StreamNode
  readonly column: number
}

/**
 * Left rows wait until the right side is past their time, so that what they meet does not depend on which side was read first.
 * What is asked of the right row is asked behind the join: before it, an earlier one would take its place.
 */
export function planAsOf(
  relation: AsOfRelation,
  conditions: readonly Expr[],
  planner: Planner,
  plan: PlanRelation
): PlannedRelation | null {
  const { join, left, keys, condition, strict, schema, span } = relation
  const width = left.schema.columns.length
  const onLeft = conditions.filter(one => readsWithin(one, 0, width))
  const stream = planSide(left, onLeft, plan)
  const rows = planRight(relation, planner, plan)
  if (stream === null || rows === 'refused') return null
  const rest = [...conditions.filter(one => !onLeft.includes(one)), ...stream.rest]
  if (rows === null) {
    const node = planAlone(relation, stream.node, null)
    return node === null ? null : { node, rest }
  }
  const what = relation.validFrom === null ? 'FOR SYSTEM_TIME AS OF' : 'ASOF JOIN'
  if (!planner.isAppend(stream.node, what, span)) return null
  const timed = withTime(stream.node, relation.time, what, planner)
  if (timed === null) return null
  const moved = timed.node.schema.columns.length
  const place = (index: number): number => (index < width ? index : index - width + moved)
  const move = (expr: Expr): Expr =>
    replaceColumns(expr, (index, column) =>
      column.kind === 'Column' ? makeColumn(place(index), column, column.span) : column
    )
  const node = makeJoin([timed.node, rows.node], {
    join,
    keys,
    condition: condition === null ? null : move(condition),
    filters: [],
    asOf: {
      rows: relation.validFrom === null ? 'table' : 'events',
      left: timed.column,
      right: rows.column,
      strict
    },
    ttl: null,
    name: planner.stateName('join'),
    span
  })
  if (node.schema.columns.length === schema.columns.length) return { node, rest }
  const columns = schema.columns.map((column, i) => makeColumn(place(i), column, span))
  return { node: makeProject(node, columns, schema, span), rest }
}

/** Null: nothing feeds it. */
function planRight(
  { right, validFrom, span }: AsOfRelation,
  planner: Planner,
  plan: PlanRelation
): Timed | 'refused' | null {
  if (validFrom === null) return planVersions(right, planner)
  const rows = plan(right, [])
  if (rows === null) return null
  if (rows.node.traits.changes === 'append') {
    return withTime(rows.node, validFrom, 'ASOF JOIN', planner) ?? 'refused'
  }
  planner.report(asOfChangingRows(span))
  return 'refused'
}

/** The versions of a table's rows are what is inserted into it, or the records of its topic. */
function planVersions(right: BoundRelation, planner: Planner): Timed | 'refused' | null {
  if (right.kind !== 'TableScan') return null
  const { table, span } = right
  const { changes } = planner.script
  const node = planner.table(table)?.inputs[0]
  if (node === undefined) return null
  if (changes.some(change => change.table === table)) {
    planner.report(versionsFromStatements(table, span))
    return 'refused'
  }
  const isAppend = node.traits.changes === 'append'
  const times = node.traits.times.filter(({ clock, unit }) => clock === 'event' && unit === 'ms')
  if (isAppend && times.length === 1) return { node, column: times[0]!.column }
  const names = times.map(({ column }) => node.schema.columns[column]!.name)
  planner.report(versionsNeedTime(table, isAppend ? names : [], span))
  return 'refused'
}

/** An expression that is no column becomes one behind the others. Null after a diagnostic. */
function withTime(node: StreamNode, expr: Expr, what: string, planner: Planner): Timed | null {
  const time = timeOf(expr, node.traits.times)
  if (time?.clock !== 'event' || time.unit !== 'ms') {
    planner.report(asOfNeedsTime(what, expr.span))
    return null
  }
  if (expr.kind === 'Column') return { node, column: expr.index }
  return { node: addColumn(node, expr, expr.span), column: node.schema.columns.length }
}

function addColumn(node: StreamNode, expr: Expr, span: Span): StreamNode {
  const { columns } = node.schema
  const own = columns.map((column, i) => makeColumn(i, column, span))
  const added = { name: 'as of', type: expr.type, nullable: expr.nullable }
  return makeProject(node, [...own, expr], { columns: [...columns, added] }, span)
}
