import { DAY, dateFromDays, daysFromDate, isDate, MAX_DATE, MIN_DATE } from '../sql/calendar.ts'
import { inRange } from '../sql/date-trunc.ts'
import { failure } from '../sql/failure.ts'
import {
  type Interval,
  makeInterval,
  negateInterval,
  shiftTime,
  timeBetween
} from '../sql/interval.ts'
import { fromLocal, timeZone, toLocal } from '../sql/time-zone.ts'
import { atSite } from './at-site.ts'

// DATE is days since the epoch, TIME ms of the day, TIMESTAMP and TIMESTAMPTZ ms since the epoch. The session's time zone is
// always UTC, so that a TIMESTAMP and the TIMESTAMPTZ that it casts to are one number.

/** Midnight of the day. */
export function dateToTimestamp(days: number): number {
  return days * DAY
}
/** The day that the time is in. */
export function timestampToDate(time: number): number {
  return Math.floor(time / DAY)
}
/** The time of the day. */
export function timestampToTime(time: number): number {
  return time - Math.floor(time / DAY) * DAY
}
/** `date + time`. */
export function dateAtTime(days: number, time: number, site: number): number {
  return rangeOf(days * DAY + time, site)
}

function rangeOf(time: number, site: number): number {
  try {
    return inRange(time)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** A day that is in the years 1 to 9999. */
export function checkDate(days: number, site: number): number {
  if (days >= MIN_DATE && days <= MAX_DATE) return days + 0
  throw failure(site, 'out-of-range', 'the date is out of range: years are 1 to 9999')
}

/** `timestamp + interval`: months by the calendar, then days, then time. */
export function addToTimestamp(time: number, interval: Interval, site: number): number {
  try {
    return inRange(shiftTime(time, interval))
  } catch (error) {
    throw atSite(error, site)
  }
}
/** `timestamp - interval`. */
export function subtractFromTimestamp(time: number, interval: Interval, site: number): number {
  try {
    return inRange(shiftTime(time, negateInterval(interval)))
  } catch (error) {
    throw atSite(error, site)
  }
}
/** `date + interval`, a TIMESTAMP. */
export function addToDate(days: number, interval: Interval, site: number): number {
  try {
    return inRange(shiftTime(days * DAY, interval))
  } catch (error) {
    throw atSite(error, site)
  }
}
/** `date - interval`, a TIMESTAMP. */
export function subtractFromDate(days: number, interval: Interval, site: number): number {
  try {
    return inRange(shiftTime(days * DAY, negateInterval(interval)))
  } catch (error) {
    throw atSite(error, site)
  }
}

/** `time + interval`: only its time counts, and midnight is passed round the clock. */
export function addToTime(time: number, { ms }: Interval): number {
  return wrapTime(time + ms)
}
/** `time - interval`. */
export function subtractFromTime(time: number, { ms }: Interval): number {
  return wrapTime(time - ms)
}
function wrapTime(time: number): number {
  return time - Math.floor(time / DAY) * DAY
}

/** `timestamp - timestamp`: days and time. */
export function timestampDifference(a: number, b: number): Interval {
  return timeBetween(a, b)
}
/** `time - time`. */
export function timeDifference(a: number, b: number): Interval {
  return makeInterval(0, 0, a - b)
}

/** An instant's local time in a zone, as a TIMESTAMP. */
export function zonedTimestamp(zone: string, instant: number, site: number): number {
  try {
    return inRange(toLocal(instant, timeZone(zone)))
  } catch (error) {
    throw atSite(error, site)
  }
}
/** The instant of a local time in a zone. */
export function instantInZone(zone: string, local: number, site: number): number {
  try {
    return inRange(fromLocal(local, timeZone(zone)))
  } catch (error) {
    throw atSite(error, site)
  }
}
/** As `zonedTimestamp`, for a zone that is an offset from UTC. */
export function zonedByInterval(offset: Interval, instant: number, site: number): number {
  try {
    return inRange(instant + offset.days * DAY + offset.ms)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** As `instantInZone`, for a zone that is an offset from UTC. */
export function instantByInterval(offset: Interval, local: number, site: number): number {
  try {
    return inRange(local - offset.days * DAY - offset.ms)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** make_date. */
export function makeDate(year: number, month: number, day: number, site: number): number {
  if (isDate(year, month, day)) return daysFromDate(year, month, day)
  throw failure(site, 'out-of-range', `${year}-${month}-${day} is no date`)
}

/** make_time: seconds may have a fraction. */
export function makeTime(hour: number, minute: number, second: number, site: number): number {
  const time = (hour * 60 + minute) * 60_000 + Math.round(second * 1000)
  const fits = hour >= 0 && minute >= 0 && minute < 60 && second >= 0 && second <= 60
  if (fits && time <= DAY) return time
  throw failure(site, 'out-of-range', `${hour}:${minute}:${second} is no time of day`)
}

/** make_timestamp. */
export function makeTimestamp(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  site: number
): number {
  return dateAtTime(makeDate(year, month, day, site), makeTime(hour, minute, second, site), site)
}

/** make_timestamptz in a zone. A number of hours is east of UTC here, where AT TIME ZONE takes it as west, as PostgreSQL does. */
export function makeTimestampInZone(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  zone: string,
  site: number
): number {
  const local = makeTimestamp(year, month, day, hour, minute, second, site)
  const sign = { '+': '-', '-': '+' }[zone[0] ?? '']
  return instantInZone(sign === undefined ? zone : `${sign}${zone.slice(1)}`, local, site)
}

/** The last day of the month. */
export function lastDay(days: number): number {
  const { year, month } = dateFromDays(days)
  return daysFromDate(month === 12 ? year + 1 : year, month === 12 ? 1 : month + 1, 1) - 1
}
