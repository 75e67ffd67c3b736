import type {
  ExpressionContext,
  WindowArgumentContext,
  WindowCallContext,
  WindowInputContext
} from '#grammar'
import type { Alias, CallArgument, Expression, Relation, WindowRelation } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildExpression, placeholder } from './expressions.ts'
import { buildQualifiedName } from './names.ts'
import { buildQuery } from './queries.ts'

/** The names that Flink gives the first two arguments. */
const inputName = 'data'
const timeName = 'timecol'

/** TUMBLE, HOP, SESSION, CUMULATE: input and time by place or by name, with or without TABLE and DESCRIPTOR. */
export function buildWindow(
  cx: Builder,
  tree: WindowCallContext,
  alias: Alias | null,
  span: Span
): WindowRelation {
  const rest = [...tree.windowArgument()]
  const input = take(rest, inputName)
  const time = take(rest, timeName)
  const word = tree.start?.text ?? ''
  if (input === null || time === null) {
    const missing = input === null ? 'the input table' : 'the time column'
    const hint = `Write ${word}(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE).`
    cx.diagnostics.push(syntaxError(missing, '")"', hint, spanOf(cx, tree)))
  }
  return Object.freeze({
    kind: 'WindowRelation',
    span,
    function: word.toUpperCase() as WindowRelation['function'],
    input: input === null ? noInput(cx, tree) : buildInput(cx, input),
    partitionBy: input === null ? [] : buildPartition(cx, input),
    time: time === null ? placeholder(cx, tree) : buildTime(cx, time),
    args: rest.map(argument => buildWindowArgument(cx, argument)),
    alias
  })
}

/** Removes the argument of that name, or else the first that has none. */
function take(rest: WindowArgumentContext[], name: string): WindowArgumentContext | null {
  const named = rest.findIndex(argument => nameOf(argument)?.getText().toLowerCase() === name)
  const at = named >= 0 ? named : rest.findIndex(argument => nameOf(argument) === null)
  return at < 0 ? null : rest.splice(at, 1)[0]!
}

function nameOf(tree: WindowArgumentContext): ExpressionContext | null {
  return tree.NAMED_ARGUMENT() === null ? null : tree.expression(0)
}

function valueOf(tree: WindowArgumentContext): ExpressionContext | null {
  return tree.expression().at(tree.NAMED_ARGUMENT() === null ? 0 : 1) ?? null
}

function noInput(cx: Builder, tree: WindowCallContext): Relation {
  return {
    kind: 'UnnestRelation',
    span: spanOf(cx, tree),
    args: [],
    withOrdinality: false,
    alias: null
  }
}

function buildInput(cx: Builder, tree: WindowArgumentContext): Relation {
  const table = tree.windowInput()
  if (table !== null) return buildTableInput(cx, table)
  const expression = buildExpression(cx, valueOf(tree)!)
  const { span } = expression
  if (expression.kind === 'Name') {
    return { kind: 'TableRelation', span, name: expression.name, alias: null, asOf: null }
  }
  if (expression.kind === 'Subquery') {
    return { kind: 'DerivedRelation', span, query: expression.query, alias: null }
  }
  cx.diagnostics.push(syntaxError('a table or a query', 'an expression', null, span))
  return { kind: 'UnnestRelation', span, args: [], withOrdinality: false, alias: null }
}

function buildTableInput(cx: Builder, tree: WindowInputContext): Relation {
  const span = spanOf(cx, tree)
  const query = tree.query()
  if (query !== null) {
    return { kind: 'DerivedRelation', span, query: buildQuery(cx, query), alias: null }
  }
  const name = buildQualifiedName(cx, tree.qualifiedName()!)
  return { kind: 'TableRelation', span: name.span, name, alias: null, asOf: null }
}

/** `PARTITION BY a` or `PARTITION BY (a, b)`. */
function buildPartition(cx: Builder, tree: WindowArgumentContext): readonly Expression[] {
  const partition = tree.windowPartition() ?? tree.windowInput()?.windowPartition() ?? null
  if (partition === null) return []
  const expression = buildExpression(cx, partition.expression())
  return expression.kind === 'RowConstructor' ? expression.items : [expression]
}

/** The column inside DESCRIPTOR(...), which may be left out. */
function buildTime(cx: Builder, tree: WindowArgumentContext): Expression {
  const value = valueOf(tree)
  if (value === null) {
    const hint = 'The table comes first, then the time column.'
    cx.diagnostics.push(syntaxError('the time column', 'TABLE', hint, spanOf(cx, tree)))
    return placeholder(cx, tree)
  }
  const expression = buildExpression(cx, value)
  const isDescriptor =
    expression.kind === 'Call' && expression.name.parts[0]!.name.toLowerCase() === 'descriptor'
  if (!isDescriptor) return expression
  const [only] = expression.args
  if (expression.args.length === 1) return only!.value
  cx.diagnostics.push(syntaxError('DESCRIPTOR of one column', 'several', null, expression.span))
  return expression
}

function buildWindowArgument(cx: Builder, tree: WindowArgumentContext): CallArgument {
  const value = valueOf(tree)
  if (value === null) {
    cx.diagnostics.push(syntaxError('an interval', 'TABLE', null, spanOf(cx, tree)))
    return { name: null, value: placeholder(cx, tree) }
  }
  const name = nameOf(tree)
  const built = name === null ? null : buildExpression(cx, name)
  if (built !== null && (built.kind !== 'Name' || built.name.parts.length !== 1)) {
    cx.diagnostics.push(syntaxError('a name before "=>"', 'an expression', null, built.span))
  }
  return {
    name: built?.kind === 'Name' ? built.name.parts[0]! : null,
    value: buildExpression(cx, value)
  }
}
