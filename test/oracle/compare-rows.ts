import type { SortKey } from '../../compiler/ir/index.ts'
import { compareValues } from './compare.ts'
import { evalExpr } from './eval.ts'
import type { Row } from './value.ts'

/** Negative, zero or positive, by ORDER BY. */
export function compareRows(a: Row, b: Row, orderBy: readonly SortKey[]): number {
  for (const { expr, descending, nullsFirst } of orderBy) {
    const [left, right] = [evalExpr(expr, a), evalExpr(expr, b)]
    if (left === null && right === null) continue
    if (left === null || right === null) return (left === null) === nullsFirst ? -1 : 1
    const result = compareValues(left, right, expr.type)
    if (result !== 0) return descending ? -result : result
  }
  return 0
}
