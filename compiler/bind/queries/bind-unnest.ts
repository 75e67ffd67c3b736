import type { Expression, UnnestRelation } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { wrongType } from '../../diagnostics/bind-expressions.ts'
import { type BoundRelation, type Expr, someExpr, type Unnest } from '../../ir/index.ts'
import { BIGINT, type Column, JSON_TYPE, showType, type SqlType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { renameColumns, type Input } from './bind-select.ts'
import { type NamedRelation, namesOf } from './names-in-scope.ts'

/** `left, UNNEST(array)`: each row of the left side with the elements of an array of its own; null after a diagnostic. */
export function bindUnnest(
  left: Input,
  node: UnnestRelation,
  join: Unnest['join'],
  cx: BindContext
): Input | null {
  const { columns } = left.relation.schema
  const bound = bindArrayOf(left.parts, columns.length, node, join, cx)
  if (bound === null) return null
  const { unnest, parts } = bound
  const relation: BoundRelation = {
    kind: 'Unnest',
    input: left.relation,
    unnest,
    schema: { columns: [...columns, ...unnest.columns] },
    span: node.span
  }
  return { relation, parts }
}

/** An array over rows of `width` columns, whose elements go on behind them; null after a diagnostic. */
export function bindArrayOf(
  left: readonly NamedRelation[],
  width: number,
  node: UnnestRelation,
  join: Unnest['join'],
  cx: BindContext
): { readonly unnest: Unnest; readonly parts: readonly NamedRelation[] } | null {
  const { args, withOrdinality, alias, span } = node
  const [first, second] = args
  if (first === undefined || second !== undefined) {
    report(cx, notSupportedYet('UNNEST of several arrays', second?.span ?? span))
    return null
  }
  const array = bindExpr(first, { bind: cx, names: namesOf(left, cx) })
  const type = array === null ? null : elementType(array, cx)
  if (array === null || type === null) return null
  const name = alias?.name.name ?? 'unnest'
  const element: Column = { name, type, nullable: true }
  const position: Column = { name: 'ordinality', type: BIGINT, nullable: join === 'LEFT' }
  const columns = withOrdinality ? [element, position] : [element]
  const named = renameColumns('the table', { columns }, alias?.columns ?? [], cx)
  if (named === null) return null
  const unnest = { array, join, columns: named.columns }
  return { unnest, parts: [...left, { name, schema: named, start: width, hidden: [] }] }
}

/** What an array holds; null after a diagnostic. */
function elementType(array: Expr, cx: BindContext): SqlType | null {
  const { type, span } = array
  if (someExpr(array, part => part.kind === 'Predict')) {
    report(cx, notSupportedYet('predict in UNNEST', span))
    return null
  }
  if (type.kind === 'Json') return JSON_TYPE
  if (type.kind !== 'Array') {
    report(cx, wrongType('UNNEST', 'an array or JSON', showType(type), span))
    return null
  }
  if (type.element.kind !== 'Row') return type.element
  report(cx, notSupportedYet('UNNEST of an array of rows', span))
  return null
}

/** The ON of a join with UNNEST: only TRUE says nothing. */
export function isTrue(on: Expression | null): boolean {
  return on === null || (on.kind === 'BooleanLiteral' && on.value)
}
