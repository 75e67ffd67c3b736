import {
  argumentTypes,
  invalidArgument,
  operatorTypes
} from '../../diagnostics/bind-expressions.ts'
import {
  entryOf,
  type FunctionEntry,
  parameterType,
  resolveSignature,
  type Signature
} from '../../functions/index.ts'
import { type Expr, makeCall, makeCase, makeLiteral, makeNot } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { JSON_TYPE, showType, TEXT } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { castHint } from './cast-hint.ts'
import { coerce, isStringLiteral } from './coerce.ts'

/** A call of a catalogue entry: the overload that fits best, its arguments coerced; null after a diagnostic. */
export function applyFunction(
  name: string,
  args: readonly Expr[],
  span: Span,
  cx: BindContext
): Expr | null {
  const entry = entryOf(name)
  const signature = resolveSignature(
    entry,
    args.map(expr => ({ type: expr.type, isStringLiteral: isStringLiteral(expr) }))
  )
  if (signature === null) {
    const found = args.map(expr => showType(expr.type))
    if (entry.kind === 'operator' && entry.symbol !== null) {
      const hint = castHint(args.map(expr => expr.type))
      report(cx, operatorTypes(entry.symbol, found, span, hint))
    } else {
      const overloads = [
        ...entry.signatures.map(({ params, rest }) =>
          [...params.map(showType), ...(rest === null ? [] : ['...'])].join(', ')
        ),
        ...(entry.generic?.shown.map(({ params }) => params) ?? [])
      ]
      report(cx, argumentTypes(name, found, [...new Set(overloads)], span))
    }
    return null
  }
  const coerced = args.map((arg, i) => coerceArgument(arg, i, signature, cx))
  if (!coerced.every(arg => arg !== null)) return null
  const fault = entry.check(coerced)
  if (fault !== null) {
    report(cx, invalidArgument(entry.symbol ?? name, fault, coerced[fault.argument]!.span))
    return null
  }
  const nullable = signature.givesNull || givesNull(entry.nullRule, coerced)
  return makeCall(name, coerced, signature.result, nullable, span)
}

function coerceArgument(
  arg: Expr,
  index: number,
  signature: Signature,
  cx: BindContext
): Expr | null {
  if (signature.becomesJson(index)) return toJson(arg, cx)
  const showsLetter = signature.showsOutput && signature.castsToText(index)
  if (showsLetter && arg.type.kind === 'Boolean') return truthLetter(arg)
  return coerce(arg, parameterType(signature, index), cx)
}

/** `t` or `f`: concat(TRUE) is 't' where CAST(TRUE AS TEXT) is 'true', as in PostgreSQL. */
function truthLetter(arg: Expr): Expr {
  const { span } = arg
  const branches = [
    { when: arg, then: makeLiteral('t', TEXT, span) },
    { when: makeNot(arg, span), then: makeLiteral('f', TEXT, span) }
  ]
  return makeCase(branches, makeLiteral(null, TEXT, span), TEXT, span)
}

/** Whether NULL arguments can make the answer NULL. */
function givesNull(rule: FunctionEntry['nullRule'], args: readonly Expr[]): boolean {
  switch (rule) {
    case 'strict':
      return args.some(arg => arg.nullable)
    case 'first':
      return args[0]!.nullable
    case 'all':
      return args.every(arg => arg.nullable)
    case 'none':
      return false
  }
}

/** Any value as JSON: a text is a JSON string here, where a cast would read it. */
function toJson(arg: Expr, cx: BindContext): Expr | null {
  if (arg.type.kind === 'Json') return arg
  if (arg.type.kind === 'Null') return coerce(arg, JSON_TYPE, cx)
  return applyFunction('to_json', [arg], arg.span, cx)
}
