import { joinNeedsEquality } from '../diagnostics/bind-joins.ts'
import { joinKeepsRows } from '../diagnostics/plan.ts'
import { exprCanFail } from '../functions/index.ts'
import {
  callsModel,
  columnsOf,
  type BoundRelation,
  type BoundTable,
  type Expr,
  type JoinKind,
  type JoinParts,
  keyColumn,
  makeAnd,
  makeColumn,
  makeFilter,
  makeJoin,
  makeLiteral,
  makeLookup,
  makeProject,
  readsWithin,
  shiftColumns,
  type StreamNode,
  type TableNode
} from '../ir/index.ts'
import type { Planner } from './planner.ts'

/** The rows of a relation, and those of the conditions on them that are still to be asked. */
export interface PlannedRelation {
  readonly node: StreamNode
  readonly rest: readonly Expr[]
}

/** Plans a relation whose rows `conditions` are asked of. Null where nothing comes. */
export type PlanRelation = (
  relation: BoundRelation,
  conditions: readonly Expr[]
) => PlannedRelation | null

type Join = Extract<BoundRelation, { kind: 'Join' }>
type Lookup = Extract<BoundRelation, { kind: 'Lookup' }>

/** Conditions on one side are asked before rows are kept. Null where nothing feeds a side that no row can do without. */
export function planJoin(
  relation: Join,
  conditions: readonly Expr[],
  planner: Planner,
  plan: PlanRelation
): PlannedRelation | null {
  const { join, keys, condition, span } = relation
  const width = relation.left.schema.columns.length
  const onLeft = join === 'FULL' ? [] : conditions.filter(one => readsWithin(one, 0, width))
  const onRight =
    join === 'INNER' ? conditions.filter(one => readsWithin(one, width, Infinity)) : []
  const left = planSide(relation.left, onLeft, plan)
  const right = planSide(
    relation.right,
    onRight.map(one => shiftColumns(one, -width)),
    plan
  )
  const others = conditions.filter(one => !onLeft.includes(one) && !onRight.includes(one))
  const rest = [
    ...others,
    ...(left?.rest ?? []),
    ...(right?.rest ?? []).map(one => shiftColumns(one, width))
  ]
  if (left !== null && right !== null) {
    const filters = join === 'INNER' ? others : []
    const parts = { join, keys, condition, filters, asOf: null, span }
    return { node: keepBoth([left.node, right.node], parts, planner), rest }
  }
  const node = planAlone(relation, left?.node ?? null, right?.node ?? null)
  return node === null ? null : { node, rest }
}

/** What can't fail of the conditions on a side leaves fewer rows to be kept. */
export function planSide(
  relation: BoundRelation,
  conditions: readonly Expr[],
  plan: PlanRelation
): PlannedRelation | null {
  const planned = plan(relation, conditions)
  if (planned === null) return null
  const safe = planned.rest.filter(one => !exprCanFail(one) && !callsModel(one))
  if (safe.length === 0) return planned
  const { span } = safe[0]!
  const node = makeFilter(planned.node, makeAnd(safe, span), span)
  return { node, rest: planned.rest.filter(one => !safe.includes(one)) }
}

/** Every row of the side that there is is alone. */
export function planAlone(
  { join, schema, left: { schema: ofLeft }, span }: Pick<Join, 'join' | 'schema' | 'left' | 'span'>,
  left: StreamNode | null,
  right: StreamNode | null
): StreamNode | null {
  const only = left ?? right
  if (only === null || (left === null && join !== 'FULL')) return null
  if (join === 'INNER' || join === 'SEMI') return null
  if (join === 'ANTI') return left
  const start = left === null ? ofLeft.columns.length : 0
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
  conditions: readonly Expr[],
  planner: Planner,
  plan: PlanRelation
): PlannedRelation | null {
  const width = left.schema.columns.length
  const onLeft = conditions.filter(one => readsWithin(one, 0, width))
  const stream = plan(left, onLeft)
  const rows = planner.table(table)
  if (stream === null || rows?.kind !== 'Table') return null
  const rest = [...conditions.filter(one => !onLeft.includes(one)), ...stream.rest]
  const inputs: readonly [StreamNode, TableNode] = [stream.node, rows]
  if (stream.node.traits.changes === 'append') {
    return { node: makeLookup(inputs, join, keys, condition, span), rest }
  }
  // Several rows would be a failure that comes and goes: only where there is one at most a value can change.
  if (join === 'SINGLE' && !namesOneRow(keys, rows.table)) {
    planner.isAppend(stream.node, 'a query as a value', span)
    return null
  }
  const parts = {
    join: join === 'SINGLE' ? ('LEFT' as const) : join,
    keys,
    condition,
    filters: [],
    asOf: null,
    span
  }
  return { node: keepBoth(inputs, parts, planner), rest }
}

function namesOneRow(keys: Lookup['keys'], { key }: BoundTable): boolean {
  const columns = keys.map(({ right }) => keyColumn(right))
  return key !== null && key.every(index => columns.includes(index))
}

function keepBoth(
  inputs: readonly [StreamNode, StreamNode],
  parts: Omit<JoinParts, 'name' | 'ttl'>,
  planner: Planner
): StreamNode {
  const { stateTtl: ttl, state } = planner.script.settings
  const node = makeJoin(inputs, { ...parts, ttl, name: planner.stateName('join') })
  const { times, join, span } = node
  const kept = [times === null || times.to === Infinity, times === null || times.from === -Infinity]
  // Rows that change are as many as their keys.
  const endless = inputs.filter(({ traits }, i) => kept[i] && traits.changes === 'append')
  if (endless.length === 0 || ttl !== null) return node
  const isCross = node.keys.every(({ left, right }) => columnsOf([left, right]).length === 0)
  // Beside one row, as an aggregate of all rows is, each row of the stream stands once.
  if (isCross && !inputs.some(({ traits }) => traits.key?.length === 0))
    planner.report(joinNeedsEquality(span))
  else {
    const where = state === 'memory' ? 'in memory' : 'on the disk'
    planner.report(joinKeepsRows(wordsOf(join), endless.length, where, span))
  }
  return node
}

function wordsOf(join: JoinKind): string {
  return join === 'SEMI' || join === 'ANTI' ? 'the query in the condition' : 'the join'
}
