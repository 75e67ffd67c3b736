import {
  callsModel,
  type AggregateCall,
  argumentsOfAggregate,
  type BoundQuery,
  type BoundRelation,
  type BoundSelect,
  type BoundUnionAll,
  columnsOf,
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
  splitConjuncts,
  type StreamNode,
  timeOf
} from '../ir/index.ts'
import { groupingSetWithoutWindow } from '../diagnostics/plan-groups.ts'
import { type Demand, demandPlaces, everything } from './demand.ts'
import { planAggregate } from './plan-aggregate.ts'
import { planAsOf } from './plan-as-of.ts'
import { planGroupingSets } from './plan-grouping-sets.ts'
import { planJoin, planLookup, type PlannedRelation, type PlanRelation } from './plan-join.ts'
import { planOver } from './plan-over.ts'
import type { Planner } from './planner.ts'
import { type Answered, planPredicts } from './plan-predict.ts'

/** Null: it reads a table that nothing feeds, so it yields nothing. */
export function planQuery(
  query: BoundQuery,
  planner: Planner,
  demand: Demand = everything
): StreamNode | null {
  if (!planner.mayPlan(query)) return null
  switch (query.kind) {
    case 'Select':
      return planSelect(query, planner, demand)
    case 'UnionAll':
      return planUnion(query, planner)
    case 'Values':
      return planner.rows(query)
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

function planRelation(
  relation: BoundRelation,
  conditions: readonly Expr[],
  planner: Planner,
  demand: Demand = everything
): PlannedRelation | null {
  const plan: PlanRelation = (input, asked) => planRelation(input, asked, planner)
  if (relation.kind === 'Lookup') return planLookup(relation, conditions, planner, plan)
  if (relation.kind === 'Join') return planJoin(relation, conditions, planner, plan)
  if (relation.kind === 'AsOf') return planAsOf(relation, conditions, planner, plan)
  const { rest, demand: all } = demandPlaces(conditions, relation, demand, null)
  const node = planWhole(relation, planner, all)
  return node === null ? null : { node, rest }
}

/** A relation of which nothing is asked before it is there, but the places of its ranks. */
function planWhole(
  relation: Exclude<BoundRelation, { kind: 'Lookup' | 'Join' | 'AsOf' }>,
  planner: Planner,
  demand: Demand
): StreamNode | null {
  switch (relation.kind) {
    case 'SourceScan':
      return planner.source(relation.source)
    case 'TableScan':
      return planner.table(relation.table)
    case 'SystemScan':
      planner.refuse('reading a system table', relation.span)
      return null
    case 'Derived':
      return planQuery(relation.query, planner, demand)
    case 'Filtered':
      return planFiltered(relation, planner, demand)
    case 'Over': {
      const input = planRelation(relation.input, [], planner)
      return input === null ? null : planOver(relation, input.node, demand, planner)
    }
    case 'Unnest':
      return planUnnest(relation, planner)
  }
}

/** The models that its conditions ask stay inside of it. */
function planFiltered(
  { input: from, where, schema, span }: Extract<BoundRelation, { kind: 'Filtered' }>,
  planner: Planner,
  outer: Demand
): StreamNode | null {
  const conditions = demandPlaces(splitConjuncts(where), from, outer, null)
  const { rest } = conditions
  const reads = outer.reads && new Set([...outer.reads, ...columnsOf(rest)])
  const asked = planRelation(from, rest, planner, { ...conditions.demand, reads })
  if (asked === null) return null
  if (rest.some(callsModel) && !planner.mayPredict(asked.node, span)) return null
  const { node } = planWhere(asked.node, asked.rest, planner, makeInterner())
  if (node.schema.columns.length === schema.columns.length) return node
  const columns = schema.columns.map((column, index) => makeColumn(index, column, span))
  return makeProject(node, columns, schema, span)
}

function planUnnest(
  { input, unnest, span }: Extract<BoundRelation, { kind: 'Unnest' }>,
  planner: Planner
): StreamNode | null {
  const rows = planRelation(input, [], planner)
  return rows === null ? null : makeUnnest(rows.node, unnest, span)
}

/**
 * Filter what needs no model; condition by condition, run the models that it asks for and filter by their answers; run the
 * models that only the select list asks for, project. So no model ever sees a row that another condition rejects before it.
 */
function planSelect(select: BoundSelect, planner: Planner, outer: Demand): StreamNode | null {
  const { from, grouping, emission } = select
  const where = conditionsOf(select.where)
  // Behind groups nothing is asked of the rows that they are of.
  const ofRows = grouping === null ? outer : everything
  const { rest, demand } = demandPlaces(where, from, ofRows, emission)
  const reads = new Set(columnsOf(readsOf(select, rest, outer)))
  const asked = planRelation(from, rest, planner, { ...demand, reads })
  if (asked === null) return null
  const intern = makeInterner()
  const kept = planWhere(asked.node, asked.rest, planner, intern)
  if (grouping !== null) return planGroups(select, grouping, kept, planner, intern)
  const items = select.items.map(item => item.expr)
  const isAsking = [...rest, ...items].some(callsModel)
  if (isAsking && !planner.mayPredict(asked.node, select.span)) return null
  const projected = planPredicts(items, kept, planner.script, intern)
  return makeProject(projected.state.node, projected.exprs, select.schema, select.span)
}

/** What is computed of the rows in FROM. */
function readsOf(
  { items, grouping }: BoundSelect,
  where: readonly Expr[],
  { reads }: Demand
): readonly Expr[] {
  const asked = items.filter((_, i) => reads === null || reads.has(i)).map(({ expr }) => expr)
  const computed =
    grouping === null
      ? asked
      : [...grouping.keys, ...grouping.aggregates.flatMap(argumentsOfAggregate)]
  return [...where, ...computed]
}

/** The groups of the rows that WHERE leaves; the models that keys and arguments ask run before, those of the select list behind. */
function planGroups(
  select: BoundSelect,
  { keys, sets, aggregates, having, session }: Grouping,
  kept: Answered,
  planner: Planner,
  intern: ReturnType<typeof makeInterner>
): StreamNode | null {
  const { items, schema, span } = select
  const read = [...keys, ...aggregates.flatMap(argumentsOfAggregate)]
  const input = kept.node
  if (read.some(callsModel) && !planner.mayPredict(input, span)) return null
  const { state, exprs } = planPredicts(read, kept, planner.script, intern)
  const all = exprs.slice(0, keys.length)
  const grouped =
    sets === null ? { node: state.node, keys: all } : planGroupingSets(state.node, all, sets, span)
  const node = planAggregate(
    grouped.node,
    {
      keys: grouped.keys,
      sets,
      aggregates: withArguments(aggregates, exprs, keys.length),
      session
    },
    select,
    planner
  )
  if (node === null) return null
  const wasTimed = all.some(key => timeOf(key, state.node.traits.times) !== null)
  if (sets !== null && wasTimed && node.window === null && select.emission === null) {
    planner.report(groupingSetWithoutWindow(keys[0]!.span))
  }
  const answered = planWhere(node, conditionsOf(having), planner, makeInterner())
  const exprsOut = items.map(item => item.expr)
  if (exprsOut.some(callsModel) && !planner.mayPredict(node, span)) return null
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
  conditions: readonly Expr[],
  { script }: Planner,
  intern: ReturnType<typeof makeInterner>
): Answered {
  const [cheap, costly] = partition(conditions, condition => !callsModel(condition))
  let kept: Answered = { node: addFilter(input, cheap), answers: new Map() }
  for (const condition of costly) {
    const { state, exprs } = planPredicts([condition], kept, script, intern)
    kept = { node: addFilter(state.node, exprs), answers: state.answers }
  }
  return kept
}

function conditionsOf(where: Expr | null): readonly Expr[] {
  return where === null ? [] : splitConjuncts(where)
}

function addFilter(input: StreamNode, conditions: readonly Expr[]): StreamNode {
  if (conditions.length === 0) return input
  const { span } = conditions[0]!
  return makeFilter(input, makeAnd(conditions, span), span)
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))]
}
