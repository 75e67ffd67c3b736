import { coercionDistance, type SqlType } from '../types/index.ts'
import { entryOf } from './catalogue.ts'
import type { Code } from '../code/index.ts'
import type { CallExpr } from '../ir/index.ts'
import type { ArgumentType, CallContext, FunctionEntry, Signature } from './entry.ts'

/** The overload that needs the fewest and nearest coercions, the first of equals; null where none fits. */
export function resolveSignature(
  entry: FunctionEntry,
  args: readonly ArgumentType[]
): Signature | null {
  let best: Signature | null = null
  let bestDistance = Infinity
  const generic = entry.generic?.resolve(args) ?? null
  for (const candidate of [...entry.signatures, ...(generic === null ? [] : [generic])]) {
    const distance = signatureDistance(candidate, args)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The type that a signature wants of its i-th argument. */
export function parameterType(signature: Signature, i: number): SqlType {
  return signature.params[i] ?? signature.rest!
}

/** The overload of a bound call, whose arguments have exactly its types. */
export function signatureOf(call: CallExpr): Signature {
  const { signatures, generic } = entryOf(call.function)
  const found =
    signatures.find(
      candidate =>
        acceptsCount(candidate, call.args.length) &&
        call.args.every((arg, i) => parameterType(candidate, i).kind === arg.type.kind)
    ) ?? generic?.resolve(call.args.map(({ type }) => ({ type, isStringLiteral: false })))
  if (found === undefined || found === null)
    throw new Error(`no overload of ${call.function} for a bound call`)
  return found
}

/** Emits a call whose arguments, where the function is strict, are not NULL. */
export function emitCall(args: readonly Code[], cx: CallContext): Code {
  return signatureOf(cx.call).emit(args, cx)
}

function acceptsCount(signature: Signature, count: number): boolean {
  return (
    count === signature.params.length ||
    (signature.rest !== null && count > signature.params.length)
  )
}

function signatureDistance(candidate: Signature, args: readonly ArgumentType[]): number {
  if (!acceptsCount(candidate, args.length)) return Infinity
  if (candidate.needsDecimal && !args.some(({ type }) => type.kind === 'Decimal')) return Infinity
  if (candidate.isExact && !args.every((arg, i) => isOpenOr(parameterType(candidate, i), arg))) {
    return Infinity
  }
  return args.reduce((sum, arg, i) => {
    const takesAny = candidate.castsToText(i) || candidate.becomesJson(i)
    return sum + argumentDistance(arg, parameterType(candidate, i), takesAny)
  }, 0)
}

/** Of this type, or of none yet. */
function isOpenOr({ kind }: SqlType, { type, isStringLiteral }: ArgumentType): boolean {
  return type.kind === kind || type.kind === 'Null' || isStringLiteral
}

/** Less than 1, but never less than what another argument needs. */
const OPEN_AS_DOUBLE = 0.9

function argumentDistance(
  { type, isStringLiteral }: ArgumentType,
  wanted: SqlType,
  takesAny: boolean
): number {
  const distance = coercionDistance(type, wanted)
  if (distance === 0 || !(isStringLiteral || takesAny)) return distance
  // Of several numbers that a text between quotes could be PostgreSQL prefers DOUBLE.
  return isStringLiteral && wanted.kind === 'Double' ? OPEN_AS_DOUBLE : 1
}
