import type { Expression, JoinRelation, UnnestRelation } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { wrongType } from '../../diagnostics/bind-expressions.ts'
import {
  type BoundRelation,
  type Expr,
  makeCast,
  makeColumn,
  makeSelect,
  someExpr,
  type Unnest
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import {
  arrayOf,
  BIGINT,
  type Column,
  JSON_TYPE,
  type RowType,
  showType,
  type SqlType
} from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { applyFunction } from '../expressions/apply-function.ts'
import { fieldOf } from '../expressions/bind-composite.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import { renameColumns } from './bind-select.ts'
import type { Input } from './input.ts'
import type { NamedRelation } from './named-relation.ts'
import { namesOf } from './names-in-scope.ts'

/** `left, UNNEST(array)`: each row of the left side with the elements of its own arrays; null after a diagnostic. */
export function bindUnnest(
  left: Input,
  node: UnnestRelation,
  join: Unnest['join'],
  cx: BindContext
): Input | null {
  const { span } = node
  const bound = bindArrayOf(left.parts, left.relation.schema, node, join, cx)
  if (bound === null) return null
  const { unnest, fields, schema, parts } = bound
  const elements = unnestOf(left.relation, unnest, span)
  if (fields === null) return { relation: elements, parts }
  const items = fields.map((expr, i) => ({ name: schema.columns[i]!.name, expr }))
  const query = makeSelect(elements, items, schema, span)
  return { relation: { kind: 'Derived', name: '', query, schema, span }, parts }
}

/** The rows of a relation, each with the elements of an array of its own. */
export function unnestOf(
  input: BoundRelation,
  unnest: Unnest,
  span: Span
): Extract<BoundRelation, { kind: 'Unnest' }> {
  const schema = { columns: [...input.schema.columns, ...unnest.columns] }
  return { kind: 'Unnest', input, unnest, schema, span }
}

/** What elements are called that a query makes behind its own rows: no name that a script can give. */
export const REPEATED = ''

/** Whether a relation is the rows of a query that repeats each of them itself, as INTERSECT ALL does. */
export function isRepeated(
  relation: BoundRelation
): relation is Extract<BoundRelation, { kind: 'Unnest' }> {
  return relation.kind === 'Unnest' && relation.unnest.columns[0]!.name === REPEATED
}

/** Arrays over a row, whose elements go on behind it. */
export interface ArrayOf {
  readonly unnest: Unnest
  /** Where elements are rows, all columns with those of the elements' fields, over the row and its element; else null. */
  readonly fields: readonly Expr[] | null
  readonly schema: RowType
  readonly parts: readonly NamedRelation[]
}

/** Null after a diagnostic. */
export function bindArrayOf(
  left: readonly NamedRelation[],
  { columns }: RowType,
  node: UnnestRelation,
  join: Unnest['join'],
  cx: BindContext
): ArrayOf | null {
  const { args, withOrdinality, alias, span } = node
  const arrays = bindAll(args, { bind: cx, names: namesOf(left, cx) })
  const array = arrays === null ? null : zip(arrays, span, cx)
  const type = array === null ? null : elementType(array, cx)
  if (array === null || type === null) return null
  const name = alias?.name.name ?? nameOfElement(0)
  const position: Column = { name: 'ordinality', type: BIGINT, nullable: join === 'LEFT' }
  const element: Column = { name, type, nullable: true }
  const added = withOrdinality ? [element, position] : [element]
  const item = makeColumn(columns.length, element, span)
  const spread = args.length > 1 ? spreadAll(item) : type.kind === 'Row' ? fieldsOf(item) : null
  const behind = spread === null ? added : [...spread.map(columnOf), ...added.slice(1)]
  const named = renameColumns('the table', { columns: behind }, alias?.columns ?? [], cx)
  if (named === null) return null
  const parts = [...left, { name, schema: named, start: columns.length, hidden: [] }]
  const schema = { columns: [...columns, ...named.columns] }
  if (spread === null) {
    return { unnest: { array, join, columns: named.columns }, fields: null, schema, parts }
  }
  const fields = allColumns(columns, spread, added, span)
  return { unnest: { array, join, columns: added }, fields, schema, parts }
}

function columnOf({ name, expr }: Field): Column {
  return { name, type: expr.type, nullable: true }
}

/** The columns of a row, the fields of its element, and the element's position if there is one. */
function allColumns(
  row: readonly Column[],
  fields: readonly Field[],
  [, ...position]: readonly Column[],
  span: Span
): readonly Expr[] {
  return [
    ...row.map((column, i) => makeColumn(i, column, span)),
    ...fields.map(({ expr }) => expr),
    ...position.map(column => makeColumn(row.length + 1, column, span))
  ]
}

/** Several arrays side by side as one, the shorter ones with NULLs behind them; null after a diagnostic. */
export function zip(arrays: readonly Expr[], span: Span, cx: BindContext): Expr | null {
  const [first, second] = arrays
  if (second === undefined) return first ?? null
  const items = arrays.map(array =>
    array.type.kind === 'Json' ? makeCast(array, arrayOf(JSON_TYPE), false, array.span) : array
  )
  const wrong = items.find(({ type }) => type.kind !== 'Array')
  if (wrong === undefined) return applyFunction('arrays_zip', items, span, cx)
  report(cx, wrongType('UNNEST', 'arrays or JSON', showType(wrong.type), wrong.span))
  return null
}

interface Field {
  readonly name: string
  readonly expr: Expr
}

function fieldsOf(row: Expr): readonly Field[] {
  if (row.type.kind !== 'Row') return []
  return row.type.fields.map(({ name }, i) => ({ name, expr: fieldOf(row, i, row.span) }))
}

/** What each of several arrays gives: its elements, and the fields of rows. */
function spreadAll(row: Expr): readonly Field[] {
  return fieldsOf(row).flatMap(({ expr }, i) =>
    expr.type.kind === 'Row' ? fieldsOf(expr) : [{ name: nameOfElement(i), expr }]
  )
}

/** What the elements of the i-th of several arrays are called. */
export function nameOfElement(i: number): string {
  return i === 0 ? 'unnest' : `unnest_${i + 1}`
}

/** What an array holds; null after a diagnostic. */
export function elementType(array: Expr, cx: BindContext): SqlType | null {
  const { type, span } = array
  if (someExpr(array, part => part.kind === 'Predict')) {
    report(cx, notSupportedYet('predict in UNNEST', span, 'Compute it in a query that FROM reads.'))
    return null
  }
  if (type.kind === 'Json') return JSON_TYPE
  if (type.kind === 'Array') return type.element
  report(cx, wrongType('UNNEST', 'an array or JSON', showType(type), span))
  return null
}

/** How a join with UNNEST goes on with rows; null after a diagnostic. */
export function kindOfJoinedArray(
  { join, on, using, span }: Pick<JoinRelation, 'join' | 'on' | 'using' | 'span'>,
  cx: BindContext
): Unnest['join'] | null {
  const isInner = join === 'CROSS' || join === 'INNER'
  if (using.length === 0 && (isInner || (join === 'LEFT' && isTrue(on)))) {
    return isInner ? 'INNER' : 'LEFT'
  }
  const hint = 'Write LEFT JOIN UNNEST(...) ON TRUE, and conditions in WHERE.'
  report(cx, notSupportedYet('this join with UNNEST', span, hint))
  return null
}

/** The ON of a join with UNNEST: only TRUE says nothing. */
export function isTrue(on: Expression | null): boolean {
  return on === null || (on.kind === 'BooleanLiteral' && on.value)
}
