import type { BoundColumn, BoundSource, LiteralValue } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import { anyThing, numberByName, textByName } from './by-name.ts'
import { normal, pick, type Random, round, wholeNumber } from './random.ts'

/** What a value is made from. */
export interface RowContext {
  readonly source: BoundSource
  /** From 0. */
  readonly index: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly random: Random
  /** All numbers of the row are out of the ordinary. */
  readonly unusual: boolean
}

/** A value as JSON.stringify takes it. `compared`: what the script compares the column with. */
export function generateValue(
  column: BoundColumn,
  compared: readonly LiteralValue[],
  cx: RowContext
): unknown {
  const { random } = cx
  if (!column.notNull && !isIdentifier(column) && random() < 0.02) return null
  // Three of four: the rest is what the script's conditions are there to keep out.
  const wanted = compared.length > 0 && random() < 0.75 ? pick(compared, random) : null
  return valueOfType(column, wanted, cx)
}

function valueOfType(column: BoundColumn, wanted: LiteralValue, cx: RowContext): unknown {
  const { random, now, source } = cx
  switch (column.type.kind) {
    case 'Boolean':
      return random() < 0.5
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return wholeValue(column, wanted, cx)
    case 'Decimal':
    case 'Real':
    case 'Double':
      return doubleValue(column, wanted, cx)
    case 'Timestamp':
    case 'TimestampTz':
      return inUnit(now, source.timestampUnit)
    case 'Json':
      return { [anyThing(random)]: wholeNumber(1, 100, random) }
    case 'Text':
      return typeof wanted === 'string' ? wanted : textValue(column, cx)
    default:
      return rarerValue(column, cx)
  }
}

/** Nothing of it is compared; of what it holds nothing is NULL. */
function rarerValue(column: BoundColumn, cx: RowContext): unknown {
  const { random, now } = cx
  const { type } = column
  const part = (name: string, type: SqlType): unknown =>
    valueOfType({ ...column, name, type }, null, cx)
  switch (type.kind) {
    case 'Date':
      return new Date(now).toISOString().slice(0, 10)
    case 'Time':
      return new Date(now).toISOString().slice(11, -1)
    case 'Interval':
      return `${wholeNumber(1, 90, random)} minutes`
    case 'Bytes':
      return Buffer.from(textValue(column, cx)).toString('base64')
    case 'Array':
      return Array.from({ length: wholeNumber(0, 3, random) }, () =>
        part(column.name.replace(/s$/, ''), type.element)
      )
    case 'Row':
      return Object.fromEntries(type.fields.map(({ name, type }) => [name, part(name, type)]))
    case 'Map':
      return { [anyThing(random)]: part(column.name, type.value) }
    case 'Vector':
      return Array.from({ length: type.dimensions }, () => round(normal(random), 3))
    default:
      return null
  }
}

function wholeValue(column: BoundColumn, wanted: LiteralValue, cx: RowContext): number {
  const { random, index, source, now, unusual } = cx
  if (isOwnIdentifier(column, source)) return index + 1
  if (isIdentifier(column)) return wholeNumber(1, 10, random)
  if (column.type.kind === 'BigInt' && isTime(column.name)) return now
  if (isNumber(wanted)) return Math.round(near(Number(wanted), random))
  return Math.round(numberByName(column.name, random, unusual) ?? wholeNumber(0, 100, random))
}

function doubleValue({ name, type }: BoundColumn, wanted: LiteralValue, cx: RowContext): number {
  const { random, unusual } = cx
  const digits = decimals(type)
  if (isNumber(wanted)) return round(near(Number(wanted), random), digits)
  return round(numberByName(name, random, unusual) ?? random() * 100, digits)
}

function textValue({ name }: BoundColumn, { random, index, now }: RowContext): string {
  if (isTime(name)) return new Date(now).toISOString()
  if (/(^|_)(id|uuid|key)$/i.test(name)) {
    const what = name.replace(/_?(id|uuid|key)$/i, '') || 'row'
    return `${what}-${what === 'row' ? index + 1 : wholeNumber(1, 10, random)}`
  }
  return textByName(name, random) ?? anyThing(random)
}

/** Both sides of a threshold, and now and then the threshold. */
function near(threshold: number, random: Random): number {
  return random() < 0.2 ? threshold : threshold * random() * 2
}

function isNumber(value: LiteralValue): boolean {
  return value !== null && typeof value !== 'boolean' && Number.isFinite(Number(value))
}

function decimals(type: SqlType): number {
  return type.kind === 'Decimal' ? Math.min(type.scale ?? 2, 6) : 3
}

function isIdentifier({ name, type: { kind } }: BoundColumn): boolean {
  return (kind === 'BigInt' || kind === 'Int' || kind === 'SmallInt') && /(^|_)id$/i.test(name)
}

/** The first id of a row is its own and counts up; the others are of what it belongs to, and come again. */
function isOwnIdentifier(column: BoundColumn, source: BoundSource): boolean {
  return source.columns.find(isIdentifier) === column
}

function isTime(name: string): boolean {
  return /(^|_)(ts|time|timestamp|date|at)$/i.test(name)
}

function inUnit(now: number, unit: BoundSource['timestampUnit']): string | number {
  const factors = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 }
  return unit === null ? new Date(now).toISOString() : Math.floor(now * factors[unit])
}
