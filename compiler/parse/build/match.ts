import type { InTargetContext, MatchingContext, MatchingTestContext } from '#grammar'
import type { Expression } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, spanAcross, spanOf } from './builder.ts'
import { buildExpressions, buildOperand, placeholder } from './expressions.ts'
import { makeCall } from './make-call.ts'
import { buildSimple } from './primary.ts'
import { findQuantifier, type Quantifier } from './quantifier.ts'
import { buildQuery } from './queries.ts'
import { buildQueryArray } from './query-array.ts'

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
  if (test.KW_OVERLAPS() !== null) {
    return buildOverlaps(cx, shared, buildOperand(cx, first!))
  }
  const all = test.all()
  const quantifier = findQuantifier(all ?? first!)
  return Object.freeze({
    kind: 'Like',
    ...shared,
    operator: likeOperator(test),
    pattern: quantifier === null ? buildOperand(cx, all ?? first!) : buildEach(cx, quantifier),
    escape: second === undefined ? null : buildOperand(cx, second)
  })
}

function likeOperator(test: MatchingTestContext): 'LIKE' | 'ILIKE' | 'SIMILAR TO' {
  if (test.KW_LIKE() !== null) return 'LIKE'
  return test.KW_ILIKE() === null ? 'SIMILAR TO' : 'ILIKE'
}

/** `LIKE ANY (query)` is LIKE ANY of the array of what the query gives. */
function buildEach(cx: Builder, { isAll, query }: Quantifier): Expression {
  const span = spanOf(cx, query)
  return makeCall(isAll ? 'all' : 'any', [buildQueryArray(cx, query)], span)
}

/** `(a, b) OVERLAPS (c, d)` is overlaps(a, b, c, d), as in PostgreSQL. */
function buildOverlaps(cx: Builder, { operand, span, negated }: Shared, other: Expression) {
  const ends = [operand, other].flatMap(row => {
    if (row.kind === 'RowConstructor' && row.items.length === 2) return row.items
    const found = row.kind === 'RowConstructor' ? `${row.items.length} values` : 'one value'
    cx.diagnostics.push(syntaxError('a start and an end', found, null, row.span))
    return []
  })
  if (ends.length < 4) return { kind: 'NullLiteral', span } as const
  const call = makeCall('overlaps', ends, span)
  return negated ? Object.freeze({ kind: 'Not', span, operand: call } as const) : call
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
