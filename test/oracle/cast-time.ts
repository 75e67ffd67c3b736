import type { SqlType } from '../../compiler/types/index.ts'
import { parseInstant, parseIsoDate, parseLoose, showDate, showTime } from './date.ts'
import { Failure } from './failure.ts'
import { fitInterval, isInterval, showInterval } from './interval.ts'
import { parseInterval } from './interval-text.ts'
import { parseTimestamp, showTimestamp } from './timestamp.ts'
import type { Value } from './value.ts'

type Present = Exclude<Value, null>
const DAY = 86_400_000

/** Years 1 to 9999. */
export function inRange(ms: number): number {
  if (ms < -62135596800000 || ms > 253402300799999) throw new Failure('out-of-range', String(ms))
  return ms
}

/** Between dates, times and intervals, and from their texts. */
export function castTime(value: Present, from: SqlType, to: SqlType): Value {
  if (from.kind === 'Text') return textToTime(String(value), to)
  switch (to.kind) {
    case 'Date':
      return Math.floor(Number(value) / DAY)
    case 'Time':
      return toTimeOfDay(value)
    case 'Interval':
      return fitInterval(0n, 0n, BigInt(Number(value)))
    default:
      return from.kind === 'Date' ? Number(value) * DAY : Number(value)
  }
}

/** What a clock shows: of an INTERVAL its time alone. */
function toTimeOfDay(value: Present): number {
  const ms = isInterval(value) ? Number(value.ms) : Number(value)
  return ((ms % DAY) + DAY) % DAY
}

function textToTime(text: string, to: SqlType): Value {
  const value = readText(text, to)
  if (value === null) throw new Failure('invalid-cast', text)
  return value
}

function readText(text: string, to: SqlType): Value {
  switch (to.kind) {
    case 'Date':
      return parseIsoDate(text.trim()) ?? parseLoose(text)?.days ?? null
    case 'Time':
      return parseLoose(text)?.time ?? null
    case 'Timestamp':
      return parseTimestamp(text.trim())
    case 'TimestampTz': {
      const instant = parseInstant(text)
      return instant === null ? null : inRange(instant)
    }
    default:
      return parseInterval(text)
  }
}

/** CAST(... AS TEXT), as PostgreSQL prints values; null for other types. */
export function timeText(value: Present, from: SqlType): string | null {
  const trim = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  switch (from.kind) {
    case 'Date':
      return showDate(Number(value))
    case 'Time':
      return trim(showTime(Number(value)))
    case 'Timestamp':
      return trim(showTimestamp(Number(value)).slice(0, -1).replace('T', ' '))
    case 'TimestampTz':
      return `${trim(showTimestamp(Number(value)).slice(0, -1).replace('T', ' '))}+00`
    default:
      return isInterval(value) ? showInterval(value) : null
  }
}
