import { argumentTypes, operatorTypes } from '../../diagnostics/bind-expressions.ts'
import { entryOf, parameterType, resolveSignature } from '../../functions/index.ts'
import { type Expr, makeCall } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { showType } from '../../types/index.ts'
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
      const overloads = entry.signatures.map(({ params, rest }) =>
        [...params.map(showType), ...(rest === null ? [] : ['...'])].join(', ')
      )
      report(cx, argumentTypes(name, found, [...new Set(overloads)], span))
    }
    return null
  }
  const coerced = args.map((arg, i) => coerce(arg, parameterType(signature, i), cx))
  if (!coerced.every(arg => arg !== null)) return null
  const anyNull = coerced.some(arg => arg.nullable)
  const nullable = signature.givesNull || (anyNull && canGiveNull(name, coerced))
  return makeCall(name, coerced, signature.result, nullable, span)
}

/** concat, greatest and the like take NULLs: only if all are NULL may their answer be. */
function canGiveNull(name: string, args: readonly Expr[]): boolean {
  if (entryOf(name).nullRule === 'strict') return true
  if (name === 'concat') return false
  if (name === 'concat_ws') return args[0]!.nullable
  return args.every(arg => arg.nullable)
}
