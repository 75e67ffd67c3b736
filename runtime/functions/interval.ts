import * as sql from '../sql/interval.ts'
import { formatInterval, parseInterval } from '../sql/interval-text.ts'
import { atSite } from './at-site.ts'
import type { Interval } from '../sql/interval.ts'

// The arithmetic is runtime/sql's, where an INTERVAL is its months, days and milliseconds.

export function addInterval(a: Interval, b: Interval, site: number): Interval {
  try {
    return sql.addInterval(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function subtractInterval(a: Interval, b: Interval, site: number): Interval {
  try {
    return sql.subtractInterval(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function negateInterval(value: Interval, site: number): Interval {
  try {
    return sql.negateInterval(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function multiplyInterval(value: Interval, factor: number, site: number): Interval {
  try {
    return sql.multiplyInterval(value, factor)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function divideInterval(value: Interval, divisor: number, site: number): Interval {
  try {
    return sql.divideInterval(value, divisor)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function justifyDays(value: Interval, site: number): Interval {
  try {
    return sql.justifyDays(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function justifyHours(value: Interval, site: number): Interval {
  try {
    return sql.justifyHours(value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function justifyInterval(value: Interval, site: number): Interval {
  try {
    return sql.justifyInterval(value)
  } catch (error) {
    throw atSite(error, site)
  }
}

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
  try {
    return sql.makeInterval(years * 12 + months, weeks * 7 + days, ms)
  } catch (error) {
    throw atSite(error, site)
  }
}
