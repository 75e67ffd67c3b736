import type {
  ArrayItemsContext,
  ParenthesizedContext,
  PostfixContext,
  PrimaryContext,
  SimpleContext,
  SubscriptContext
} from '#grammar'
import type { Expression, Identifier } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, deeper, spanAcross, spanOf } from './builder.ts'
import { buildCall } from './calls.ts'
import { buildExpression, buildExpressions, placeholder } from './expressions.ts'
import { buildCase, buildInterval } from './literals.ts'
import { makeCall } from './make-call.ts'
import { collate } from './collate.ts'
import { buildIdentifier, buildTypeName } from './names.ts'
import { refuseQuery } from './quantifier.ts'
import { buildQuery } from './queries.ts'
import { buildQueryArray } from './query-array.ts'
import { buildString } from './strings.ts'

export function buildPrimary(cx: Builder, tree: PrimaryContext): Expression {
  const simple = tree.simple()
  if (simple !== null) return buildSimple(cx, simple, tree.postfix())
  const parenthesized = tree.parenthesized()!
  return buildPostfixes(cx, tree, buildParenthesized(cx, parenthesized), tree.postfix())
}

/** A name takes the `.x` and `.x(...)` behind it into itself; on anything else `.x` reads a field. */
export function buildSimple(
  cx: Builder,
  tree: SimpleContext,
  postfixes: readonly PostfixContext[]
): Expression {
  const identifier = tree.identifier()
  const isName = identifier !== null && tree.children.length === 1
  if (!isName) return buildPostfixes(cx, tree, buildAtom(cx, tree), postfixes)

  const parts = [buildIdentifier(cx, identifier)]
  let taken = 0
  for (const postfix of postfixes) {
    const next = postfix.identifier()
    if (next === null && postfix.DOT_STAR() === null) break
    taken++
    if (next !== null) parts.push(buildIdentifier(cx, next))
    const call = postfix.call()
    if (next !== null && call === null) continue
    const name = makeName(parts)
    const span = spanAcross(name.span, spanOf(cx, postfix))
    const built: Expression =
      call === null
        ? Object.freeze({ kind: 'Star', span, qualifier: name })
        : buildCall(cx, name, call, span)
    return buildPostfixes(cx, tree, built, postfixes.slice(taken))
  }
  return buildPostfixes(cx, tree, nameOrConstant(parts), postfixes.slice(taken))
}

/** Functions that SQL writes without parentheses. */
const parenless = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp'
])

function nameOrConstant(parts: readonly Identifier[]): Expression {
  const name = makeName(parts)
  const only = parts[0]!
  if (parts.length === 1 && !only.quoted && parenless.has(only.name.toLowerCase())) {
    return makeCall(only.name, [], only.span)
  }
  return Object.freeze({ kind: 'Name', span: name.span, name })
}

function makeName(parts: readonly Identifier[]) {
  const span = spanAcross(parts[0]!.span, parts.at(-1)!.span)
  return Object.freeze({ kind: 'QualifiedName', span, parts } as const)
}

function buildPostfixes(
  cx: Builder,
  tree: SimpleContext | PrimaryContext,
  base: Expression,
  postfixes: readonly PostfixContext[]
): Expression {
  if (postfixes.length === 0) return base
  const built = deeper(cx, postfixes.length, tree, () =>
    postfixes.reduce((operand, postfix) => buildPostfix(cx, operand, postfix), base)
  )
  return built ?? placeholder(cx, tree)
}

function buildPostfix(cx: Builder, operand: Expression, tree: PostfixContext): Expression {
  const span = spanAcross(operand.span, spanOf(cx, tree))
  const type = tree.typeName()
  if (type !== null) {
    return Object.freeze({
      kind: 'Cast',
      span,
      operand,
      type: buildTypeName(cx, type),
      safe: false
    })
  }
  if (tree.KW_COLLATE() !== null) return collate(cx, operand, tree.collation()!)
  const subscript = tree.subscript()
  if (subscript !== null) return buildSubscript(cx, operand, subscript, span)
  const field = tree.identifier()
  if (field !== null && tree.call() === null) {
    const name = buildIdentifier(cx, field)
    return Object.freeze({ kind: 'FieldAccess', span, operand, field: name })
  }
  const found = field === null ? '"*"' : 'a call'
  cx.diagnostics.push(syntaxError('a field', found, null, spanOf(cx, tree)))
  return operand
}

/** `a[i]` and `a[from:to]`. */
function buildSubscript(
  cx: Builder,
  operand: Expression,
  tree: SubscriptContext,
  span: Span
): Expression {
  const first = tree.expression()
  const start = first === null ? null : buildExpression(cx, first)
  const end = tree.sliceEnd()
  if (end === null && start !== null) {
    return Object.freeze({ kind: 'Subscript', span, operand, index: start })
  }
  const last = end?.expression() ?? null
  const to = last === null ? null : buildExpression(cx, last)
  return Object.freeze({ kind: 'Slice', span, operand, from: start, to })
}

function buildAtom(cx: Builder, tree: SimpleContext): Expression {
  const span = spanOf(cx, tree)
  const identifier = tree.identifier()
  const string = tree.stringLiteral()
  const call = tree.call()
  const rows = tree.KW_ARRAY() === null ? null : tree.query()
  if (rows !== null) return buildQueryArray(cx, rows)
  if (tree.KW_INTERVAL() !== null) return buildInterval(cx, tree)
  if (tree.KW_CASE() !== null) return buildCase(cx, tree)
  if (call !== null) {
    const name = identifier === null ? unnest(cx, tree) : buildIdentifier(cx, identifier)
    return buildCall(cx, makeName([name]), call, span)
  }
  if (string !== null) {
    const value = buildString(cx, string)
    if (identifier === null) return Object.freeze({ kind: 'StringLiteral', span, value })
    const name = identifier.getText().toUpperCase()
    const type = { kind: 'TypeName', span: spanOf(cx, identifier), name } as const
    const full = Object.freeze({ ...type, parameters: [], elements: [], fields: [] })
    return Object.freeze({ kind: 'TypedLiteral', span, type: full, value })
  }
  return buildKeywordAtom(cx, tree)
}

function unnest(cx: Builder, tree: SimpleContext): Identifier {
  const token = tree.KW_UNNEST()!.symbol
  const span = { ...spanOf(cx, tree), end: token.stop + 1 }
  return Object.freeze({ kind: 'Identifier', span, name: token.text ?? '', quoted: false })
}

function buildKeywordAtom(cx: Builder, tree: SimpleContext): Expression {
  const span = spanOf(cx, tree)
  const number = tree.NUMBER()
  if (number !== null) return Object.freeze({ kind: 'NumberLiteral', span, text: number.getText() })
  const type = tree.typeName()
  if (type !== null) {
    const operand = buildExpression(cx, tree.expression(0)!)
    const safe = tree.KW_TRY_CAST() !== null
    return Object.freeze({ kind: 'Cast', span, operand, type: buildTypeName(cx, type), safe })
  }
  const query = tree.query()
  if (query !== null) {
    if (tree.KW_EXISTS() === null) return refuseQuery(cx, tree)
    return Object.freeze({ kind: 'Exists', span, query: buildQuery(cx, query) })
  }
  const items = tree.arrayItems()
  if (items !== null) return buildArray(cx, items, span)
  if (tree.KW_ROW() !== null) {
    const fields = buildExpressions(cx, tree.expressionList())
    return Object.freeze({ kind: 'RowConstructor', span, items: fields })
  }
  if (tree.KW_NULL() !== null) return Object.freeze({ kind: 'NullLiteral', span })
  return Object.freeze({ kind: 'BooleanLiteral', span, value: tree.KW_TRUE() !== null })
}

/** `ARRAY[[1, 2], [3]]` is short for `ARRAY[ARRAY[1, 2], ARRAY[3]]`. */
function buildArray(cx: Builder, tree: ArrayItemsContext, span: Span): Expression {
  const inner = tree.arrayItems()
  const build = (): readonly Expression[] =>
    inner.length === 0
      ? buildExpressions(cx, tree.expressionList())
      : inner.map(items => buildArray(cx, items, spanOf(cx, items)))
  const items = deeper(cx, 1, tree, build)
  if (items === null) return placeholder(cx, tree)
  return Object.freeze({ kind: 'ArrayConstructor', span, items })
}

function buildParenthesized(cx: Builder, tree: ParenthesizedContext): Expression {
  const span = spanOf(cx, tree)
  const query = tree.query()
  if (query !== null) return Object.freeze({ kind: 'Subquery', span, query: buildQuery(cx, query) })
  const items = buildExpressions(cx, tree.expressionList())
  if (items.length === 1) return items[0]!
  if (items.length > 1) return Object.freeze({ kind: 'RowConstructor', span, items })
  cx.diagnostics.push(syntaxError('an expression', '")"', null, spanOf(cx, tree)))
  return placeholder(cx, tree)
}
