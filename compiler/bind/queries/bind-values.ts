import type { Values } from '../../ast/index.ts'
import { columnCount } from '../../diagnostics/bind.ts'
import { noCommonType } from '../../diagnostics/bind-expressions.ts'
import { type BoundValues, type Expr } from '../../ir/index.ts'
import { type Column, commonType, showType, type SqlType, TEXT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindAll } from '../expressions/bind-expr.ts'
import { coerce } from '../expressions/coerce.ts'

/** Rows written out: each column has the common type of its values, and PostgreSQL's name. */
export function bindValues({ rows, span }: Values, cx: BindContext): BoundValues | null {
  const bound = rows.map(row => bindAll(row, { bind: cx, names: null }))
  if (!bound.every(row => row !== null)) return null
  const width = bound[0]!.length
  for (const row of bound) {
    if (row.length === width) continue
    const at = row[0]?.span ?? span
    report(cx, columnCount('the first row of VALUES', width, 'this row gives', row.length, at))
    return null
  }
  const columns = bound[0]!.map((_, i) =>
    columnOf(
      bound.map(row => row[i]!),
      i,
      cx
    )
  )
  if (!columns.every(column => column !== null)) return null
  const cast = bound.map(row => row.map((expr, i) => coerce(expr, columns[i]!.type, cx) ?? expr))
  return { kind: 'Values', rows: cast, schema: { columns }, span }
}

function columnOf(exprs: readonly Expr[], position: number, cx: BindContext): Column | null {
  const type = exprs.reduce<SqlType | null>(
    (sofar, expr) => (sofar === null ? null : commonType(sofar, expr.type)),
    exprs[0]!.type
  )
  const name = `column${position + 1}`
  if (type === null) {
    const types = [...new Set(exprs.map(expr => showType(expr.type)))]
    report(cx, noCommonType(`the values of ${name}`, types, exprs[0]!.span))
    return null
  }
  const nullable = exprs.some(expr => expr.nullable)
  return { name, type: type.kind === 'Null' ? TEXT : type, nullable }
}
