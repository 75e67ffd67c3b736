import { js, type Code } from '../code/index.ts'
import { sameType, type SqlType, type TypeKind } from '../types/index.ts'
import { castInside } from './cast-inside.ts'
import type { CallContext, RuntimeName } from './entry.ts'

/** What the emitter of a cast may ask for. */
export type CastContext = Pick<CallContext, 'use' | 'site' | 'constant' | 'type'>

/** How a value of one type that is not NULL becomes one of another. */
export interface Converter {
  /** Both types have one representation. */
  readonly same: boolean
  /** It throws for some values. */
  readonly fails: boolean
  /** The converted value; `site` is where it fails. */
  convert(value: Code, site: () => Code): Code
  /** A function `(value, site) => converted`. */
  asFunction(): Code
}

/** A runtime function, JavaScript's own String or Number, or nothing to do. */
type Scalar = 'same' | { readonly name: RuntimeName | 'String' | 'Number'; readonly fails: boolean }

const string: Scalar = { name: 'String', fails: false }
const number: Scalar = { name: 'Number', fails: false }
const total = (name: RuntimeName): Scalar => ({ name, fails: false })
const partial = (name: RuntimeName): Scalar => ({ name, fails: true })

/** scalars[from][to]. A pair that is missing does not cast: `canCast` of compiler/types says the same. */
const scalars: Readonly<Partial<Record<TypeKind, Partial<Record<TypeKind, Scalar>>>>> = {
  Boolean: { Text: total('booleanToText'), Int: total('booleanToInt') },
  SmallInt: {
    Int: 'same',
    BigInt: 'same',
    Decimal: total('decimalFromInteger'),
    Real: 'same',
    Double: 'same',
    Text: string
  },
  Int: {
    SmallInt: partial('numberToSmallInt'),
    BigInt: 'same',
    Decimal: total('decimalFromInteger'),
    Real: total('bigIntToReal'),
    Double: 'same',
    Text: string,
    Boolean: total('intToBoolean')
  },
  BigInt: {
    SmallInt: partial('bigIntToSmallInt'),
    Int: partial('bigIntToInt'),
    Decimal: total('decimalFromInteger'),
    Real: total('bigIntToReal'),
    Double: number,
    Text: string
  },
  Decimal: {
    SmallInt: partial('decimalToSmallInt'),
    Int: partial('decimalToInt'),
    BigInt: partial('decimalToBigInt'),
    Real: partial('decimalToReal'),
    Double: total('decimalToDouble'),
    Text: total('decimalToText')
  },
  Real: {
    SmallInt: partial('doubleToSmallInt'),
    Int: partial('doubleToInt'),
    BigInt: partial('doubleToBigInt'),
    Decimal: partial('realToDecimal'),
    Double: 'same',
    Text: total('realToText')
  },
  Double: {
    SmallInt: partial('doubleToSmallInt'),
    Int: partial('doubleToInt'),
    BigInt: partial('doubleToBigInt'),
    Decimal: partial('doubleToDecimal'),
    Real: partial('doubleToReal'),
    Text: total('doubleToText')
  },
  Text: {
    Boolean: partial('textToBoolean'),
    SmallInt: partial('textToSmallInt'),
    Int: partial('textToInt'),
    BigInt: partial('textToBigInt'),
    Decimal: partial('textToDecimal'),
    Real: partial('textToReal'),
    Double: partial('textToDouble'),
    Date: partial('textToDate'),
    Time: partial('textToTime'),
    Timestamp: partial('textToTimestamp'),
    TimestampTz: partial('textToTimestamptz'),
    Interval: partial('textToInterval'),
    Bytes: partial('textToBytes'),
    Json: partial('textToJson')
  },
  Date: {
    Timestamp: total('dateToTimestamp'),
    TimestampTz: total('dateToTimestamp'),
    Text: total('dateToText')
  },
  Time: { Interval: total('timeToInterval'), Text: total('timeToText') },
  Timestamp: {
    Date: total('timestampToDate'),
    Time: total('timestampToTime'),
    TimestampTz: 'same',
    Text: total('timestampToText')
  },
  TimestampTz: {
    Date: total('timestampToDate'),
    Time: total('timestampToTime'),
    Timestamp: 'same',
    Text: total('timestamptzToText')
  },
  Interval: { Time: total('intervalToTime'), Text: total('intervalToText') },
  Bytes: { Text: total('bytesToText') },
  Json: {
    Boolean: partial('jsonToBoolean'),
    SmallInt: partial('jsonToSmallInt'),
    Int: partial('jsonToInt'),
    BigInt: partial('jsonToBigInt'),
    Decimal: partial('jsonToDecimal'),
    Real: partial('jsonToReal'),
    Double: partial('jsonToDouble'),
    Date: partial('jsonToDate'),
    Time: partial('jsonToTime'),
    Timestamp: partial('jsonToTimestamp'),
    TimestampTz: partial('jsonToTimestamptz'),
    Interval: partial('jsonToInterval'),
    Bytes: partial('jsonToBytes'),
    Text: total('jsonToText')
  }
}

/** Emits a cast of a value that is not NULL. `safe` is TRY_CAST: NULL where the cast fails. */
export function emitCast(
  from: SqlType,
  to: SqlType,
  value: Code,
  safe: boolean,
  cx: CastContext
): Code {
  const converter = converterOf(from, to, cx)
  if (converter.same) return value
  if (!safe || !converter.fails) return converter.convert(value, cx.site)
  return js`${cx.use('tryCast')}(${converter.asFunction()}, ${value})`
}

/** Whether a cast of a value that is not NULL may give NULL: TRY_CAST that fails, and text that is JSON's null. */
export function castGivesNull(from: SqlType, to: SqlType, safe: boolean): boolean {
  if (from.kind === 'Text' && to.kind === 'Json') return true
  return safe && converterOf(from, to, noContext).fails
}

/** For what is asked of a converter before anything is emitted. */
const noContext: CastContext = {
  use: name => js`${name}`,
  site: () => js`0`,
  constant: (_hint, value) => value,
  type: () => js`unknown`
}

/** The converter between two types that cast; for code that is written into `cx`. */
export function converterOf(from: SqlType, to: SqlType, cx: CastContext): Converter {
  // What an array without elements has inside.
  if (from.kind === 'Null') {
    return { ...sameValue, asFunction: () => js`<To>(item: unknown) => item as To` }
  }
  const converter = convertScalar(from, to, cx) ?? castInside(from, to, cx)
  if (converter === null) throw new Error(`no cast from ${from.kind} to ${to.kind}`)
  if (to.kind !== 'Decimal' || to.precision === null || sameType(from, to)) return converter
  return fitDecimal(converter, from, to.precision, to.scale ?? 0, cx)
}

function convertScalar(from: SqlType, to: SqlType, cx: CastContext): Converter | null {
  const listed = scalars[from.kind]?.[to.kind]
  if (listed === 'same' || sameType(from, to) || isSameScalar(from, to)) return sameValue
  if (listed === undefined) return null
  const { name, fails } = listed
  const runtime = (): Code =>
    name === 'String' ? js`String` : name === 'Number' ? js`Number` : cx.use(name)
  return {
    same: false,
    fails,
    convert: (value, site) => {
      return fails ? js`${runtime()}(${value}, ${site()})` : js`${runtime()}(${value})`
    },
    asFunction: runtime
  }
}

/** DECIMALs of different shape; what is inside of other types may need a cast. */
function isSameScalar(from: SqlType, to: SqlType): boolean {
  return from.kind === to.kind && from.kind === 'Decimal'
}

const sameValue: Converter = {
  same: true,
  fails: false,
  convert: value => value,
  asFunction: () => js`<T>(item: T) => item`
}

/** `(item: T, site: number) => ...`. */
export function lambda(from: SqlType, convert: Converter['convert'], cx: CastContext): Code {
  const body = convert(js`item`, () => js`site`)
  return js`(item: ${cx.type(from, false)}, site: number) => ${body}`
}

/** Then to the precision and scale of a DECIMAL. */
function fitDecimal(
  inner: Converter,
  from: SqlType,
  precision: number,
  scale: number,
  cx: CastContext
): Converter {
  const convert: Converter['convert'] = (value, site) =>
    js`${cx.use('fitDecimal')}(${inner.convert(value, site)}, ${precision}, ${scale}, ${site()})`
  return {
    same: false,
    fails: true,
    convert,
    asFunction: () => lambda(from, convert, cx)
  }
}
