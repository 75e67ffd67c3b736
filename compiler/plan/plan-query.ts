import {
  type BoundQuery,
  type BoundRelation,
  type BoundSelect,
  type BoundUnionAll,
  type Expr,
  makeAnd,
  makeFilter,
  makeInterner,
  makeProject,
  makeUnion,
  someExpr,
  type StreamNode
} from '../ir/index.ts'
import type { Planner } from './plan-script.ts'
import { type Answered, planPredicts } from './plan-predict.ts'

/** Null: it reads a table that nothing feeds, so it yields nothing. */
export function planQuery(query: BoundQuery, planner: Planner): StreamNode | null {
  return query.kind === 'Select' ? planSelect(query, planner) : planUnion(query, planner)
}

function planUnion({ inputs, schema, span }: BoundUnionAll, planner: Planner): StreamNode | null {
  const nodes: StreamNode[] = []
  for (const input of inputs) {
    const node = planQuery(input, planner)
    if (node !== null) nodes.push(node)
  }
  return nodes.length < 2 ? (nodes[0] ?? null) : makeUnion(nodes, schema, span)
}

function planRelation(relation: BoundRelation, planner: Planner): StreamNode | null {
  switch (relation.kind) {
    case 'SourceScan':
      return planner.source(relation.source)
    case 'TableScan':
      return planner.table(relation.table)
    case 'Derived':
      return planQuery(relation.query, planner)
  }
}

/**
 * Filter what needs no model; condition by condition, run the models that it asks for and filter by their answers; run the
 * models that only the select list asks for, project. So no model ever sees a row that another condition rejects before it.
 */
function planSelect(select: BoundSelect, planner: Planner): StreamNode | null {
  const input = planRelation(select.from, planner)
  if (input === null) return null
  const conditions = select.where === null ? [] : splitConjuncts(select.where)
  const [cheap, costly] = partition(conditions, condition => !callsModel(condition))
  const intern = makeInterner()
  let kept: Answered = { node: addFilter(input, cheap), answers: new Map() }
  for (const condition of costly) {
    const { state, exprs } = planPredicts([condition], kept, planner.script, intern)
    kept = { node: addFilter(state.node, exprs), answers: state.answers }
  }
  const items = select.items.map(item => item.expr)
  const projected = planPredicts(items, kept, planner.script, intern)
  return makeProject(projected.state.node, projected.exprs, select.schema, select.span)
}

function addFilter(input: StreamNode, conditions: readonly Expr[]): StreamNode {
  if (conditions.length === 0) return input
  const { span } = conditions[0]!
  return makeFilter(input, makeAnd(conditions, span), span)
}

function splitConjuncts(condition: Expr): readonly Expr[] {
  const conjuncts: Expr[] = []
  const stack = [condition]
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    if (expr.kind === 'And') stack.push(...expr.args.toReversed())
    else conjuncts.push(expr)
  }
  return conjuncts
}

function callsModel(expr: Expr): boolean {
  return someExpr(expr, part => part.kind === 'Predict')
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))]
}
