import {
  type AndExpressionContext,
  type ComparisonContext,
  type ExpressionContext,
  type ExpressionListContext,
  type IsExpressionContext,
  type IsTestContext,
  type NotExpressionContext,
  type OperationContext,
  ParserRuleContext,
  type PowerContext,
  type ProductContext,
  SumContext,
  TerminalNode,
  UnaryContext,
  type ZonedContext
} from '#grammar'
import type {
  BinaryOperator,
  Expression,
  LogicalExpression,
  UnaryExpression
} from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, deeper, spanAcross, spanOf, terminalSpan } from './builder.ts'
import { makeCall } from './make-call.ts'
import { buildMatch } from './match.ts'
import { buildPrimary } from './primary.ts'

export function buildExpression(cx: Builder, tree: ExpressionContext): Expression {
  const built = deeper(cx, 1, tree, () => {
    const operands = tree.andExpression()
    if (operands.length === 1) return buildAnd(cx, operands[0]!)
    return makeLogical(
      cx,
      tree,
      'OR',
      operands.map(operand => buildAnd(cx, operand))
    )
  })
  return built ?? placeholder(cx, tree)
}

export function buildExpressions(cx: Builder, tree: ExpressionListContext | null): Expression[] {
  return tree?.expression().map(expression => buildExpression(cx, expression)) ?? []
}

/** Stands for what is not built because a diagnostic says why not. */
export function placeholder(cx: Builder, tree: ParserRuleContext): Expression {
  return { kind: 'NullLiteral', span: spanOf(cx, tree) }
}

function buildAnd(cx: Builder, tree: AndExpressionContext): Expression {
  const operands = tree.notExpression()
  if (operands.length === 1) return buildNot(cx, operands[0]!)
  return makeLogical(
    cx,
    tree,
    'AND',
    operands.map(operand => buildNot(cx, operand))
  )
}

function makeLogical(
  cx: Builder,
  tree: ParserRuleContext,
  operator: 'AND' | 'OR',
  operands: readonly Expression[]
): LogicalExpression {
  return Object.freeze({ kind: 'Logical', span: spanOf(cx, tree), operator, operands })
}

function buildNot(cx: Builder, tree: NotExpressionContext): Expression {
  const nots = tree.KW_NOT()
  if (nots.length === 0) return buildIs(cx, tree.isExpression())
  const built = deeper(cx, nots.length, tree, () => {
    let expression = buildIs(cx, tree.isExpression())
    for (const not of nots.reverse()) {
      const span = spanAcross(terminalSpan(cx, not), expression.span)
      expression = Object.freeze({ kind: 'Not', span, operand: expression })
    }
    return expression
  })
  return built ?? placeholder(cx, tree)
}

function buildIs(cx: Builder, tree: IsExpressionContext): Expression {
  const tests = tree.isTest()
  if (tests.length === 0) return buildComparison(cx, tree.comparison())
  const built = deeper(cx, tests.length, tree, () => {
    let expression = buildComparison(cx, tree.comparison())
    for (const test of tests) expression = buildIsTest(cx, expression, test)
    return expression
  })
  return built ?? placeholder(cx, tree)
}

function buildIsTest(cx: Builder, operand: Expression, test: IsTestContext): Expression {
  const span = spanAcross(operand.span, spanOf(cx, test))
  const negated = test.KW_NOT() !== null
  const other = test.comparison()
  if (other !== null) {
    const right = buildComparison(cx, other)
    return Object.freeze({ kind: 'DistinctFrom', span, left: operand, right, negated })
  }
  const truth = test.KW_TRUE() !== null ? 'TRUE' : test.KW_FALSE() !== null ? 'FALSE' : null
  const what = truth ?? (test.KW_NULL() === null ? 'UNKNOWN' : 'NULL')
  return Object.freeze({ kind: 'Is', span, operand, test: what, negated })
}

function buildComparison(cx: Builder, tree: ComparisonContext): Expression {
  return foldLeft(cx, tree, tree.matching(), buildMatch)
}

export function buildOperation(cx: Builder, tree: OperationContext): Expression {
  return foldLeft(cx, tree, tree.sum(), buildSum)
}

function buildSum(cx: Builder, tree: SumContext): Expression {
  return foldLeft(cx, tree, tree.product(), buildProduct)
}

function buildProduct(cx: Builder, tree: ProductContext): Expression {
  return foldLeft(cx, tree, tree.power(), buildPower)
}

function buildPower(cx: Builder, tree: PowerContext): Expression {
  return foldLeft(cx, tree, tree.zoned(), buildZoned)
}

/** `a - b - c` is (a - b) - c, for every binary operator of PostgreSQL, `^` included. */
function foldLeft<T extends ParserRuleContext>(
  cx: Builder,
  tree: ParserRuleContext,
  operands: readonly T[],
  build: (cx: Builder, operand: T) => Expression
): Expression {
  if (operands.length === 1) return build(cx, operands[0]!)
  const built = deeper(cx, operands.length - 1, tree, () => {
    const operators = tree.children.filter(child => child instanceof TerminalNode)
    return operands.slice(1).reduce(
      (left, operand, at): Expression => {
        if (endsWithRoot(operands[at]!)) refuseRoot(cx, operators[at]!)
        const right = build(cx, operand)
        const text = operators[at]!.getText()
        const operator = (text === '!=' ? '<>' : text) as BinaryOperator
        const span = spanAcross(left.span, right.span)
        return Object.freeze({ kind: 'Binary', span, operator, left, right })
      },
      build(cx, operands[0]!)
    )
  })
  return built ?? placeholder(cx, tree)
}

/** Whether `|/` or `||/` stands in front of the last operand of a sum, a product or a power. */
function endsWithRoot(tree: ParserRuleContext): boolean {
  let at = tree
  while (!(at instanceof UnaryContext)) {
    const child = at.children.at(-1)
    if (at instanceof SumContext || !(child instanceof ParserRuleContext)) return false
    at = child
  }
  return at.SQUARE_ROOT().length + at.CUBE_ROOT().length > 0
}

function refuseRoot(cx: Builder, operator: TerminalNode): void {
  const span = terminalSpan(cx, operator)
  const expected = 'parentheses around what the root is of'
  cx.diagnostics.push(syntaxError(expected, `"${operator.getText()}"`, null, span))
}

/** `x AT TIME ZONE z` is timezone(z, x), as in PostgreSQL. */
function buildZoned(cx: Builder, tree: ZonedContext): Expression {
  const operands = tree.unary()
  if (operands.length === 1) return buildUnary(cx, operands[0]!)
  const built = deeper(cx, operands.length - 1, tree, () =>
    operands.slice(1).reduce(
      (time, operand): Expression => {
        const zone = buildUnary(cx, operand)
        return makeCall('timezone', [zone, time], spanAcross(time.span, zone.span))
      },
      buildUnary(cx, operands[0]!)
    )
  )
  return built ?? placeholder(cx, tree)
}

export function buildUnary(cx: Builder, tree: UnaryContext): Expression {
  const prefixes = tree.children.filter(child => child instanceof TerminalNode)
  if (prefixes.length === 0) return buildPrimary(cx, tree.primary())
  const built = deeper(cx, prefixes.length, tree, () => {
    let expression = buildPrimary(cx, tree.primary())
    for (const prefix of prefixes.reverse()) {
      const operator = prefix.getText() as UnaryExpression['operator']
      const span = spanAcross(terminalSpan(cx, prefix), expression.span)
      expression = Object.freeze({ kind: 'Unary', span, operator, operand: expression })
    }
    return expression
  })
  return built ?? placeholder(cx, tree)
}
