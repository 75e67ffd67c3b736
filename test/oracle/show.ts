import type { SqlType } from '../../compiler/types/index.ts'
import { toBase64 } from './bytes.ts'
import { showDate, showTime } from './date.ts'
import { isDecimal, showDecimal } from './decimal.ts'
import { Failure } from './failure.ts'
import { isInterval, showIsoInterval } from './interval.ts'
import { showTimestamp } from './timestamp.ts'
import type { Value } from './value.ts'

type Present = Exclude<Value, null>

/** Types whose JSON is a string. */
const TEXTS: ReadonlySet<SqlType['kind']> = new Set([
  ...(['Text', 'Date', 'Time', 'Timestamp', 'TimestampTz', 'Interval', 'Bytes'] as const)
])

/** The text of a scalar as JSON has it, without the quotes. */
function showScalar(value: Present, type: SqlType): string {
  switch (type.kind) {
    case 'Date':
      return showDate(Number(value))
    case 'Time':
      return showTime(Number(value))
    case 'Timestamp':
    case 'TimestampTz':
      return showTimestamp(Number(value))
    case 'Bytes':
      return toBase64(value as Uint8Array)
    case 'Real':
      return showReal(Number(value))
    default:
      if (isInterval(value)) return showIsoInterval(value)
      return isDecimal(value) ? showDecimal(value) : String(value)
  }
}

/** The fewest digits that single precision reads back. */
export function showReal(value: number): string {
  const texts = Array.from({ length: 9 }, (_, i) => value.toPrecision(i + 1))
  return String(Number(texts.find(text => Math.fround(Number(text)) === value) ?? value))
}

/** A record key of one column: as JSON has it, without quotes; of BYTES the bytes themselves. */
export function showKey(value: Present, type: SqlType): string | Uint8Array {
  // -0 equals 0: both are one key.
  if (Object.is(value, -0)) return showKey(0, type)
  if (type.kind === 'Bytes') return value as Uint8Array
  return TEXTS.has(type.kind) ? showScalar(value, type) : showJson(value, type)
}

/** The JSON of a value, as a record holds it; `quoted`: BIGINT and DECIMAL as strings. */
export function showJson(value: Value, type: SqlType, quoted = false): string {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'Array':
    case 'Vector': {
      const element: SqlType = type.kind === 'Vector' ? { kind: 'Double' } : type.element
      return `[${(value as readonly Value[]).map(item => showJson(item, element, quoted)).join(',')}]`
    }
    case 'Row': {
      const items = (value as readonly Value[]).map(
        (item, i) =>
          `${JSON.stringify(type.fields[i]!.name)}:${showJson(item, type.fields[i]!.type, quoted)}`
      )
      return `{${items.join(',')}}`
    }
    case 'Map': {
      const items = [...(value as ReadonlyMap<string, Value>)].map(
        ([key, item]) => `${JSON.stringify(key)}:${showJson(item, type.value, quoted)}`
      )
      return `{${items.join(',')}}`
    }
    case 'BigInt':
    case 'Decimal':
      return quoted ? JSON.stringify(showScalar(value, type)) : showScalar(value, type)
    default:
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new Failure('not-finite', String(value))
      }
      if (TEXTS.has(type.kind)) return JSON.stringify(showScalar(value, type))
      return Object.is(value, -0) ? '-0' : showScalar(value, type)
  }
}
