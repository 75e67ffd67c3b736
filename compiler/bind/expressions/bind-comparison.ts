import { operatorTypes } from '../../diagnostics/bind-expressions.ts'
import { entryOf } from '../../functions/index.ts'
import { type Expr, makeAnd, makeCall, makeOr } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BOOLEAN, comparisonType, isComparable, isOrdered, showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { rowItems } from './bind-composite.ts'
import { castHint } from './cast-hint.ts'
import { coerce, typeOfAll } from './coerce.ts'

export type Comparison = 'equal' | 'notEqual' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual'

/** Both sides as one type, compared. */
export function bindComparison(
  comparison: Comparison,
  left: Expr,
  right: Expr,
  span: Span,
  cx: BindContext
): Expr | null {
  const [leftItems, rightItems] = [rowItems(left), rowItems(right)]
  if (leftItems !== null && rightItems?.length === leftItems.length) {
    return compareItems(comparison, leftItems, rightItems, span, cx)
  }
  // JSON beside an open literal compares as TEXT.
  const found = typeOfAll([left, right], comparisonType)
  const type = found?.kind === 'Json' ? comparisonType(found, { kind: 'Text' }) : found
  const isEquality = comparison === 'equal' || comparison === 'notEqual'
  if (type === null || !(isEquality ? isComparable(type) : isOrdered(type))) {
    const symbol = entryOf(comparison).symbol ?? comparison
    const types = [left.type, right.type]
    report(cx, operatorTypes(symbol, types.map(showType), span, castHint(types)))
    return null
  }
  const [a, b] = [coerce(left, type, cx), coerce(right, type, cx)]
  if (a === null || b === null) return null
  return makeCall(comparison, [a, b], BOOLEAN, a.nullable || b.nullable, span)
}

/**
 * Two rows that are written out, `(a, b) < (c, d)`: field by field, and NULL as soon as a NULL would decide. Rows that are
 * values compare otherwise: there NULL equals NULL.
 */
function compareItems(
  comparison: Comparison,
  left: readonly Expr[],
  right: readonly Expr[],
  span: Span,
  cx: BindContext
): Expr | null {
  const compare = (how: Comparison, i: number): Expr | null =>
    bindComparison(how, left[i]!, right[i]!, span, cx)
  if (comparison === 'equal' || comparison === 'notEqual') {
    const tests = left.map((_, i) => compare(comparison, i))
    if (!tests.every(test => test !== null)) return null
    return comparison === 'equal' ? makeAnd(tests, span) : makeOr(tests, span)
  }
  const strict = comparison === 'less' || comparison === 'lessEqual' ? 'less' : 'greater'
  const last = left.length - 1
  let result = compare(comparison, last)
  for (let i = last - 1; i >= 0; i--) {
    const [before, same] = [compare(strict, i), compare('equal', i)]
    if (before === null || same === null || result === null) return null
    result = makeOr([before, makeAnd([same, result], span)], span)
  }
  return result
}
