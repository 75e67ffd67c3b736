import type { BinaryExpression, BinaryOperator, Expression } from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { type Expr, makeCast, makeNot } from '../../ir/index.ts'
import { TEXT } from '../../types/index.ts'
import { report } from '../context.ts'
import { applyFunction } from './apply-function.ts'
import { bindComparison, type Comparison } from './bind-comparison.ts'
import { bindExpr, type ExprContext } from './bind-expr.ts'

const comparisons: Partial<Record<BinaryOperator, Comparison>> = {
  '=': 'equal',
  '<>': 'notEqual',
  '<': 'less',
  '<=': 'lessEqual',
  '>': 'greater',
  '>=': 'greaterEqual'
}

const functions: Partial<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'modulo',
  '^': 'power',
  '||': 'concatenate',
  '->': 'json_step',
  '->>': 'json_step',
  '~': 'matches',
  '!~': 'matches',
  '~*': 'matches_any_case',
  '!~*': 'matches_any_case'
}

/** `a + b + c + ...` nests to the left as deep as it is long: bound in a loop, from the innermost out. */
export function bindBinary(root: BinaryExpression, cx: ExprContext): Expr | null {
  const chain: BinaryExpression[] = []
  let first: Expression = root
  while (first.kind === 'Binary') {
    chain.push(first)
    first = first.left
  }
  let left = bindExpr(first, cx)
  for (const node of chain.toReversed()) {
    const right = bindExpr(node.right, cx)
    left = left === null || right === null ? null : applyOperator(node, left, right, cx)
  }
  return left
}

function applyOperator(
  { operator, span }: BinaryExpression,
  left: Expr,
  right: Expr,
  { bind }: ExprContext
): Expr | null {
  const comparison = comparisons[operator]
  if (comparison !== undefined) return bindComparison(comparison, left, right, span, bind)
  const name = functions[operator]
  if (name === undefined) {
    report(bind, notSupportedYet(`the operator ${operator}`, span))
    return null
  }
  const call = applyFunction(name, [left, right], span, bind)
  if (call === null) return null
  if (operator === '->>') return makeCast(call, TEXT, false, span)
  return operator === '!~' || operator === '!~*' ? makeNot(call, span) : call
}
