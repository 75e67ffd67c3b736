import type { Type, types } from 'avsc'
import type { SqlType } from '../../compiler/types/index.ts'
import { meaningOf } from './avro-types.ts'
import { isDay, parseIsoDate, parseIsoTime } from './date.ts'
import { type Decimal, fitDecimal, makeDecimal, parseDecimal } from './decimal.ts'
import { Failure } from './failure.ts'
import { parseInterval } from './interval-text.ts'
import { parseJson } from './json.ts'
import type { EpochUnit } from './read-json.ts'
import { epochToMs, parseTimestamp } from './timestamp.ts'
import type { Value } from './value.ts'

/** A value of Avro, as the library gives it, as one of a column; what does not fit is a bad record. */
export function readAvro(type: Type, value: unknown, to: SqlType, unit: EpochUnit): Value {
  const { base } = meaningOf(type)
  if (isUnion(base)) {
    if (value === null) return null
    const [name, inner] = Object.entries(value as Record<string, unknown>)[0]!
    const branch = base.types.find(one => one.branchName === name)!
    return readAvro(branch, inner, to, unit)
  }
  if (value === null) return null
  switch (to.kind) {
    case 'Array':
      return items(base, value, item => readAvro(itemsOf(base), item, to.element, unit))
    case 'Vector': {
      const numbers = items(base, value, item =>
        readAvro(itemsOf(base), item, { kind: 'Double' }, unit)
      )
      if (numbers.includes(null)) throw wrongType()
      if (numbers.length !== to.dimensions) throw new Failure('wrong-dimensions', 'another number')
      return numbers
    }
    case 'Map': {
      if (base.typeName !== 'map') throw wrongType()
      const { valuesType } = base as types.MapType
      const entries = Object.entries(value as Record<string, unknown>)
      return new Map(entries.map(([key, one]) => [key, readAvro(valuesType, one, to.value, unit)]))
    }
    case 'Row': {
      if (base.typeName !== 'record') throw wrongType()
      const { fields } = base as types.RecordType
      return to.fields.map(field => {
        const known = fields.find(one => one.name === field.name)
        if (known === undefined) return null
        const found = (value as Record<string, unknown>)[field.name]
        return readAvro(known.type, found, field.type, unit)
      })
    }
    default:
      return readScalar(type, value, to, unit)
  }
}

export function isUnion(type: Type): type is types.WrappedUnionType {
  return type.typeName.startsWith('union:')
}

function itemsOf(type: Type): Type {
  return (type as types.ArrayType).itemsType
}

function items(type: Type, value: unknown, read: (item: unknown) => Value): readonly Value[] {
  if (type.typeName !== 'array') throw wrongType()
  return (value as readonly unknown[]).map(read)
}

function wrongType(): Failure {
  return new Failure('wrong-type', 'the type does not fit')
}

interface Given {
  /** The library's name of the type. */
  readonly name: string
  readonly meaning: string | null
  readonly scale: number
  readonly value: unknown
  readonly unit: EpochUnit
}

type Reader = (given: Given, to: SqlType) => Value

function readScalar(type: Type, value: unknown, to: SqlType, unit: EpochUnit): Value {
  const { base, meaning, scale } = meaningOf(type)
  const read = readers[to.kind] ?? misfit
  return read({ name: base.typeName, meaning, scale, value, unit }, to)
}

const integerOf =
  (bits: number): Reader =>
  ({ name, value }) => {
    const number = integer(name, value)
    if (BigInt.asIntN(bits, number) !== number) throw new Failure('out-of-range', 'too large')
    return number
  }

const doubleOf =
  (round: (value: number) => number): Reader =>
  ({ name, value }) => {
    if (!['int', 'abstract:long', 'float', 'double'].includes(name)) throw wrongType()
    const number = Number(value)
    const rounded = round(number)
    if (Number.isFinite(number) && !Number.isFinite(rounded))
      throw new Failure('out-of-range', 'too large')
    return rounded
  }

function readText({ name, meaning, value }: Given): Value {
  if (name === 'string' || name === 'enum') return value as string
  if (name === 'bytes' && meaning === null) return Buffer.from(value as Buffer).toString()
  return meaning === 'uuid' ? showUuid(value as Buffer) : misfit()
}

function readBytes({ name, value }: Given): Value {
  if (name === 'string') return Uint8Array.from(Buffer.from(value as string))
  return name === 'bytes' || name === 'fixed' ? Uint8Array.from(value as Buffer) : misfit()
}

function readInterval({ name, meaning, value }: Given): Value {
  if (name === 'string') return orFail(parseInterval(value as string), 'invalid-interval')
  return meaning === 'duration' ? readDuration(value as Buffer) : misfit()
}

function misfit(): never {
  throw wrongType()
}

function integer(name: string, value: unknown): bigint {
  if (name !== 'int' && name !== 'abstract:long') throw wrongType()
  return BigInt(value as number | bigint)
}

function readDecimal({ name, meaning, scale, value }: Given): Decimal {
  if (name === 'string') {
    const decimal = parseDecimal(value as string)
    if (decimal === null) throw wrongType()
    return decimal
  }
  if (meaning !== 'decimal') return makeDecimal(integer(name, value), 0)
  const hex = Buffer.from(value as Buffer).toString('hex')
  const bits = hex.length * 4
  return makeDecimal(bits === 0 ? 0n : BigInt.asIntN(bits, BigInt(`0x${hex}`)), scale)
}

function showUuid(bytes: Buffer): string {
  const hex = Buffer.from(bytes).toString('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return [...parts, hex.slice(20)].join('-')
}

function readJsonText(text: string): string {
  try {
    return parseJson(text, 512).text
  } catch {
    throw wrongType()
  }
}

function readDuration(bytes: Buffer): Value {
  const [months, days, ms] = [0, 4, 8].map(at => bytes.readUInt32LE(at))
  if (months! > 2147483647 || days! > 2147483647) throw new Failure('out-of-range', 'too large')
  return { months: BigInt(months!), days: BigInt(days!), ms: BigInt(ms!) }
}

function readDate({ name, meaning, value }: Given): Value {
  if (name === 'string') return orFail(parseIsoDate(value as string), 'invalid-date')
  const what = whatOf(name, meaning)
  const days = Number(integer(name, value))
  if (what !== 'date' && what !== 'int') throw wrongType()
  return orFail(isDay(days) ? days : null, 'invalid-date')
}

function readTime({ name, meaning, value }: Given): Value {
  if (name === 'string') return orFail(parseIsoTime(value as string), 'invalid-time')
  const what = whatOf(name, meaning)
  const number = Number(integer(name, value))
  if (!['time-micros', 'time-millis', 'int'].includes(what)) throw wrongType()
  const ms = Math.floor(number / (what === 'time-micros' ? 1000 : 1))
  return orFail(ms >= 0 && ms <= 86_400_000 ? ms : null, 'invalid-time')
}

function readTimestamp({ name, meaning, value, unit }: Given): Value {
  if (name === 'string') return orFail(parseTimestamp(value as string), 'invalid-timestamp')
  const what = whatOf(name, meaning)
  const number = integer(name, value)
  if (what === 'date') {
    const days = Number(number)
    return orFail(isDay(days) ? days * 86_400_000 : null, 'invalid-timestamp')
  }
  const known = { millis: 'ms', micros: 'us', nanos: 'ns' } as const
  const part = /timestamp-(\w+)$/.exec(what)?.[1]
  if (part === undefined && what !== 'int' && what !== 'long') throw wrongType()
  const given = part === undefined ? unit : known[part as keyof typeof known]
  return orFail(epochToMs(String(number), given), 'invalid-timestamp')
}

/** What a number means, or else its type. */
function whatOf(name: string, meaning: string | null): string {
  return meaning ?? (name === 'int' ? 'int' : 'long')
}

const readers: Readonly<Partial<Record<SqlType['kind'], Reader>>> = {
  Boolean: ({ name, value }) => (name === 'boolean' ? (value as boolean) : misfit()),
  SmallInt: integerOf(16),
  Int: integerOf(32),
  BigInt: integerOf(64),
  Real: doubleOf(Math.fround),
  Double: doubleOf(Number),
  Decimal(given, to) {
    const { precision, scale } = to as Extract<SqlType, { kind: 'Decimal' }>
    return fitDecimal(readDecimal(given), precision, scale)
  },
  Text: readText,
  Bytes: readBytes,
  Json: ({ name, value }) => (name === 'string' ? readJsonText(value as string) : misfit()),
  Interval: readInterval,
  Date: readDate,
  Time: readTime,
  Timestamp: readTimestamp,
  TimestampTz: readTimestamp
}

function orFail<T>(value: T | null, code: string): T {
  if (value === null) throw new Failure(code, code)
  return value
}
