import type { LiteralValue } from '../../compiler/ir/index.ts'
import type { SqlType, TypeKind } from '../../compiler/types/index.ts'
import { fromBase64 } from './bytes.ts'
import { parseDecimal } from './decimal.ts'
import { parseInterval } from './interval-text.ts'
import { parseJson } from './json.ts'
import { readJson } from './read-json.ts'
import type { Value } from './value.ts'

/** A literal of the IR as a value: integers of every width are bigint here, decimals are more than digits. */
export function literalValue(literal: LiteralValue, type: SqlType): Value {
  return literal === null ? null : (readers[type.kind]?.(String(literal), type) ?? literal)
}

type Reader = (text: string, type: SqlType) => Value

const json: Reader = (text, type) => readJson(parseJson(text, 512), type, null)

/** A boolean, a text and JSON are what they are. */
const readers: Readonly<Partial<Record<TypeKind, Reader>>> = {
  SmallInt: BigInt,
  Int: BigInt,
  BigInt: BigInt,
  Decimal: parseDecimal,
  Real: text => Math.fround(Number(text)),
  Double: Number,
  Date: Number,
  Time: Number,
  Timestamp: Number,
  TimestampTz: Number,
  Interval: parseInterval,
  Bytes: fromBase64,
  Array: json,
  Row: json,
  Map: json,
  Vector: json
}
