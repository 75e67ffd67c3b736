import type { Insert, QualifiedName, Update } from '../ast/index.ts'
import { columnCount } from '../diagnostics/bind.ts'
import { columnSetTwice, notATable, tableNotFound } from '../diagnostics/bind-tables.ts'
import { type Expr, makeColumn } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import type { TableDeclaration } from './catalog.ts'
import { type BindContext, report } from './context.ts'
import { bindExpr } from './expressions/bind-expr.ts'
import type { ExprContext } from './expressions/expr-context.ts'
import { coerce, isStringLiteral } from './expressions/coerce.ts'
import { bindTarget } from './insert-target.ts'
import { assign, type InsertTarget, missing, placeNames } from './tables.ts'

// What statements that change tables are made of, with queries inside of them or without.

/** The columns that the values of a row are for; null after a diagnostic. */
export function insertPositions(
  { columns }: Pick<Insert, 'columns'>,
  { schema }: InsertTarget,
  cx: BindContext
): readonly number[] | null {
  return columns.length === 0 ? schema.columns.map((_, i) => i) : placeNames(columns, schema, cx)
}

/** Values of one row, each bound where it is needed. */
export type GivenRow = readonly { readonly span: Span; bind(): Expr | null }[]

export function bindRow(
  values: GivenRow,
  positions: readonly number[],
  target: InsertTarget,
  { columns, span }: Pick<Insert, 'columns' | 'span'>,
  cx: BindContext
): Expr[] | null {
  if (values.length !== positions.length) {
    const at = values[0]?.span ?? span
    const taker = columns.length === 0 ? `"${target.name}"` : 'the column list'
    report(cx, columnCount(taker, positions.length, 'the row gives', values.length, at))
    return null
  }
  const row = target.schema.columns.map((column, i) => {
    const at = positions.indexOf(i)
    if (at < 0) return missing(column, target, span, cx)
    const expr = values[at]!.bind()
    return expr === null ? null : assignValue(expr, column, target, cx)
  })
  return row.every(expr => expr !== null) ? row : null
}

/** A literal in quotes takes the column's type, as in PostgreSQL. */
function assignValue(
  expr: Expr,
  column: InsertTarget['schema']['columns'][number],
  target: InsertTarget,
  cx: BindContext
): Expr | null {
  const typed =
    isStringLiteral(expr) || expr.type.kind === 'Null' ? coerce(expr, column.type, cx) : expr
  return typed === null ? null : assign(typed, column, target, cx)
}

/** The row as SET makes it; null after a diagnostic. */
export function bindAssignments(
  update: Update,
  target: InsertTarget,
  context: ExprContext
): Expr[] | null {
  const cx = context.bind
  const { schema } = target
  const row: (Expr | null)[] = schema.columns.map((column, i) =>
    makeColumn(i, column, update.target.span)
  )
  const set = new Set<number>()
  for (const { column, value } of update.assignments) {
    const [index] = placeNames([column], schema, cx) ?? []
    const expr = bindExpr(value, context)
    if (index === undefined) return null
    if (set.has(index)) report(cx, columnSetTwice(column.name, column.span))
    set.add(index)
    row[index] = expr === null ? null : assignValue(expr, schema.columns[index]!, target, cx)
  }
  return row.every(expr => expr !== null) ? row : null
}

/** The table that a statement changes; null after a diagnostic. */
export function tableOf(what: string, name: QualifiedName, cx: BindContext): InsertTarget | null {
  const table = declaredTable(what, name, cx)
  return table === null ? null : bindTarget(table, cx)
}

export function declaredTable(
  what: string,
  name: QualifiedName,
  cx: BindContext
): TableDeclaration | null {
  const wanted = name.parts.at(-1)!
  const match = cx.catalog.find(wanted)
  if (match.kind === 'Found' && match.value.kind === 'Table') return match.value
  if (match.kind === 'Found') {
    report(cx, notATable(what, wanted.name, match.value.kind.toLowerCase(), name.span))
  } else {
    const tables = cx.catalog.declarations.filter(isTable).map(table => table.name)
    report(cx, tableNotFound(wanted.name, name.span, tables))
  }
  return null
}

function isTable(declaration: { readonly kind: string }): declaration is TableDeclaration {
  return declaration.kind === 'Table'
}
