import { DAY } from '../sql/calendar.ts'
import { formatTime } from '../sql/date-format.ts'
import { dateField, intervalField, timeField, timestampField } from '../sql/date-part.ts'
import {
  binTimestamp,
  inRange,
  truncateInterval,
  truncateInZone,
  truncateTimestamp
} from '../sql/date-trunc.ts'
import { type Decimal, decimalToDouble } from '../sql/decimal.ts'
import { ageBetween, type Interval } from '../sql/interval.ts'
import { intervalToText } from '../sql/interval-to-text.ts'
import { textToTime } from '../sql/text-to-time.ts'
import { timeToText } from '../sql/time-to-text.ts'
import { timeZone } from '../sql/time-zone.ts'
import { ValueError } from '../sql/value-error.ts'
import { atSite } from './at-site.ts'

/** EXTRACT: exact, as PostgreSQL's numeric. */
export function extractDate(field: string, days: number, site: number): Decimal {
  try {
    return dateField(field, days)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function extractTime(field: string, time: number, site: number): Decimal {
  try {
    return timeField(field, time)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function extractInterval(field: string, value: Interval, site: number): Decimal {
  try {
    return intervalField(field, value)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function extractTimestamp(field: string, time: number, site: number): Decimal {
  try {
    return timestampField(field, time, false)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function extractTimestamptz(field: string, time: number, site: number): Decimal {
  try {
    return timestampField(field, time, true)
  } catch (error) {
    throw atSite(error, site)
  }
}

/** date_part: EXTRACT as a DOUBLE. */
export function datePartOfDate(field: string, days: number, site: number): number {
  return decimalToDouble(extractDate(field, days, site))
}
export function datePartOfTime(field: string, time: number, site: number): number {
  return decimalToDouble(extractTime(field, time, site))
}
export function datePartOfInterval(field: string, value: Interval, site: number): number {
  return decimalToDouble(extractInterval(field, value, site))
}
export function datePartOfTimestamp(field: string, time: number, site: number): number {
  return decimalToDouble(extractTimestamp(field, time, site))
}
export function datePartOfTimestamptz(field: string, time: number, site: number): number {
  return decimalToDouble(extractTimestamptz(field, time, site))
}

export function truncTimestamp(unit: string, time: number, site: number): number {
  try {
    return truncateTimestamp(unit, time)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function truncInterval(unit: string, value: Interval, site: number): Interval {
  try {
    return truncateInterval(unit, value)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** date_trunc of a TIMESTAMPTZ by the clocks of a zone. */
export function truncInZone(unit: string, instant: number, zone: string, site: number): number {
  try {
    return inRange(truncateInZone(unit, instant, timeZone(zone)))
  } catch (error) {
    throw atSite(error, site)
  }
}
export function dateBin(stride: Interval, time: number, origin: number, site: number): number {
  try {
    return binTimestamp(stride, time, origin)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function age(a: number, b: number, site: number): Interval {
  try {
    return ageBetween(a, b)
  } catch (error) {
    throw atSite(error, site)
  }
}

export function dateFormat(time: number, pattern: string, site: number): string {
  try {
    return formatTime(time, pattern)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function timestampToChar(time: number, template: string, site: number): string {
  try {
    return timeToText(time, template, false)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function timestamptzToChar(time: number, template: string, site: number): string {
  try {
    return timeToText(time, template, true)
  } catch (error) {
    throw atSite(error, site)
  }
}
export function intervalToChar(value: Interval, template: string, site: number): string {
  try {
    return intervalToText(value, template)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** to_timestamp(text, template). */
export function toTimestamp(text: string, template: string, site: number): number {
  try {
    const { time, offset } = textToTime(text, template)
    return inRange(time - offset)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** to_date(text, template). */
export function toDate(text: string, template: string, site: number): number {
  try {
    return Math.floor(inRange(textToTime(text, template).time) / DAY)
  } catch (error) {
    throw atSite(error, site)
  }
}
/** to_timestamp(seconds since the epoch). */
export function epochToTimestamp(seconds: number, site: number): number {
  try {
    if (Number.isNaN(seconds)) throw new ValueError('out-of-range', 'NaN is no timestamp')
    return inRange(Math.round(seconds * 1000))
  } catch (error) {
    throw atSite(error, site)
  }
}
