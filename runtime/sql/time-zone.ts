import { DAY } from './calendar.ts'
import { ABBREVIATIONS, parseOffset } from './date-time-text.ts'
import { ValueError } from './value-error.ts'

/** The offset from UTC in ms at an instant. */
export interface TimeZone {
  offsetAt(instant: number): number
}

const HOUR = 3_600_000
/** Zones change their offset at quarters of an hour, so one answer holds for a whole one. */
const QUARTER = 900_000
/** Quarters of an hour that a zone remembers: more than a year of them. */
const REMEMBERED = 1 << 16

const zones = new Map<string, TimeZone>()

/** The zone of a name: IANA's (`Europe/Berlin`), an abbreviation, or an offset. Throws a ValueError if there is none. */
export function timeZone(name: string): TimeZone {
  const known = zones.get(name)
  if (known !== undefined) return known
  const zone = makeZone(name.trim())
  zones.set(name, zone)
  return zone
}

function makeZone(name: string): TimeZone {
  const lower = name.toLowerCase()
  if (Object.hasOwn(ABBREVIATIONS, lower)) return fixedZone(ABBREVIATIONS[lower]! * HOUR)
  // POSIX counts to the west, and PostgreSQL follows it: 'UTC+2' is two hours behind UTC.
  const west = parseOffset(lower.replace(/^(?:utc|gmt)/, ''))
  return west === null ? namedZone(name) : fixedZone(0 - west)
}

/** A zone that is always the same time away from UTC. */
export function fixedZone(offset: number): TimeZone {
  return { offsetAt: () => offset }
}

function namedZone(name: string): TimeZone {
  const format = formatterOf(name)
  const offsets = new Map<number, number>()
  return {
    offsetAt(instant) {
      const quarter = Math.floor(instant / QUARTER)
      const known = offsets.get(quarter)
      if (known !== undefined) return known
      if (offsets.size >= REMEMBERED) offsets.clear()
      const offset = offsetIn(format.format(quarter * QUARTER))
      offsets.set(quarter, offset)
      return offset
    }
  }
}

function formatterOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    throw new ValueError('invalid-time-zone', `there is no time zone ${JSON.stringify(name)}`)
  }
}

/** `1/1/2026, GMT+01:00`; a bare GMT is no offset. */
function offsetIn(text: string): number {
  const match = /GMT([+-]\d\d:\d\d(?::\d\d)?)?$/.exec(text)
  return match?.[1] === undefined ? 0 : parseOffset(match[1])!
}

/** The local time in a zone of an instant, as if it were UTC. */
export function toLocal(instant: number, zone: TimeZone): number {
  return instant + zone.offsetAt(instant)
}

/**
 * The instant of a local time. One that the clocks skip counts from before the change, and of one that comes twice it is
 * the second, as in PostgreSQL.
 */
export function fromLocal(local: number, zone: TimeZone): number {
  const before = zone.offsetAt(local - DAY)
  const after = zone.offsetAt(local + DAY)
  if (before === after) return local - before
  const isAfter = zone.offsetAt(local - after) === after
  return local - (isAfter ? after : before)
}
