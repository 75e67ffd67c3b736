import type {
  Expression,
  QualifiedName,
  Query,
  Relation,
  Select,
  SelectItem
} from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { report } from '../context.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { isAggregateCall } from './bind-aggregate.ts'
import type { Names } from './names-in-scope.ts'
import { partsOfExpression, partsOfQuery } from './walk-expression.ts'

/** The first name in a query that means a column of the row around it; null: there is none. */
export function outerName(query: Query, names: Names): QualifiedName | null {
  const parts = [...partsOfQuery(query)]
  const inside = new Set(parts.flatMap(part => (namesRelation(part) ?? '').toLowerCase()))
  const isOuter = ({ parts: [first, ...rest] }: QualifiedName): boolean =>
    rest.length > 0 &&
    !inside.has(first!.name.toLowerCase()) &&
    names.relations.some(({ name }) => name?.toLowerCase() === first!.name.toLowerCase())
  const found = parts.flatMap(part => (part.kind === 'Name' ? [part.name] : []))
  return found.find(isOuter) ?? null
}

/** What a relation of a query is called; null: it has no name. */
function namesRelation(part: Expression | Query | Relation): string | null {
  switch (part.kind) {
    case 'TableRelation':
      return part.alias?.name.name ?? part.name.parts.at(-1)!.name
    case 'DerivedRelation':
    case 'WindowRelation':
    case 'UnnestRelation':
      return part.alias?.name.name ?? null
    default:
      return null
  }
}

/** A plain SELECT from one relation; null: it is any other query. */
export function plainSelect(query: Query): Select | null {
  const { body, with: tables, orderBy, limit, offset, emit } = query
  if (tables.length + orderBy.length > 0 || (limit ?? offset ?? emit) !== null) return null
  if (body.kind === 'NestedQuery') return plainSelect(body.query)
  if (body.kind !== 'Select') return null
  const { groupBy, having, from, distinct, items } = body
  const isGrouped = groupBy.length > 0 || having !== null || items.some(callsAggregate)
  return distinct || isGrouped || from.length !== 1 ? null : body
}

/** A SELECT of groups from one relation, which gives one row for each; null: it is any other query. */
export function groupedSelect(query: Query): Select | null {
  const { body, with: tables, orderBy, limit, offset, emit } = query
  if (tables.length + orderBy.length > 0 || (limit ?? offset ?? emit) !== null) return null
  if (body.kind === 'NestedQuery') return groupedSelect(body.query)
  if (body.kind !== 'Select' || body.distinct || body.from.length !== 1) return null
  const { groupBy, items, having } = body
  const isGrouped = groupBy.length > 0 || having !== null || items.some(callsAggregate)
  return isGrouped && groupBy.every(({ kind }) => kind === 'GroupBy') ? body : null
}

function callsAggregate({ expression }: SelectItem): boolean {
  const parts = [...partsOfExpression(expression)]
  return parts.some(part => part.kind === 'Call' && (part.over !== null || isAggregateCall(part)))
}

/** Whether a query stands in its conditions or its select list. */
export function hasQuery({ items, where }: Select): boolean {
  const roots = where === null ? [] : [where]
  for (const { expression } of items) roots.push(expression)
  return roots.some(root => [...partsOfExpression(root)].some(({ kind }) => kind === 'Query'))
}

/** Whether a query reads elements of an array of the row around it, with a diagnostic. */
export function refusesElements({ from: [first] }: Select, { names, bind }: ExprContext): boolean {
  if (first?.kind !== 'UnnestRelation') return false
  const parts = first.args.flatMap(root => [...partsOfExpression(root)])
  if (!parts.some(part => part.kind === 'Name' && names!.has(part.name))) return false
  const hint = 'Use array_contains, array_max and their like, or UNNEST in FROM and GROUP BY.'
  const what = 'UNNEST of the row around a query inside of an expression'
  report(bind, notSupportedYet(what, first.span, hint))
  return true
}
