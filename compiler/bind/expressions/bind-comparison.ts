import { operatorTypes } from '../../diagnostics/bind-expressions.ts'
import { entryOf } from '../../functions/index.ts'
import { type Expr, makeCall } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { BOOLEAN, comparisonType, showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
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
  // JSON beside an open literal compares as TEXT.
  const found = typeOfAll([left, right], comparisonType)
  const type = found?.kind === 'Json' ? comparisonType(found, { kind: 'Text' }) : found
  const twoJson = left.type.kind === 'Json' && right.type.kind === 'Json'
  if (type === null || twoJson) {
    const symbol = entryOf(comparison).symbol ?? comparison
    const types = [left.type, right.type]
    report(cx, operatorTypes(symbol, types.map(showType), span, castHint(types)))
    return null
  }
  const [a, b] = [coerce(left, type, cx), coerce(right, type, cx)]
  if (a === null || b === null) return null
  return makeCall(comparison, [a, b], BOOLEAN, a.nullable || b.nullable, span)
}
