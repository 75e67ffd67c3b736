import { js, type Code } from '../code/index.ts'
import { sameType, type SqlType, type TypeKind } from '../types/index.ts'
import type { CallContext, RuntimeName } from './entry.ts'

/** How values of one type become another: `same` means that both have one representation. */
type Conversion =
  | 'same'
  | { readonly via: 'builtin'; readonly name: 'String' | 'Number' }
  /** `fails`: it takes the site as its last argument. */
  | { readonly via: 'runtime'; readonly name: RuntimeName; readonly fails: boolean }

const string: Conversion = { via: 'builtin', name: 'String' }
const number: Conversion = { via: 'builtin', name: 'Number' }
const total = (name: RuntimeName): Conversion => ({ via: 'runtime', name, fails: false })
const partial = (name: RuntimeName): Conversion => ({ via: 'runtime', name, fails: true })

/** conversions[from][to]. A pair that is missing does not cast: `canCast` of compiler/types says the same. */
const conversions: Readonly<Partial<Record<TypeKind, Partial<Record<TypeKind, Conversion>>>>> = {
  Boolean: { Text: total('booleanToText'), Int: total('booleanToInt') },
  SmallInt: {
    Int: 'same',
    BigInt: 'same',
    Decimal: total('decimalFromInteger'),
    Double: 'same',
    Text: string
  },
  Int: {
    SmallInt: partial('numberToSmallInt'),
    BigInt: 'same',
    Decimal: total('decimalFromInteger'),
    Double: 'same',
    Text: string,
    Boolean: total('intToBoolean')
  },
  BigInt: {
    SmallInt: partial('bigIntToSmallInt'),
    Int: partial('bigIntToInt'),
    Decimal: total('decimalFromInteger'),
    Double: number,
    Text: string
  },
  Decimal: {
    SmallInt: partial('decimalToSmallInt'),
    Int: partial('decimalToInt'),
    BigInt: partial('decimalToBigInt'),
    Decimal: 'same',
    Double: total('decimalToDouble'),
    Text: total('decimalToText')
  },
  Double: {
    SmallInt: partial('doubleToSmallInt'),
    Int: partial('doubleToInt'),
    BigInt: partial('doubleToBigInt'),
    Decimal: partial('doubleToDecimal'),
    Text: total('doubleToText')
  },
  Text: {
    Boolean: partial('textToBoolean'),
    SmallInt: partial('textToSmallInt'),
    Int: partial('textToInt'),
    BigInt: partial('textToBigInt'),
    Decimal: partial('textToDecimal'),
    Double: partial('textToDouble'),
    Timestamp: partial('textToTimestamp'),
    Json: partial('textToJson')
  },
  Timestamp: { Text: total('timestampToText') },
  Json: {
    Boolean: partial('jsonToBoolean'),
    SmallInt: partial('jsonToSmallInt'),
    Int: partial('jsonToInt'),
    BigInt: partial('jsonToBigInt'),
    Decimal: partial('jsonToDecimal'),
    Double: partial('jsonToDouble'),
    Timestamp: partial('jsonToTimestamp'),
    Text: total('jsonToText')
  }
}

/** Emits a cast of a value that is not NULL. `safe` is TRY_CAST: NULL where the cast fails. */
export function emitCast(
  from: SqlType,
  to: SqlType,
  value: Code,
  safe: boolean,
  cx: Pick<CallContext, 'use' | 'site'>
): Code {
  const converted = emitConversion(from, to, value, safe, cx)
  if (to.kind !== 'Decimal' || to.precision === null || sameType(from, to)) return converted
  const fit = [js`${to.precision}`, js`${to.scale ?? 0}`]
  if (!safe) return js`${cx.use('fitDecimal')}(${converted}, ${fit}, ${cx.site()})`
  return js`${cx.use('tryCast')}(${cx.use('fitDecimal')}, ${converted}, ${fit})`
}

/** Whether a cast of a value that is not NULL may give NULL: TRY_CAST that fails, and text that is JSON's null. */
export function castGivesNull(from: SqlType, to: SqlType, safe: boolean): boolean {
  const conversion = conversions[from.kind]?.[to.kind]
  const mayFail = typeof conversion === 'object' && conversion.via === 'runtime' && conversion.fails
  const narrows = to.kind === 'Decimal' && to.precision !== null && !sameType(from, to)
  return (safe && (mayFail || narrows)) || (from.kind === 'Text' && to.kind === 'Json')
}

function emitConversion(
  from: SqlType,
  to: SqlType,
  value: Code,
  safe: boolean,
  cx: Pick<CallContext, 'use' | 'site'>
): Code {
  const conversion = from.kind === to.kind ? 'same' : conversions[from.kind]?.[to.kind]
  if (conversion === undefined) throw new Error(`no cast from ${from.kind} to ${to.kind}`)
  if (conversion === 'same') return value
  if (conversion.via === 'builtin') {
    return conversion.name === 'String' ? js`String(${value})` : js`Number(${value})`
  }
  const convert = cx.use(conversion.name)
  if (!conversion.fails) return js`${convert}(${value})`
  return safe
    ? js`${cx.use('tryCast')}(${convert}, ${value})`
    : js`${convert}(${value}, ${cx.site()})`
}
