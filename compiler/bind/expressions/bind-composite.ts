import type {
  ArrayExpression,
  FieldExpression,
  RowExpression,
  SliceExpression,
  SubscriptExpression
} from '../../ast/index.ts'
import { fieldNotFound, notIndexable } from '../../diagnostics/bind-expressions.ts'
import { type Expr, type LiteralExpr, makeCall, makeLiteral } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { arrayOf, INT, showType, TEXT } from '../../types/index.ts'
import { report } from '../context.ts'
import { matchName } from '../names.ts'
import { applyFunction } from './apply-function.ts'
import { unify } from './bind-case.ts'
import { bindAll, bindExpr } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { literalJson } from './literal-json.ts'

const MAX_INT = 2 ** 31 - 1

/** `ARRAY[a, b]`: of literals it is a literal itself, as JSON. */
export function bindArray({ items, span }: ArrayExpression, cx: ExprContext): Expr | null {
  if (items.length === 0) return makeLiteral('[]', arrayOf({ kind: 'Null' }), span)
  const bound = bindAll(items, cx)
  const unified = bound === null ? null : unify(bound, 'the elements of ARRAY', span, cx)
  if (unified === null) return null
  const { exprs, type } = unified
  if (exprs.every(expr => expr.kind === 'Literal')) {
    const texts = (exprs as readonly LiteralExpr[]).map(expr => literalJson(expr.value, type))
    if (!texts.includes(undefined)) {
      return makeLiteral(`[${texts.join(',')}]`, arrayOf(type), span)
    }
  }
  return applyFunction('array', exprs, span, cx.bind)
}

/** `ROW(a, b)` and `(a, b)`: the fields are called f1, f2, as in PostgreSQL. */
export function bindRow({ items, span }: RowExpression, cx: ExprContext): Expr | null {
  const bound = bindAll(items, cx)
  return bound === null ? null : applyFunction('row', bound, span, cx.bind)
}

/** The fields of a row that is written out; null for any other expression. */
export function rowItems(expr: Expr): readonly Expr[] | null {
  return expr.kind === 'Call' && expr.function === 'row' ? expr.args : null
}

/** `a[1]` of an array counts from 1, `m['k']` of a map goes by key, and of JSON either is `->`. */
export function bindSubscript(
  { operand, index, span }: SubscriptExpression,
  cx: ExprContext
): Expr | null {
  const bound = bindAll([operand, index], cx)
  if (bound === null) return null
  const [container] = bound as [Expr, Expr]
  switch (container.type.kind) {
    case 'Array':
    case 'Vector':
      return applyFunction('array_element', bound, span, cx.bind)
    case 'Map':
      return applyFunction('map_element', bound, span, cx.bind)
    case 'Json':
      return applyFunction('json_step', bound, span, cx.bind)
    default:
      report(cx.bind, notIndexable(showType(container.type), span))
      return null
  }
}

/** `a[from:to]`: an end that is left out is the array's. */
export function bindSlice(
  { operand, from, to, span }: SliceExpression,
  cx: ExprContext
): Expr | null {
  const array = bindExpr(operand, cx)
  const start = from === null ? makeLiteral(1, INT, span) : bindExpr(from, cx)
  const end = to === null ? makeLiteral(MAX_INT, INT, span) : bindExpr(to, cx)
  if (array === null || start === null || end === null) return null
  if (array.type.kind === 'Array') {
    return applyFunction('array_slice', [array, start, end], span, cx.bind)
  }
  report(cx.bind, notIndexable(showType(array.type), span))
  return null
}

/** `(row).field`. */
export function bindField({ operand, field, span }: FieldExpression, cx: ExprContext): Expr | null {
  const row = bindExpr(operand, cx)
  if (row === null) return null
  if (row.type.kind !== 'Row') {
    report(cx.bind, fieldNotFound(field.name, showType(row.type), [], field.span))
    return null
  }
  const match = matchName(field, row.type.fields, column => column.name)
  if (match.kind !== 'Found') {
    const names = row.type.fields.map(column => column.name)
    report(cx.bind, fieldNotFound(field.name, showType(row.type), names, field.span))
    return null
  }
  return fieldOf(row, row.type.fields.indexOf(match.value), span)
}

/** The field at an index of an expression that is a row. */
export function fieldOf(row: Expr, index: number, span: Span): Expr {
  if (row.type.kind !== 'Row') throw new Error('only a row has fields')
  const { name, type } = row.type.fields[index]!
  const items = rowItems(row)
  if (items !== null) return items[index]!
  return makeCall('row_field', [row, makeLiteral(name, TEXT, span)], type, true, span)
}
