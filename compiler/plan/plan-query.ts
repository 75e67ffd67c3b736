import {
  type AggregateCall,
  argumentsOfAggregate,
  type BoundQuery,
  type BoundRelation,
  type BoundSelect,
  type BoundUnionAll,
  type Expr,
  type Grouping,
  makeAnd,
  makeColumn,
  makeFilter,
  makeInterner,
  makeProject,
  makeUnion,
  makeUnnest,
  mapAggregate,
  someExpr,
  splitConjuncts,
  type StreamNode
} from '../ir/index.ts'
import { planJoin, planLookup, type PlanRelation } from './plan-join.ts'
import { planAggregate } from './plan-aggregate.ts'
import type { Planner } from './plan-script.ts'
import { type Answered, planPredicts } from './plan-predict.ts'

/** Null: it reads a table that nothing feeds, so it yields nothing. */
export function planQuery(query: BoundQuery, planner: Planner): StreamNode | null {
  if (!planner.mayPlan(query)) return null
  switch (query.kind) {
    case 'Select':
      return planSelect(query, planner)
    case 'UnionAll':
      return planUnion(query, planner)
    case 'Values':
      planner.refuse('a continuous query over rows that are written out', query.span)
      return null
  }
}

function planUnion({ inputs, schema, span }: BoundUnionAll, planner: Planner): StreamNode | null {
  const nodes: StreamNode[] = []
  for (const input of inputs) {
    const node = planQuery(input, planner)
    if (node !== null) nodes.push(node)
  }
  return nodes.length < 2 ? (nodes[0] ?? null) : makeUnion(nodes, schema, span)
}

/** `filters`: what is asked of the rows behind it. */
function planRelation(
  relation: BoundRelation,
  planner: Planner,
  filters: readonly Expr[] = []
): StreamNode | null {
  const plan: PlanRelation = (input, asked) => planRelation(input, planner, asked)
  switch (relation.kind) {
    case 'SourceScan':
      return planner.source(relation.source)
    case 'TableScan':
      return planner.table(relation.table)
    case 'SystemScan':
      planner.refuse('reading a system table', relation.span)
      return null
    case 'Derived':
      return planQuery(relation.query, planner)
    case 'Filtered':
      return planFiltered(relation, planner)
    case 'Unnest':
      return planUnnest(relation, planner)
    case 'Lookup':
      return planLookup(relation, filters, planner, plan)
    case 'Join':
      return planJoin(relation, filters, planner, plan)
  }
}

/** The models that its conditions ask stay inside of it. */
function planFiltered(
  { input: from, where, schema, span }: Extract<BoundRelation, { kind: 'Filtered' }>,
  planner: Planner
): StreamNode | null {
  const input = planRelation(from, planner, splitConjuncts(where))
  if (input === null) return null
  if (callsModel(where) && !planner.isAppend(input, 'predict', span)) return null
  const { node } = planWhere(input, where, planner, makeInterner())
  if (node.schema.columns.length === schema.columns.length) return node
  const columns = schema.columns.map((column, index) => makeColumn(index, column, span))
  return makeProject(node, columns, schema, span)
}

function planUnnest(
  { input, unnest, span }: Extract<BoundRelation, { kind: 'Unnest' }>,
  planner: Planner
): StreamNode | null {
  const rows = planRelation(input, planner)
  if (rows === null || !planner.isAppend(rows, 'UNNEST', span)) return null
  return makeUnnest(rows, unnest, span)
}

/**
 * Filter what needs no model; condition by condition, run the models that it asks for and filter by their answers; run the
 * models that only the select list asks for, project. So no model ever sees a row that another condition rejects before it.
 */
function planSelect(select: BoundSelect, planner: Planner): StreamNode | null {
  const filters = select.where === null ? [] : splitConjuncts(select.where)
  const input = planRelation(select.from, planner, filters)
  if (input === null) return null
  const intern = makeInterner()
  const kept = planWhere(input, select.where, planner, intern)
  if (select.grouping !== null) return planGroups(select, select.grouping, kept, planner, intern)
  const items = select.items.map(item => item.expr)
  const exprs = select.where === null ? items : [select.where, ...items]
  if (exprs.some(callsModel) && !planner.isAppend(input, 'predict', select.span)) return null
  const projected = planPredicts(items, kept, planner.script, intern)
  return makeProject(projected.state.node, projected.exprs, select.schema, select.span)
}

/** The groups of the rows that WHERE leaves; the models that keys and arguments ask run before, those of the select list behind. */
function planGroups(
  select: BoundSelect,
  { keys, aggregates, having, session }: Grouping,
  kept: Answered,
  planner: Planner,
  intern: ReturnType<typeof makeInterner>
): StreamNode | null {
  const { items, schema, span } = select
  const read = [...keys, ...aggregates.flatMap(argumentsOfAggregate)]
  const input = kept.node
  if (read.some(callsModel) && !planner.isAppend(input, 'predict', span)) return null
  const { state, exprs } = planPredicts(read, kept, planner.script, intern)
  const node = planAggregate(
    state.node,
    {
      keys: exprs.slice(0, keys.length),
      aggregates: withArguments(aggregates, exprs, keys.length),
      session
    },
    select,
    planner
  )
  if (node === null) return null
  const answered = planWhere(node, having, planner, makeInterner())
  const exprsOut = items.map(item => item.expr)
  if (exprsOut.some(callsModel) && !planner.isAppend(node, 'predict', span)) return null
  const projected = planPredicts(exprsOut, answered, planner.script, makeInterner())
  return makeProject(projected.state.node, projected.exprs, schema, span)
}

/** The aggregates over expressions that take the place of their own, from `start` on. */
function withArguments(
  aggregates: readonly AggregateCall[],
  exprs: readonly Expr[],
  start: number
): AggregateCall[] {
  let at = start
  return aggregates.map(call => mapAggregate(call, () => exprs[at++]!))
}

function planWhere(
  input: StreamNode,
  where: Expr | null,
  { script }: Planner,
  intern: ReturnType<typeof makeInterner>
): Answered {
  const conditions = where === null ? [] : splitConjuncts(where)
  const [cheap, costly] = partition(conditions, condition => !callsModel(condition))
  let kept: Answered = { node: addFilter(input, cheap), answers: new Map() }
  for (const condition of costly) {
    const { state, exprs } = planPredicts([condition], kept, script, intern)
    kept = { node: addFilter(state.node, exprs), answers: state.answers }
  }
  return kept
}

function addFilter(input: StreamNode, conditions: readonly Expr[]): StreamNode {
  if (conditions.length === 0) return input
  const { span } = conditions[0]!
  return makeFilter(input, makeAnd(conditions, span), span)
}

function callsModel(expr: Expr): boolean {
  return someExpr(expr, part => part.kind === 'Predict')
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))]
}
