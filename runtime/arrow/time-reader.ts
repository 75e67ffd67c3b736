import { DAY, MAX_DATE, MIN_DATE } from '../sql/calendar.ts'
import { type Interval, makeInterval } from '../sql/interval.ts'
import { timestampFromEpoch, type TimestampUnit } from '../sql/timestamp.ts'
import { ValueError } from '../sql/value-error.ts'
import { ArrowFault, outOfRange } from './arrow-fault.ts'
import type { ArrowVector } from './arrow-vector.ts'
import type { TimeUnit } from './arrow-type.ts'
import { integerReader, longValue } from './number-reader.ts'

type Read<T> = (row: number) => T

/** DATE: days since the epoch. */
export function dateReader({ type, buffers }: ArrowVector): Read<number> | null {
  if (type.kind !== 'Date') return null
  const { view } = buffers[0]!
  const read: Read<number> =
    type.unit === 'd'
      ? row => view.getInt32(row * 4, true)
      : row => Math.floor(Number(longValue(view, row * 8)) / DAY)
  return row => {
    const days = read(row)
    if (days < MIN_DATE || days > MAX_DATE) {
      throw new ArrowFault('invalid-date', 'the value is not a date')
    }
    return days
  }
}

/** In a millisecond; what is less is cut off. */
const parts: Readonly<Record<TimeUnit, number>> = { s: 1 / 1000, ms: 1, us: 1000, ns: 1_000_000 }

/** TIME: milliseconds of the day. */
export function timeReader({ type, buffers }: ArrowVector): Read<number> | null {
  if (type.kind !== 'Time') return null
  const { view } = buffers[0]!
  const { bits, unit } = type
  const read: Read<number> =
    bits === 32 ? row => view.getInt32(row * 4, true) : row => Number(longValue(view, row * 8))
  return row => {
    const value = read(row)
    const time = unit === 's' ? value * 1000 : Math.floor(value / parts[unit])
    if (time < 0 || time > DAY)
      throw new ArrowFault('invalid-time', 'the value is not a time of day')
    return time
  }
}

/** TIMESTAMP and TIMESTAMPTZ: of times, with a zone or without, and of integers by `unit`. */
export function timestampReader(vector: ArrowVector, unit: TimestampUnit): Read<number> | null {
  const { type, buffers } = vector
  if (type.kind === 'Int') {
    const read = integerReader(vector, 'BigInt')!
    return row => timeOf(read(row), unit)
  }
  if (type.kind !== 'Timestamp') return null
  const { view } = buffers[0]!
  const own = type.unit
  return row => timeOf(longValue(view, row * 8), own)
}

function timeOf(value: number | bigint, unit: TimestampUnit): number {
  const time = timestampFromEpoch(value, unit)
  if (time !== time) throw new ArrowFault('invalid-timestamp', 'the value is not a timestamp')
  return time
}

/** INTERVAL: of intervals of all kinds, and of durations. */
export function intervalReader({ type, buffers }: ArrowVector): Read<Interval> | null {
  if (type.kind !== 'Interval' && type.kind !== 'Duration') return null
  const { view } = buffers[0]!
  if (type.kind === 'Duration') {
    const { unit } = type
    return row => interval(0, 0, milliseconds(longValue(view, row * 8), unit))
  }
  if (type.unit === 'months') return row => interval(view.getInt32(row * 4, true), 0, 0)
  if (type.unit === 'days') {
    return row => interval(0, view.getInt32(row * 8, true), view.getInt32(row * 8 + 4, true))
  }
  return row => {
    const at = row * 16
    const ms = milliseconds(longValue(view, at + 8), 'ns')
    return interval(view.getInt32(at, true), view.getInt32(at + 4, true), ms)
  }
}

function milliseconds(value: number | bigint, unit: TimeUnit): number {
  if (unit === 's') return Number(value) * 1000
  if (typeof value === 'number') return Math.trunc(value / parts[unit])
  return Number(value / BigInt(parts[unit]))
}

function interval(months: number, days: number, ms: number): Interval {
  try {
    return makeInterval(months, days, ms)
  } catch (error) {
    throw error instanceof ValueError ? outOfRange() : error
  }
}
