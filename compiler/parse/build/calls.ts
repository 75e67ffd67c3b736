import type {
  ArgumentContext,
  CallArgumentsContext,
  CallContext,
  FrameBoundContext,
  FrameContext,
  IdentifierContext,
  NamedWindowContext,
  OverClauseContext
} from '#grammar'
import type {
  CallArgument,
  CallExpression,
  Expression,
  Frame,
  FrameBound,
  OverClause,
  QualifiedName
} from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildExpression, buildExpressions, buildOperand } from './expressions.ts'
import { buildJsonValue } from './json-value.ts'
import { buildIdentifier } from './names.ts'
import { buildSortItems } from './queries.ts'
import { specialArguments } from './special-calls.ts'

export function buildCall(
  cx: Builder,
  name: QualifiedName,
  tree: CallContext,
  span: Span
): Expression {
  const args = tree.callArguments()
  const withinGroup = tree.withinGroup()
  const filter = tree.filterClause()
  const over = tree.overClause()
  const call: CallExpression = Object.freeze({
    kind: 'Call',
    span,
    ...nameAndArguments(cx, name, args),
    distinct: (args?.KW_DISTINCT() ?? null) !== null,
    orderBy: buildSortItems(cx, args?.orderBy() ?? null),
    withinGroup: withinGroup === null ? null : buildSortItems(cx, withinGroup.orderBy()),
    filter: filter === null ? null : buildExpression(cx, filter.expression()),
    over: over === null ? null : buildOver(cx, over)
  })
  return args === null ? call : buildJsonValue(cx, call, args)
}

function nameAndArguments(
  cx: Builder,
  name: QualifiedName,
  tree: CallArgumentsContext | null
): Pick<CallExpression, 'name' | 'args'> {
  if (tree === null) return { name, args: [] }
  const star = tree.STAR()
  if (star !== null) {
    const value = { kind: 'Star', span: spanOf(cx, tree), qualifier: null } as const
    return { name, args: [{ name: null, value }] }
  }
  const special = specialArguments(cx, name, tree)
  return special ?? { name, args: tree.argument().map(argument => buildArgument(cx, argument)) }
}

/** `x` or `SIZE => x`. */
export function buildArgument(cx: Builder, tree: ArgumentContext): CallArgument {
  const first = buildExpression(cx, tree.expression(0)!)
  const second = tree.expression(1)
  if (second === null) return { name: null, value: first }
  const value = buildExpression(cx, second)
  if (first.kind === 'Name' && first.name.parts.length === 1) {
    return { name: first.name.parts[0]!, value }
  }
  cx.diagnostics.push(syntaxError('a name before "=>"', 'an expression', null, first.span))
  return { name: null, value }
}

function buildOver(cx: Builder, tree: OverClauseContext): OverClause {
  return buildWindowParts(cx, tree, tree.identifier())
}

/** What stands in the parentheses of OVER, or of a window in WINDOW. */
export function buildWindowParts(
  cx: Builder,
  tree: OverClauseContext | NamedWindowContext,
  base: IdentifierContext | null
): OverClause {
  const frame = tree.frame()
  return Object.freeze({
    kind: 'Over',
    span: spanOf(cx, tree),
    base: base === null ? null : buildIdentifier(cx, base),
    partitionBy: buildExpressions(cx, tree.partitionBy()?.expressionList() ?? null),
    orderBy: buildSortItems(cx, tree.orderBy()),
    frame: frame === null ? null : buildFrame(cx, frame)
  })
}

function buildFrame(cx: Builder, tree: FrameContext): Frame {
  const [start, end] = tree.frameBound()
  return Object.freeze({
    kind: 'Frame',
    span: spanOf(cx, tree),
    unit: tree.KW_ROWS() === null ? 'RANGE' : 'ROWS',
    start: buildFrameBound(cx, start!),
    end: end === undefined ? null : buildFrameBound(cx, end)
  })
}

function buildFrameBound(cx: Builder, tree: FrameBoundContext): FrameBound {
  const isBefore = tree.KW_PRECEDING() !== null
  if (tree.KW_CURRENT() !== null) return { kind: 'CurrentRow' }
  if (tree.KW_UNBOUNDED() !== null) {
    return { kind: isBefore ? 'UnboundedPreceding' : 'UnboundedFollowing' }
  }
  const offset = buildOperand(cx, tree.operation()!)
  return { kind: isBefore ? 'Preceding' : 'Following', offset }
}
