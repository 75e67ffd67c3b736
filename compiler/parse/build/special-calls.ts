import {
  type CallArgumentsContext,
  type ExpressionContext,
  MatchingContext,
  ParserRuleContext,
  type TrimSideContext
} from '#grammar'
import type { CallArgument, Expression, QualifiedName } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, spanOf, terminalSpan } from './builder.ts'
import { buildExpression, buildOperand } from './expressions.ts'
import { makeCall } from './make-call.ts'
import { buildPositionTarget } from './match.ts'

interface SpecialCall {
  readonly name: QualifiedName
  readonly args: readonly CallArgument[]
}

/** What the separators between the arguments may be, and how the arguments become those of an ordinary call. */
interface Form {
  readonly separators: readonly string[]
  readonly name?: string
  readonly order: (args: readonly Expression[], separators: string) => readonly Expression[]
}

const forms = new Map<string, Form>([
  ['extract', { separators: ['FROM'], order: ([field, from]) => [asText(field!), from!] }],
  [
    'substring',
    {
      separators: ['FROM', 'FOR', 'FROM FOR', 'FOR FROM'],
      order: ([text, a, b], separators) => {
        if (separators === 'FOR') return [text!, one(a!), a!]
        return separators === 'FOR FROM' ? [text!, b!, a!] : [text!, a!, b].filter(isGiven)
      }
    }
  ],
  ['overlay', { separators: ['PLACING FROM', 'PLACING FROM FOR'], order: args => args }],
  [
    'trim',
    { separators: ['FROM'], name: 'btrim', order: ([characters, text]) => [text!, characters!] }
  ]
])

/** Arguments that are not separated by commas, or null for an ordinary call. */
export function specialArguments(
  cx: Builder,
  name: QualifiedName,
  tree: CallArgumentsContext
): SpecialCall | null {
  const called = name.parts.at(-1)!
  const key = called.name.toLowerCase()
  if (key === 'position') return positionCall(cx, name, tree)
  if (tree.KW_FROM() !== null) return trimFrom(cx, name, tree)
  const separators = tree.argumentSeparator().map(separator => separator.getText().toUpperCase())
  const side = tree.trimSide()
  if (side === null && separators.every(separator => separator === ',')) {
    return plainForm(cx, name, tree)
  }

  if (key === 'json_object' && areMembers(separators)) {
    const members = tree.argument().map(argument => buildExpression(cx, argument.expression(0)!))
    return { name, args: positional(members.map(withoutKey)) }
  }
  const form = forms.get(key)
  const joined = separators.join(' ')
  const args = tree.argument().map(argument => buildExpression(cx, argument.expression(0)!))
  if (side !== null) return trimCall(cx, name, tree, side, args)
  if (form === undefined || !form.separators.includes(joined)) {
    const wrong = tree.argumentSeparator().find(separator => separator.COMMA() === null)!
    const text = wrong.getText().toUpperCase()
    const found = text === ':' ? '":"' : text
    cx.diagnostics.push(syntaxError('"," or ")"', found, null, spanOf(cx, wrong)))
    return { name, args: [] }
  }
  const renamed = form.name === undefined ? name : rename(name, form.name)
  return { name: renamed, args: positional(form.order(args, joined)) }
}

/** Calls that leave something out: `age(x)` is age(current_date, x), `current_timestamp(3)` has the precision of all times. */
function plainForm(
  cx: Builder,
  name: QualifiedName,
  tree: CallArgumentsContext
): SpecialCall | null {
  const [argument, ...more] = tree.argument()
  const key = name.parts.at(-1)!.name.toLowerCase()
  const isAlone = more.length === 0 && argument!.expression().length === 1
  if (!isAlone || name.parts.length > 1) return null
  if (key === 'age') {
    const today = makeCall('current_date', [], spanOf(cx, tree))
    return { name, args: positional([today, buildExpression(cx, argument!.expression(0)!)]) }
  }
  const precision = tree.getText()
  return precise.has(key) && /^[3-6]$/.test(precision) ? { name, args: [] } : null
}

/** Functions whose times may be asked for with so many digits of a second; they have three. */
const precise = new Set(['current_timestamp', 'localtimestamp', 'current_time', 'localtime'])

/** Each key is followed by a colon or VALUE, each value but the last by a comma. */
function areMembers(separators: readonly string[]): boolean {
  const fits = (separator: string, i: number) =>
    i % 2 === 0 ? separator === ':' || separator === 'VALUE' : separator === ','
  return separators.length % 2 === 1 && separators.every(fits)
}

/** `KEY 'a'` reads as a literal of a type. */
function withoutKey(member: Expression): Expression {
  if (member.kind !== 'TypedLiteral' || member.type.name !== 'KEY') return member
  return { kind: 'StringLiteral', span: member.span, value: member.value }
}

/** POSITION(a IN b) reads as one argument: an IN test. */
function positionCall(
  cx: Builder,
  name: QualifiedName,
  tree: CallArgumentsContext
): SpecialCall | null {
  const [argument, ...more] = tree.argument()
  const expressions = argument?.expression() ?? []
  if (more.length > 0 || expressions.length !== 1) return null
  const match = soleMatch(expressions[0]!)
  const target = match?.matchingTest()?.inTarget() ?? null
  if (match === null || target === null || match.matchingTest()!.KW_NOT() !== null) return null
  const part = buildOperand(cx, match.operation())
  return { name, args: positional([part, buildPositionTarget(cx, target)]) }
}

/** The IN, LIKE or BETWEEN test that an expression consists of. */
function soleMatch(tree: ExpressionContext): MatchingContext | null {
  let at: ParserRuleContext = tree
  while (!(at instanceof MatchingContext)) {
    const child = at.children[0]
    if (at.children.length !== 1 || !(child instanceof ParserRuleContext)) return null
    at = child
  }
  return at
}

/** TRIM(LEADING 'x' FROM y) is ltrim(y, 'x'); without characters ltrim(y). */
function trimCall(
  cx: Builder,
  name: QualifiedName,
  tree: CallArgumentsContext,
  side: TrimSideContext,
  args: readonly Expression[]
): SpecialCall {
  const trim =
    side.KW_LEADING() !== null ? 'ltrim' : side.KW_TRAILING() !== null ? 'rtrim' : 'btrim'
  const separators = tree.argumentSeparator()
  const written = separators.map(separator => separator.getText().toUpperCase()).join(' ')
  const ordered = trimArguments(written, args)
  if (ordered !== null) return { name: rename(name, trim), args: positional(ordered) }
  cx.diagnostics.push(syntaxError('FROM', '","', null, spanOf(cx, separators[0] ?? side)))
  return { name, args: [] }
}

/** TRIM(FROM a, 'x'): the side is both. */
function trimFrom(cx: Builder, name: QualifiedName, tree: CallArgumentsContext): SpecialCall {
  const args = tree.argument().map(argument => buildExpression(cx, argument.expression(0)!))
  if (name.parts.at(-1)!.name.toLowerCase() === 'trim') {
    return { name: rename(name, 'btrim'), args: positional(args) }
  }
  const from = terminalSpan(cx, tree.KW_FROM()!)
  cx.diagnostics.push(syntaxError('an expression or ")"', 'FROM', null, from))
  return { name, args: [] }
}

/** The text, and the characters if they are given: `c FROM t`, `FROM t`, `FROM t, c`, `t, c` or `t`. */
function trimArguments(
  separators: string,
  [first, second]: readonly Expression[]
): readonly (Expression | undefined)[] | null {
  if (first === undefined) return null
  if (separators === 'FROM' && second !== undefined) return [second, first]
  return ['', 'FROM', ',', 'FROM ,'].includes(separators) ? [first, second] : null
}

function rename(name: QualifiedName, to: string): QualifiedName {
  const last = name.parts.at(-1)!
  return { ...name, parts: [...name.parts.slice(0, -1), { ...last, name: to }] }
}

function positional(args: readonly (Expression | undefined)[]): CallArgument[] {
  return args.filter(isGiven).map(value => ({ name: null, value }))
}

function isGiven(expression: Expression | undefined): expression is Expression {
  return expression !== undefined
}

/** The field of EXTRACT(hour FROM t) is a word, and so is a string here. */
function asText(field: Expression): Expression {
  if (field.kind !== 'Name' || field.name.parts.length !== 1) return field
  return { kind: 'StringLiteral', span: field.span, value: field.name.parts[0]!.name.toLowerCase() }
}

function one(beside: Expression): Expression {
  return { kind: 'NumberLiteral', span: beside.span, text: '1' }
}
