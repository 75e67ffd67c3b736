import { DAY } from './calendar.ts'
import { parseDateTimeText as readText } from './date-time-text.ts'
import { inRange } from './date-trunc.ts'
import { partsOf, zeros } from './time-parts.ts'
import { fixedZone, fromLocal, timeZone } from './time-zone.ts'
import { parseDate, parseTimestamp } from './timestamp.ts'
import { ValueError } from './value-error.ts'

const encoder = new TextEncoder()

/** `2026-01-31`. */
export function formatDate(days: number): string {
  const { year, month, day } = partsOf(days * DAY)
  return `${zeros(year, 4)}-${zeros(month, 2)}-${zeros(day, 2)}`
}

/** `12:34:56`, with milliseconds where there are any; 24:00:00 is the end of the day. */
export function formatTimeOfDay(time: number): string {
  const clock = [
    Math.floor(time / 3_600_000),
    Math.floor(time / 60_000) % 60,
    Math.floor(time / 1000) % 60
  ]
  const fraction = time % 1000 === 0 ? '' : `.${zeros(time % 1000, 3)}`
  return `${clock.map(part => zeros(part, 2)).join(':')}${fraction}`
}

/** Text to DATE, by PostgreSQL's input rules; a time of day behind it is left out. */
export function dateFromText(text: string): number {
  const bytes = encoder.encode(text.trim())
  const iso = bytes.length === 10 ? parseDate(bytes, 0, 10) : NaN
  return Number.isNaN(iso) ? part(readText(text)?.days, 'a date') : iso
}

/** Text to TIME, by PostgreSQL's input rules; a date before it and a zone behind it are left out. */
export function timeFromText(text: string): number {
  return part(readText(text)?.time, 'a time of day')
}

/** Text to TIMESTAMPTZ, by PostgreSQL's input rules; without a zone it is UTC. */
export function timestamptzFromText(text: string): number {
  const bytes = encoder.encode(text.trim())
  const iso = parseTimestamp(bytes, 0, bytes.length)
  if (!Number.isNaN(iso)) return iso
  const read = readText(text)
  const { time = null, zone = null } = read ?? {}
  const local = part(read?.days, 'a timestamp') * DAY + (time ?? 0)
  return inRange(fromLocal(local, typeof zone === 'string' ? timeZone(zone) : fixedZone(zone ?? 0)))
}

function part(value: number | null | undefined, what: string): number {
  if (value === null || value === undefined) {
    throw new ValueError('invalid-cast', `the text is not ${what}`)
  }
  return value
}
