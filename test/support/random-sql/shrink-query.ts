import type { AggregateExpr, Expr, Query, Relation, Select } from './query.ts'
import { type ScalarType, values } from './scalar-type.ts'

/** Queries that are one part smaller, the smallest first. Not all of them are valid. */
export function* smallerQueries(query: Query): Generator<Query> {
  if (query.kind === 'set') {
    yield query.left
    yield query.right
    for (const left of smallerQueries(query.left)) yield { ...query, left }
    for (const right of smallerQueries(query.right)) yield { ...query, right }
    return
  }
  yield* smallerSelects(query)
}

function* smallerSelects(select: Select): Generator<Query> {
  const { from } = select
  if (from.kind === 'derived') yield from.query
  yield* withoutClauses(select)
  yield* withoutColumns(select)
  for (const relation of smallerRelations(from)) yield { ...select, from: relation }
  yield* withSmallerExprs(select)
}

function* withoutClauses(select: Select): Generator<Select> {
  if (select.where !== null) yield { ...select, where: null }
  if (select.having !== null) yield { ...select, having: null }
  if (select.distinct) yield { ...select, distinct: false }
  if (select.top !== null) yield { ...select, top: null }
}

function* withoutColumns(select: Select): Generator<Select> {
  const { groupBy, items, top } = select
  // A top refers to columns by their place.
  if (top === null && items.length > 1) {
    for (const i of items.keys()) yield { ...select, items: items.toSpliced(i, 1) }
  }
  if (select.sets !== null) yield { ...select, sets: null }
  for (const i of groupBy?.keys() ?? []) yield { ...select, groupBy: groupBy!.toSpliced(i, 1) }
}

function* withSmallerExprs(select: Select): Generator<Select> {
  const { having, items, where } = select
  for (const expr of smallerOptional(where)) yield { ...select, where: expr }
  for (const expr of smallerOptional(having)) yield { ...select, having: expr }
  for (const [i, item] of items.entries()) {
    for (const expr of smallerExprs(item)) yield { ...select, items: items.with(i, expr) }
  }
}

function* smallerRelations(relation: Relation): Generator<Relation> {
  switch (relation.kind) {
    case 'table':
      return
    case 'derived':
      for (const query of smallerQueries(relation.query)) yield { ...relation, query }
      return
    case 'join':
      yield relation.left
      yield relation.right
      if (relation.on !== null && relation.join !== 'INNER') yield { ...relation, join: 'INNER' }
      for (const left of smallerRelations(relation.left)) yield { ...relation, left }
      for (const right of smallerRelations(relation.right)) yield { ...relation, right }
      for (const on of smallerOptional(relation.on)) yield { ...relation, on }
  }
}

function* smallerExprs(expr: Expr): Generator<Expr> {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'grouping':
      return
    case 'apply':
      yield* expr.args.filter(({ type }) => type === expr.type)
      yield literal(expr.type)
      for (const [i, arg] of expr.args.entries()) {
        for (const smaller of smallerExprs(arg)) yield { ...expr, args: expr.args.with(i, smaller) }
      }
      return
    case 'aggregate':
      yield* smallerAggregates(expr)
      return
    case 'in':
    case 'quantified':
    case 'exists':
    case 'scalar':
      yield literal(expr.type)
      for (const query of smallerQueries(expr.query)) {
        if (query.kind === 'select') yield { ...expr, query }
      }
  }
}

function* smallerAggregates(expr: AggregateExpr): Generator<Expr> {
  if (expr.filter !== null) yield { ...expr, filter: null }
  if (expr.distinct) yield { ...expr, distinct: false }
  for (const filter of smallerOptional(expr.filter)) yield { ...expr, filter }
  for (const argument of smallerOptional(expr.argument)) yield { ...expr, argument }
}

function* smallerOptional(expr: Expr | null): Generator<Expr> {
  if (expr !== null) yield* smallerExprs(expr)
}

function literal(type: ScalarType): Expr {
  return { kind: 'literal', type, value: values[type][0]! }
}
