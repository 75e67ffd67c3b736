import type { SqlType } from '../../../compiler/types/index.ts'
import { inRange } from '../cast-time.ts'
import { isDay } from '../date.ts'
import { Failure } from '../failure.ts'
import {
  add,
  fitInterval,
  fromFractions,
  type Interval,
  isInterval,
  justifyHours,
  negate
} from '../interval.ts'
import type { Value } from '../value.ts'

type Present = Exclude<Value, null>
const DAY = 86_400_000
const TIME_OF_DAY = (ms: number): number => ((ms % DAY) + DAY) % DAY

function day(days: number): number {
  if (!isDay(days)) throw new Failure('out-of-range', String(days))
  return days
}

/** A time, an interval later: months first, the day cut to the month's last, then days and time. */
export function shift(ms: number, { months, days, ms: rest }: Interval): number {
  const date = new Date(ms)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + Number(months))
  const last = new Date(date)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  date.setUTCDate(Math.min(dayOfMonth, last.getUTCDate()))
  return date.getTime() + Number(days) * DAY + Number(rest)
}

type Operation = (a: Present, b: Present) => Value

/** By the kinds of the two operands. */
const sums: Readonly<Record<string, Operation>> = {
  'Date Int': (a, b) => day(Number(a) + Number(b)),
  'Date Time': (a, b) => inRange(Number(a) * DAY + Number(b)),
  'Date Interval': (a, b) => inRange(shift(Number(a) * DAY, b as Interval)),
  'Timestamp Interval': (a, b) => inRange(shift(Number(a), b as Interval)),
  'TimestampTz Interval': (a, b) => inRange(shift(Number(a), b as Interval)),
  'Time Interval': (a, b) => TIME_OF_DAY(Number(a) + Number((b as Interval).ms)),
  'Interval Interval': (a, b) => add(a as Interval, b as Interval)
}

const differences: Readonly<Record<string, Operation>> = {
  'Date Date': (a, b) => BigInt(Number(a)) - BigInt(Number(b)),
  'Timestamp Timestamp': (a, b) => between(a, b),
  'TimestampTz TimestampTz': (a, b) => between(a, b),
  'Time Time': (a, b) => fitInterval(0n, 0n, BigInt(Number(a) - Number(b)))
}

function between(a: Present, b: Present): Interval {
  return justifyHours(fitInterval(0n, 0n, BigInt(Number(a) - Number(b))))
}

const kindsOf = (types: readonly SqlType[]): string => types.map(({ kind }) => kind).join(' ')

/** `a + b` where one of them is a date, a time or an interval; undefined for numbers. */
export function addTimes([a, b]: readonly Present[], types: readonly SqlType[]): Value | undefined {
  const forward = sums[kindsOf(types)]
  if (forward !== undefined) return forward(a!, b!)
  return sums[kindsOf(types.toReversed())]?.(b!, a!)
}

/** `a - b` is `a + (-b)` but for two times. */
export function subtractTimes(
  [a, b]: readonly Present[],
  types: readonly SqlType[]
): Value | undefined {
  const own = differences[kindsOf(types)]
  if (own !== undefined) return own(a!, b!)
  const opposite = isInterval(b) ? negate(b) : typeof b === 'bigint' ? -b : null
  return opposite === null ? undefined : sums[kindsOf(types)]?.(a!, opposite)
}

/** An interval times a number, or through one. */
export function scaleInterval(
  { months, days, ms }: Interval,
  scale: (part: number) => number
): Interval {
  return fromFractions(scale(Number(months)), scale(Number(days)), scale(Number(ms)))
}

/** Years, months, days and time from b to a. */
export function age(a: number, b: number): Interval {
  if (a < b) return negate(age(b, a))
  const [later, earlier] = [new Date(a), new Date(b)]
  let ms = TIME_OF_DAY(a) - TIME_OF_DAY(b)
  let days = later.getUTCDate() - earlier.getUTCDate()
  let months =
    (later.getUTCFullYear() - earlier.getUTCFullYear()) * 12 +
    later.getUTCMonth() -
    earlier.getUTCMonth()
  if (ms < 0) {
    ms += DAY
    days--
  }
  if (days < 0) {
    const last = new Date(earlier)
    last.setUTCDate(1)
    last.setUTCMonth(last.getUTCMonth() + 1, 0)
    days += last.getUTCDate()
    months--
  }
  return fitInterval(BigInt(months), BigInt(days), BigInt(ms))
}
