import type { Expression } from '../../ast/index.ts'
import { notAssignable } from '../../diagnostics/bind-expressions.ts'
import { testValueCount, testValueNotConstant } from '../../diagnostics/bind-tests.ts'
import { type BoundTestRows, type Expr, someExpr } from '../../ir/index.ts'
import { makeSpan, type Span } from '../../source/index.ts'
import { canCast, type Column, isAssignable, type RowType, showType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { coerce, isStringLiteral } from '../expressions/coerce.ts'
import type { Names } from '../queries/names-in-scope.ts'

/** Rows of a test, each value with the type of its column; null after a diagnostic. */
export function bindValues(
  rows: readonly (readonly Expression[])[],
  schema: RowType,
  cx: BindContext
): BoundTestRows | null {
  const bound = rows.map(row => bindRow(row, schema, cx))
  return bound.every(row => row !== null) ? { schema, rows: bound } : null
}

function bindRow(
  row: readonly Expression[],
  { columns }: RowType,
  cx: BindContext
): readonly Expr[] | null {
  if (row.length !== columns.length) {
    report(cx, testValueCount(columns.length, row.length, spanOfRow(row)))
    return null
  }
  const values = row.map((value, i) => bindValue(value, columns[i]!, cx))
  return values.every(value => value !== null) ? values : null
}

function bindValue(value: Expression, { name, type }: Column, cx: BindContext): Expr | null {
  const expr = bindExpr(value, { bind: cx, names: noNames(cx) })
  if (expr === null) return null
  if (someExpr(expr, part => part.kind === 'Predict')) {
    report(cx, testValueNotConstant('the answer of a model', expr.span, null))
    return null
  }
  if (!isStringLiteral(expr) && !isAssignable(expr.type, type)) {
    const castable = canCast(expr.type, type)
    report(cx, notAssignable(name, showType(expr.type), showType(type), castable, expr.span))
    return null
  }
  return coerce(expr, type, cx)
}

/** A name among the values is most often a text without its quotes. */
function noNames(cx: BindContext): Names {
  return {
    relations: [],
    has: () => false,
    star: () => null,
    resolve(name) {
      const text = showName(name)
      const hint = `Write a text in single quotes: '${text.replaceAll("'", "''")}'.`
      report(cx, testValueNotConstant(`the name "${text}"`, name.span, hint))
      return null
    }
  }
}

function spanOfRow(row: readonly Expression[]): Span {
  const [first, last] = [row[0]!.span, row.at(-1)!.span]
  return makeSpan(first.file, first.start, last.end)
}
