import type {
  BinaryExpression,
  BinaryOperator,
  ComparisonOperator,
  Expression
} from '../../ast/index.ts'
import { notSupportedYet } from '../../diagnostics/bind.ts'
import { comparedWithNull } from '../../diagnostics/bind-expressions.ts'
import { type Expr, makeCast, makeLiteral, makeNot } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type SqlType, TEXT } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { report } from '../context.ts'
import { applyFunction } from './apply-function.ts'
import { bindComparison, type Comparison } from './bind-comparison.ts'
import { bindExpr } from './bind-expr.ts'
import type { ExprContext } from './expr-context.ts'
import { isStringLiteral } from './coerce.ts'

export const comparisons: Readonly<Record<ComparisonOperator, Comparison>> = {
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
  '@>': 'contains',
  '<@': 'contains',
  '&&': 'overlaps',
  '~': 'matches',
  '!~': 'matches',
  '~*': 'matches_any_case',
  '!~*': 'matches_any_case',
  '&': 'bits_and',
  '|': 'bits_or',
  '#': 'bits_xor',
  '<<': 'shift_left',
  '>>': 'shift_right',
  '#>': 'json_path',
  '#>>': 'json_path_text',
  '^@': 'starts_with'
}

function comparisonOf(operator: BinaryOperator): Comparison | undefined {
  return comparisons[operator as ComparisonOperator] as Comparison | undefined
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
    const comparison = comparisonOf(node.operator)
    const every = comparison === undefined ? null : elementsOf(node.right)
    const right = bindExpr(every?.array ?? node.right, cx)
    if (left === null || right === null) left = null
    else if (every === null) left = applyOperator(node, left, right, cx)
    else left = compareElements(every.isAll, comparison!, left, right, node.span, cx)
  }
  return left
}

export const opposites: Readonly<Record<Comparison, Comparison>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterEqual',
  lessEqual: 'greater',
  greater: 'lessEqual',
  greaterEqual: 'less'
}

/** It holds for all elements where the opposite holds for none. */
function compareElements(
  isAll: boolean,
  comparison: Comparison,
  left: Expr,
  array: Expr,
  span: Span,
  { bind }: ExprContext
): Expr | null {
  const asked = isAll ? opposites[comparison] : comparison
  const any = applyFunction('any', [left, array, makeLiteral(asked, TEXT, span)], span, bind)
  return any === null || !isAll ? any : makeNot(any, span)
}

function applyOperator(
  { operator, span }: BinaryExpression,
  left: Expr,
  right: Expr,
  { bind }: ExprContext
): Expr | null {
  const comparison = comparisonOf(operator)
  if (comparison !== undefined) {
    if (isBareNull(left) || isBareNull(right)) report(bind, comparedWithNull(operator, span))
    return bindComparison(comparison, left, right, span, bind)
  }
  const name = operator === '||' ? joinOf(left, right) : functions[operator]
  if (name === undefined) {
    report(bind, notSupportedYet(`the operator ${operator}`, span))
    return null
  }
  const args = operator === '<@' ? [right, left] : [left, right]
  const call = applyFunction(name, args, span, bind)
  if (call === null) return null
  if (operator === '->>') return makeCast(call, TEXT, false, span)
  return operator === '!~' || operator === '!~*' ? makeNot(call, span) : call
}

function isBareNull({ kind, type }: Expr): boolean {
  return kind === 'Literal' && type.kind === 'Null'
}

/** What `||` is: of arrays it joins them, or adds a value at one end. */
function joinOf(left: Expr, right: Expr): string {
  const [depth, other] = [depthOf(left.type), depthOf(right.type)]
  if (depth === 0 && other === 0) return 'concatenate'
  const isOpen = (expr: Expr): boolean => expr.type.kind === 'Null' || isStringLiteral(expr)
  if (depth * other > 0 || isOpen(left) || isOpen(right)) return 'array_cat'
  return depth > other ? 'array_append' : 'array_prepend'
}

function depthOf(type: SqlType): number {
  return type.kind === 'Array' ? 1 + depthOf(type.element) : 0
}

/** What stands on the right side of `x = ANY(array)` or ALL(array); null for any other expression. */
export function elementsOf(
  expression: Expression
): { readonly array: Expression; readonly isAll: boolean } | null {
  if (expression.kind !== 'Call') return null
  const name = showName(expression.name).toLowerCase()
  const [arg, ...more] = expression.args
  if (!['any', 'some', 'all'].includes(name) || arg === undefined || more.length > 0) return null
  return { array: arg.value, isAll: name === 'all' }
}
