import type { InTargetContext, MatchingContext, MatchingTestContext } from '#grammar'
import type { Expression } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, spanAcross, spanOf } from './builder.ts'
import { buildAll, buildExpressions, buildOperand, placeholder } from './expressions.ts'
import { buildSimple } from './primary.ts'
import { buildQuery } from './queries.ts'

/** BETWEEN, IN, LIKE, ILIKE, SIMILAR TO. */
export function buildMatch(cx: Builder, tree: MatchingContext): Expression {
  const operand = buildOperand(cx, tree.operation())
  const test = tree.matchingTest()
  if (test === null) return operand
  const shared = {
    span: spanAcross(operand.span, spanOf(cx, test)),
    operand,
    negated: test.KW_NOT() !== null
  }
  const target = test.inTarget()
  if (target !== null) return buildIn(cx, shared, target)
  const [first, second] = test.operation()
  if (test.KW_BETWEEN() !== null) {
    return Object.freeze({
      kind: 'Between',
      ...shared,
      low: buildOperand(cx, first!),
      high: buildOperand(cx, second!),
      symmetric: test.KW_SYMMETRIC() !== null
    })
  }
  const all = test.all()
  return Object.freeze({
    kind: 'Like',
    ...shared,
    operator: likeOperator(test),
    pattern: all === null ? buildOperand(cx, first!) : buildAll(cx, all),
    escape: second === undefined ? null : buildOperand(cx, second)
  })
}

function likeOperator(test: MatchingTestContext): 'LIKE' | 'ILIKE' | 'SIMILAR TO' {
  if (test.KW_LIKE() !== null) return 'LIKE'
  return test.KW_ILIKE() === null ? 'SIMILAR TO' : 'ILIKE'
}

type Shared = Pick<Expression & { kind: 'InList' }, 'span' | 'operand' | 'negated'>

function buildIn(cx: Builder, shared: Shared, target: InTargetContext): Expression {
  const query = target.query()
  if (query !== null)
    return Object.freeze({ kind: 'InQuery', ...shared, query: buildQuery(cx, query) })
  const simple = target.simple()
  if (simple !== null) {
    const hint = 'IN takes a list or a query in parentheses.'
    const found = `"${simple.start?.text ?? ''}"`
    cx.diagnostics.push(syntaxError('"("', found, hint, spanOf(cx, simple)))
    return placeholder(cx, simple)
  }
  const items = buildExpressions(cx, target.expressionList())
  // IN ((SELECT ...)) asks the query's rows, as in PostgreSQL, and not its one value.
  const [only] = items
  return items.length === 1 && only?.kind === 'Subquery'
    ? Object.freeze({ kind: 'InQuery', ...shared, query: only.query })
    : Object.freeze({ kind: 'InList', ...shared, items })
}

/** The b of POSITION(a IN b). */
export function buildPositionTarget(cx: Builder, target: InTargetContext): Expression {
  const query = target.query()
  if (query !== null) {
    return Object.freeze({
      kind: 'Subquery',
      span: spanOf(cx, target),
      query: buildQuery(cx, query)
    })
  }
  const simple = target.simple()
  if (simple !== null) return buildSimple(cx, simple, target.postfix())
  const items = buildExpressions(cx, target.expressionList())
  if (items.length === 1) return items[0]!
  cx.diagnostics.push(syntaxError('one expression', 'a list', null, spanOf(cx, target)))
  return placeholder(cx, target)
}
