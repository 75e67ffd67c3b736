import type { Expr, ExprOf } from './scalars.ts'

/** From so many literals on a set of them is quicker than to compare with one after the other. */
export const SET_SIZE = 8

/** Whether a column of TEXT is one of some texts, or, `differs`, is not the one: to know that, no string of it is needed. */
export interface TextComparison {
  readonly column: ExprOf<'Column'>
  readonly texts: readonly string[]
  readonly differs: boolean
}

/** The column of TEXT of which an expression needs no string; null: the expression is something else. */
export function columnOfBytes(expr: Expr): ExprOf<'Column'> | null {
  if (expr.kind === 'IsNull') return textColumn(expr.arg)
  return textComparisonOf(expr)?.column ?? null
}

function textColumn(expr: Expr): ExprOf<'Column'> | null {
  return expr.kind === 'Column' && expr.type.kind === 'Text' ? expr : null
}

/** Null: the expression is something else. */
export function textComparisonOf(expr: Expr): TextComparison | null {
  if (expr.kind === 'In') {
    return expr.items.length < SET_SIZE ? comparison(expr.arg, expr.items, false) : null
  }
  if (expr.kind !== 'Call') return null
  const { function: name, args } = expr
  if (name !== 'equal' && name !== 'notEqual') return null
  const [left, right] = args
  const differs = name === 'notEqual'
  return comparison(left!, [right!], differs) ?? comparison(right!, [left!], differs)
}

function comparison(arg: Expr, items: readonly Expr[], differs: boolean): TextComparison | null {
  const column = textColumn(arg)
  if (column === null) return null
  const texts = items.map(item => (item.kind === 'Literal' ? item.value : null))
  if (!texts.every(text => typeof text === 'string')) return null
  return { column, texts, differs }
}
