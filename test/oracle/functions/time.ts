import { inRange } from '../cast-time.ts'
import { parseIsoDate } from '../date.ts'
import { Failure } from '../failure.ts'
import {
  DAY,
  fitInterval,
  type Interval,
  isInterval,
  justifyDays,
  justifyHours,
  justifyInterval
} from '../interval.ts'
import { localToUtc, utcToLocal } from '../zone.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'
import { age, shift } from './time-arithmetic.ts'
import { datePart, extract, fieldName, noField } from './time-fields.ts'

const MS_PER_DAY = 86_400_000
/** When tests happen: the virtual clock's start. */
const NOW = Date.UTC(2026, 0, 1)

const CLOCK: Readonly<Record<string, bigint>> = {
  microseconds: 1n,
  milliseconds: 1n,
  second: 1000n,
  minute: 60_000n,
  hour: 3_600_000n,
  day: DAY
}
const MONTHS: Readonly<Record<string, number>> = {
  month: 1,
  quarter: 3,
  year: 12,
  decade: 120,
  century: 1200,
  millennium: 12000
}

function truncate(unit: string, value: number | Interval): number | Interval {
  const name = fieldName(unit)
  return isInterval(value) ? truncateInterval(name, value) : truncateTime(name, value)
}

function truncateTime(name: string, ms: number): number {
  const step = CLOCK[name]
  if (step !== undefined) return ms - (((ms % Number(step)) + Number(step)) % Number(step))
  const date = new Date(ms)
  date.setUTCHours(0, 0, 0, 0)
  if (name === 'week') return date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  const months = MONTHS[name]
  if (months === undefined) throw noField(name)
  // Centuries and millennia begin in a year 1.
  const from = months >= 1200 ? 1 : 0
  const index = (date.getUTCFullYear() - from) * 12 + date.getUTCMonth()
  const first = index - (index % months)
  date.setUTCFullYear(Math.floor(first / 12) + from, first % 12, 1)
  if (date.getUTCFullYear() < 1) throw new Failure('out-of-range', 'before year 1')
  return date.getTime()
}

function truncateInterval(name: string, { months, days, ms }: Interval): Interval {
  const step = CLOCK[name]
  if (step !== undefined) return fitInterval(months, days, step === DAY ? 0n : ms - (ms % step))
  const unit = MONTHS[name]
  if (unit === undefined) throw noField(name)
  return fitInterval(months - (months % BigInt(unit)), 0n, 0n)
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step
}

/** The beginning of the stretch that a time is in; stretches follow each other from 1970 on. */
function bucket(width: Interval, ms: number): number {
  const length = Number(width.days) * MS_PER_DAY + Number(width.ms)
  const months = Number(width.months)
  if (months < 0 || length < 0 || months > 0 === length > 0) {
    throw new Failure('invalid-interval', 'no width')
  }
  if (months === 0) return inRange(floorTo(ms, length))
  const date = new Date(ms)
  const index = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
  const first = new Date(0)
  first.setUTCFullYear(1970, floorTo(index, months), 1)
  return inRange(first.getTime())
}

/** Of an epoch number, whose size tells its unit. */
function epochBucket(width: Interval, epoch: bigint): bigint {
  const size = epoch < 0n ? -epoch : epoch
  const perMs = size < 10n ** 17n ? 1000n : 1_000_000n
  if (size < 10n ** 11n) return BigInt(Math.floor(bucket(width, Number(epoch) * 1000) / 1000))
  if (size < 10n ** 14n) return BigInt(bucket(width, Number(epoch)))
  const ms = (epoch - (((epoch % perMs) + perMs) % perMs)) / perMs
  return BigInt(bucket(width, Number(ms))) * perMs
}

function timeBucket(
  [width, value, offset]: readonly [Interval, number | bigint, Interval?],
  { result }: CallTypes
): number | bigint {
  if (typeof value === 'bigint') return epochBucket(width, value)
  if (result.kind === 'Date') return Math.floor(bucket(width, value * MS_PER_DAY) / MS_PER_DAY)
  if (offset === undefined) return bucket(width, value)
  const back = fitInterval(-offset.months, -offset.days, -offset.ms)
  return inRange(shift(bucket(width, shift(value, back)), offset))
}

function makeDate(year: bigint, month: bigint, day: bigint): number {
  const pad = (part: bigint, width: number): string => String(part).padStart(width, '0')
  const days = parseIsoDate(`${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`)
  if (days === null) throw new Failure('out-of-range', 'no date')
  return days
}

function makeTime(hour: bigint, minute: bigint, second: number): number {
  const ms = Number(hour * 60n + minute) * 60_000 + Math.round(second * 1000)
  const wrong = hour < 0n || minute < 0n || minute > 59n || !(second >= 0 && second <= 60)
  if (wrong || ms > MS_PER_DAY) throw new Failure('out-of-range', 'no time')
  return ms
}

function makeInterval(parts: readonly (bigint | number)[]): Interval {
  const [years, months, weeks, days, hours, minutes] = Array.from({ length: 6 }, (_, i) =>
    BigInt(parts[i] ?? 0)
  ) as [bigint, bigint, bigint, bigint, bigint, bigint]
  const seconds = Number(parts[6] ?? 0)
  if (!Number.isFinite(seconds * 1000)) throw new Failure('out-of-range', 'no interval')
  const ms = (hours * 60n + minutes) * 60_000n + BigInt(Math.round(seconds * 1000))
  return fitInterval(years * 12n + months, weeks * 7n + days, ms)
}

/** AT TIME ZONE, in either direction. */
function timezone(
  [zone, time]: readonly [string | Interval, number],
  { types }: CallTypes
): number {
  const toLocal = types[1]!.kind === 'TimestampTz'
  if (!isInterval(zone)) return inRange(toLocal ? utcToLocal(time, zone) : localToUtc(time, zone))
  const offset = Number(zone.days) * MS_PER_DAY + Number(zone.ms)
  return inRange(toLocal ? time + offset : time - offset)
}

function dateBin([stride, time, origin]: readonly [Interval, number, number]): number {
  const step = Number(stride.days) * MS_PER_DAY + Number(stride.ms)
  if (stride.months !== 0n || step <= 0) throw new Failure('invalid-interval', 'no stride')
  return inRange(origin + floorTo(time - origin, step))
}

type Truth = boolean | null
type Period = readonly [number | null, number | null]

const and = (...all: Truth[]): Truth =>
  all.includes(false) ? false : all.includes(null) ? null : true
const not = (truth: Truth): Truth => (truth === null ? null : !truth)
const or = (...all: Truth[]): Truth => not(and(...all.map(not)))
const atLeast = (a: number | null, b: number | null): Truth =>
  a === null || b === null ? null : a >= b

/** By the formula of SQL:2023, 8.17, word by word. */
function overlap(first: Period, second: Period): Truth {
  const [s1, t1] = fromStart(first)
  const [s2, t2] = fromStart(second)
  return or(
    and(not(atLeast(s2, s1)), not(and(atLeast(s1, t2), atLeast(t1, t2)))),
    and(not(atLeast(s1, s2)), not(and(atLeast(s2, t1), atLeast(t2, t1)))),
    and(atLeast(s1, s2), atLeast(s2, s1), t1 === null || t2 === null ? null : true)
  )
}

function fromStart([from, to]: Period): Period {
  return from === null || (to !== null && to < from) ? [to, from] : [from, to]
}

const clock = (value: number): FunctionTwin => ({ evaluate: () => value })
const ofInterval = (change: (interval: Interval) => Interval): FunctionTwin => ({
  evaluate: ([interval]: readonly [Interval]) => change(interval)
})

export const timeTwins: Twins = {
  extract: { evaluate: extract },
  date_part: { evaluate: datePart },
  date_trunc: {
    evaluate: ([unit, value, zone]: readonly [string, number | Interval, string?]) => {
      if (zone === undefined || isInterval(value)) return truncate(unit, value)
      return inRange(localToUtc(truncateTime(fieldName(unit), utcToLocal(value, zone)), zone))
    }
  },
  date_bin: { evaluate: dateBin },
  time_bucket: { evaluate: timeBucket },
  age: { evaluate: ([a, b]: readonly [number, number]) => age(a, b) },
  overlaps_in_time: {
    takesNull: true,
    evaluate: ([a, b, c, d]: readonly (number | null)[]) => overlap([a!, b!], [c!, d!])
  },
  timezone: { evaluate: timezone },
  last_day: {
    evaluate: ([days]: readonly [number]) => {
      const date = new Date(days * MS_PER_DAY)
      date.setUTCDate(1)
      date.setUTCMonth(date.getUTCMonth() + 1, 0)
      return date.getTime() / MS_PER_DAY
    }
  },
  now: clock(NOW),
  localtimestamp: clock(NOW),
  current_date: clock(NOW / MS_PER_DAY),
  current_time: clock(0),
  make_date: { evaluate: ([y, m, d]: readonly [bigint, bigint, bigint]) => makeDate(y, m, d) },
  make_time: { evaluate: ([h, m, s]: readonly [bigint, bigint, number]) => makeTime(h, m, s) },
  make_timestamp: {
    evaluate: ([y, mo, d, h, mi, s]: readonly [bigint, bigint, bigint, bigint, bigint, number]) =>
      inRange(makeDate(y, mo, d) * MS_PER_DAY + makeTime(h, mi, s))
  },
  make_timestamptz: {
    evaluate: ([y, mo, d, h, mi, s, zone]: readonly [
      ...[bigint, bigint, bigint, bigint, bigint, number],
      string?
    ]) => {
      const local = inRange(makeDate(y, mo, d) * MS_PER_DAY + makeTime(h, mi, s))
      if (zone === undefined) return local
      // Of a number AT TIME ZONE counts the hours to the west, and this one to the east.
      const numeric = /^([+-])(.*)$/.exec(zone)
      const [, sign, hours] = numeric ?? []
      return inRange(
        localToUtc(local, numeric === null ? zone : `${sign === '+' ? '-' : '+'}${hours}`)
      )
    }
  },
  isfinite: { evaluate: () => true },
  make_interval: { evaluate: makeInterval },
  justify_days: ofInterval(justifyDays),
  justify_hours: ofInterval(justifyHours),
  justify_interval: ofInterval(justifyInterval)
}
