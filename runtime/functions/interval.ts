import * as sql from '../sql/interval.ts'
import { formatInterval, parseInterval } from '../sql/interval-text.ts'
import { siteOf1, siteOf2 } from './at-site.ts'
import type { Interval } from '../sql/interval.ts'

// The arithmetic is runtime/sql's, where an INTERVAL is its months, days and milliseconds.

export const addInterval = siteOf2(sql.addInterval)
export const subtractInterval = siteOf2(sql.subtractInterval)
export const negateInterval = siteOf1(sql.negateInterval)
export const multiplyInterval = siteOf2(sql.multiplyInterval)
export const divideInterval = siteOf2(sql.divideInterval)
export const justifyDays = siteOf1(sql.justifyDays)
export const justifyHours = siteOf1(sql.justifyHours)
export const justifyInterval = siteOf1(sql.justifyInterval)

/** `number * interval`. */
export function scaleInterval(factor: number, interval: Interval, site: number): Interval {
  return multiplyInterval(interval, factor, site)
}

/** A TIME is an INTERVAL of as much time. */
export function timeToInterval(time: number): Interval {
  return sql.makeInterval(0, 0, time)
}

/** The time of an INTERVAL, round the clock; months and days do not count. */
export function intervalToTime({ ms }: Interval): number {
  return ms - Math.floor(ms / 86_400_000) * 86_400_000
}

/** A literal of the script, which the compiler has checked. */
export function intervalConstant(text: string): Interval {
  const value = parseInterval(text)
  if (value === null) throw new Error(`${text} is no interval`)
  return value
}

export function intervalToText(value: Interval): string {
  return formatInterval(value)
}

/** make_interval: weeks are seven days; seconds may have a fraction. */
export function makeIntervalOf(
  years: number,
  months: number,
  weeks: number,
  days: number,
  hours: number,
  minutes: number,
  seconds: number,
  site: number
): Interval {
  const ms = (hours * 60 + minutes) * 60_000 + Math.round(seconds * 1000)
  return intervalAt({ months: years * 12 + months, days: weeks * 7 + days, ms }, site)
}
const intervalAt = siteOf1(({ months, days, ms }: Interval) => sql.makeInterval(months, days, ms))
