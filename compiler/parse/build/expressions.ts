import {
  type AllContext,
  type AndExpressionContext,
  type ComparisonContext,
  type ExpressionContext,
  type ExpressionListContext,
  type IsExpressionContext,
  type IsTestContext,
  type MatchingContext,
  type NotExpressionContext,
  ParserRuleContext,
  type PrimaryContext,
  SqlParser,
  SumContext,
  TerminalNode,
  UnaryContext,
  type ZonedContext
} from '#grammar'
import type {
  BinaryOperator,
  ComparisonOperator,
  Expression,
  LogicalExpression,
  UnaryExpression
} from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, deeper, spanAcross, spanOf, terminalSpan } from './builder.ts'
import { makeCall } from './make-call.ts'
import { buildMatch } from './match.ts'
import { buildPrimary } from './primary.ts'
import { findQuantifier, refuseQuery } from './quantifier.ts'
import { buildQuery } from './queries.ts'

export function buildExpression(cx: Builder, tree: ExpressionContext): Expression {
  return deeper(cx, 1, tree, () => buildOperand(cx, tree)) ?? placeholder(cx, tree)
}

/**
 * An expression's tree has a level for each precedence, and most hold one operand and nothing else: only the first one with more
 * is built.
 */
export function buildOperand(cx: Builder, tree: ParserRuleContext): Expression {
  let level = tree
  while (level.children.length === 1 && level.ruleIndex !== SqlParser.RULE_primary) {
    level = level.children[0] as ParserRuleContext
  }
  if (folded.has(level.ruleIndex)) {
    return foldLeft(
      cx,
      level,
      level.children.filter(child => child instanceof ParserRuleContext)
    )
  }
  switch (level.ruleIndex) {
    case SqlParser.RULE_expression:
      return buildOr(cx, level as ExpressionContext)
    case SqlParser.RULE_andExpression:
      return buildAnd(cx, level as AndExpressionContext)
    case SqlParser.RULE_notExpression:
      return buildNot(cx, level as NotExpressionContext)
    case SqlParser.RULE_isExpression:
      return buildIs(cx, level as IsExpressionContext)
    case SqlParser.RULE_comparison:
      return buildComparison(cx, level as ComparisonContext)
    case SqlParser.RULE_all:
      return buildAll(cx, level as AllContext)
    case SqlParser.RULE_matching:
      return buildMatch(cx, level as MatchingContext)
    case SqlParser.RULE_zoned:
      return buildZoned(cx, level as ZonedContext)
    case SqlParser.RULE_unary:
      return buildUnary(cx, level as UnaryContext)
    default:
      return buildPrimary(cx, level as PrimaryContext)
  }
}

/** Operands with operators between them. */
const folded: ReadonlySet<number> = new Set([
  SqlParser.RULE_operation,
  SqlParser.RULE_sum,
  SqlParser.RULE_product,
  SqlParser.RULE_power
])

/** `ALL (array)`, as ANY a call. */
export function buildAll(cx: Builder, tree: AllContext): Expression {
  if (tree.query() !== null) return refuseQuery(cx, tree)
  return makeCall('all', [buildExpression(cx, tree.expression()!)], spanOf(cx, tree))
}

/** A comparison with what a query gives, or of two operands. */
function buildComparison(cx: Builder, tree: ComparisonContext): Expression {
  const quantifier = findQuantifier(tree.comparand()!)
  if (quantifier === null) {
    const operands = tree.children.filter(child => child instanceof ParserRuleContext)
    return foldLeft(cx, tree, operands)
  }
  const { isAll } = quantifier
  const operand = buildOperand(cx, tree.matching())
  const query = buildQuery(cx, quantifier.query)
  const text = tree.children.find(child => child instanceof TerminalNode)!.getText()
  const operator = (text === '!=' ? '<>' : text) as ComparisonOperator
  const span = spanOf(cx, tree)
  const isIn = operator === (isAll ? '<>' : '=')
  return isIn
    ? Object.freeze({ kind: 'InQuery', span, operand, query, negated: isAll })
    : Object.freeze({ kind: 'Quantified', span, operator, isAll, operand, query })
}

function buildOr(cx: Builder, tree: ExpressionContext): Expression {
  return makeLogical(
    cx,
    tree,
    'OR',
    tree.andExpression().map(operand => buildOperand(cx, operand))
  )
}

export function buildExpressions(cx: Builder, tree: ExpressionListContext | null): Expression[] {
  return tree?.expression().map(expression => buildExpression(cx, expression)) ?? []
}

/** Stands for what is not built because a diagnostic says why not. */
export function placeholder(cx: Builder, tree: ParserRuleContext): Expression {
  return { kind: 'NullLiteral', span: spanOf(cx, tree) }
}

function buildAnd(cx: Builder, tree: AndExpressionContext): Expression {
  return makeLogical(
    cx,
    tree,
    'AND',
    tree.notExpression().map(operand => buildOperand(cx, operand))
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
  const built = deeper(cx, nots.length, tree, () => {
    let expression = buildOperand(cx, tree.isExpression())
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
  const built = deeper(cx, tests.length, tree, () => {
    let expression = buildOperand(cx, tree.comparison())
    for (const test of tests) expression = buildIsTest(cx, expression, test)
    return expression
  })
  return built ?? placeholder(cx, tree)
}

function buildIsTest(cx: Builder, operand: Expression, test: IsTestContext): Expression {
  const span = spanAcross(operand.span, spanOf(cx, test))
  const negated = test.KW_NOT() !== null || test.KW_NOTNULL() !== null
  if (test.KW_IS() === null)
    return Object.freeze({ kind: 'Is', span, operand, test: 'NULL', negated })
  if (test.KW_NORMALIZED() !== null) {
    const form = test.KW_NORMAL_FORM()?.getText().toUpperCase() ?? 'NFC'
    const literal = { kind: 'StringLiteral', span, value: form } as const
    const call = makeCall('is_normalized', [operand, literal], span)
    return negated ? Object.freeze({ kind: 'Not', span, operand: call }) : call
  }
  const other = test.comparison()
  if (other !== null) {
    const right = buildOperand(cx, other)
    return Object.freeze({ kind: 'DistinctFrom', span, left: operand, right, negated })
  }
  const truth = test.KW_TRUE() !== null ? 'TRUE' : test.KW_FALSE() !== null ? 'FALSE' : null
  const what = truth ?? (test.KW_NULL() === null ? 'UNKNOWN' : 'NULL')
  return Object.freeze({ kind: 'Is', span, operand, test: what, negated })
}

/** How PostgreSQL names the operators behind LIKE. */
const likeOperators: Readonly<
  Record<string, Pick<Expression & { kind: 'Like' }, 'operator' | 'negated'>>
> = {
  '~~': { operator: 'LIKE', negated: false },
  '~~*': { operator: 'ILIKE', negated: false },
  '!~~': { operator: 'LIKE', negated: true },
  '!~~*': { operator: 'ILIKE', negated: true }
}

/** `a - b - c` is (a - b) - c, for every binary operator of PostgreSQL, `^` included. */
function foldLeft(
  cx: Builder,
  tree: ParserRuleContext,
  operands: readonly ParserRuleContext[]
): Expression {
  const built = deeper(cx, operands.length - 1, tree, () => {
    const operators = tree.children.filter(child => child instanceof TerminalNode)
    return operands.slice(1).reduce(
      (left, operand, at): Expression => {
        if (endsWithRoot(operands[at]!)) refuseRoot(cx, operators[at]!)
        const right = buildOperand(cx, operand)
        const text = operators[at]!.getText()
        const operator = (text === '!=' ? '<>' : text) as BinaryOperator
        const span = spanAcross(left.span, right.span)
        const like = likeOperators[text]
        if (like !== undefined) {
          const shared = {
            kind: 'Like',
            span,
            operand: left,
            pattern: right,
            escape: null
          } as const
          return Object.freeze({ ...shared, ...like })
        }
        return Object.freeze({ kind: 'Binary', span, operator, left, right })
      },
      buildOperand(cx, operands[0]!)
    )
  })
  return built ?? placeholder(cx, tree)
}

/** Whether `|/`, `||/`, `~` or `@` stands in front of the last operand of a sum, a product or a power. */
function endsWithRoot(tree: ParserRuleContext): boolean {
  let at = tree
  while (!(at instanceof UnaryContext)) {
    const child = at.children.at(-1)
    if (at instanceof SumContext || !(child instanceof ParserRuleContext)) return false
    at = child
  }
  const prefixes = [at.SQUARE_ROOT(), at.CUBE_ROOT(), at.MATCH(), at.AT_SIGN()]
  return prefixes.some(found => found.length > 0)
}

function refuseRoot(cx: Builder, operator: TerminalNode): void {
  const span = terminalSpan(cx, operator)
  const expected = 'parentheses around what the operator in front takes'
  cx.diagnostics.push(syntaxError(expected, `"${operator.getText()}"`, null, span))
}

/** `x AT TIME ZONE z` is timezone(z, x), as in PostgreSQL. */
function buildZoned(cx: Builder, tree: ZonedContext): Expression {
  const operands = tree.unary()
  const built = deeper(cx, operands.length - 1, tree, () =>
    operands.slice(1).reduce(
      (time, operand): Expression => {
        const zone = buildOperand(cx, operand)
        return makeCall('timezone', [zone, time], spanAcross(time.span, zone.span))
      },
      buildOperand(cx, operands[0]!)
    )
  )
  return built ?? placeholder(cx, tree)
}

function buildUnary(cx: Builder, tree: UnaryContext): Expression {
  const prefixes = tree.children.filter(child => child instanceof TerminalNode)
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
