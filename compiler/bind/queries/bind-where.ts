import type { Expression, Query } from '../../ast/index.ts'
import { bindConditions } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'
import { bindExists, bindInQuery, checkFallible } from './bind-subquery.ts'
import type { RowSoFar } from './row-so-far.ts'

/** Conditions in the order written: tests wait in the row, queries are lookups behind them. False after a diagnostic. */
export function bindWhere(
  conjuncts: readonly Expression[],
  row: RowSoFar,
  cx: ExprContext
): boolean {
  const what = conjuncts.length === 1 ? 'WHERE' : 'AND'
  // All of them are bound, so that every mistake is told.
  return conjuncts.map(conjunct => bindConjunct(conjunct, what, row, cx)).every(Boolean)
}

/** The conditions that AND joins, in order. */
export function splitAnd(where: Expression): readonly Expression[] {
  if (where.kind !== 'Logical' || where.operator !== 'AND') return [where]
  return where.operands.flatMap(splitAnd)
}

function bindConjunct(conjunct: Expression, what: string, row: RowSoFar, cx: ExprContext): boolean {
  const test = queryTest(conjunct, false)
  if (test !== null) {
    const { operand, query, negated } = test
    return operand === null
      ? bindExists(query, negated, row, cx)
      : bindInQuery(operand, query, negated, row, cx)
  }
  const bound = bindConditions([conjunct], what, cx)
  if (bound === null) return false
  for (const condition of bound) checkFallible(condition, row, cx.bind)
  row.pending.push(...bound)
  return true
}

interface QueryTest {
  /** Of IN; null: EXISTS. */
  readonly operand: Expression | null
  readonly query: Query
  readonly negated: boolean
}

function queryTest(expression: Expression, negated: boolean): QueryTest | null {
  switch (expression.kind) {
    case 'Not':
      return queryTest(expression.operand, !negated)
    case 'Exists':
      return { operand: null, query: expression.query, negated }
    case 'InQuery': {
      const { operand, query } = expression
      return { operand, query, negated: negated !== expression.negated }
    }
    default:
      return null
  }
}
