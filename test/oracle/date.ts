import { parseTimestamp } from './timestamp.ts'
import { localToUtc, utcOffset } from './zone.ts'

const DAY = 86_400_000
/** Years 1 to 9999. */
const FIRST_DAY = -719162
const LAST_DAY = 2932896

/** Days since 1970-01-01 from `2026-01-31`; null where there is no such day. */
export function parseIsoDate(text: string): number | null {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? dayOrNull(parseTimestamp(text)) : null
}

function dayOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms / DAY)
}

export function isDay(days: number): boolean {
  return days >= FIRST_DAY && days <= LAST_DAY
}

/** Milliseconds of the day from `12:34`, `12:34:56.789`; null where it is no time. */
export function parseIsoTime(text: string): number | null {
  if (!/^\d\d:\d\d(:\d\d([.,]\d+)?)?Z?$/i.test(text)) return null
  const ms = parseTimestamp(`2000-01-01T${text.replace(/Z$/i, '')}`)
  return ms === null ? null : ms - Date.UTC(2000, 0, 1)
}

export function showDate(days: number): string {
  return new Date(days * DAY).toISOString().slice(0, 10)
}

/** With milliseconds where there are any. */
export function showTime(ms: number): string {
  const text = ms === DAY ? '24:00:00.000' : new Date(ms).toISOString().slice(11, 23)
  return text.replace(/\.000$/, '')
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const ZONES: Readonly<Record<string, number>> = {
  ...{ z: 0, utc: 0, gmt: 0, zulu: 0, est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6 },
  ...{ pst: -8, pdt: -7, cet: 1, cest: 2, bst: 1, msk: 3, jst: 9, ut: 0 }
}

/** PostgreSQL's looser date and time input, as far as it goes here; parts that are missing are null. */
export function parseLoose(text: string): {
  readonly days: number | null
  readonly time: number | null
  readonly zone: string | null
} | null {
  let rest = ` ${text
    .trim()
    .toLowerCase()
    .replace(/(\d)t(\d)/, '$1 $2')} `
  if (rest === ' epoch ') return { days: 0, time: 0, zone: '+00' }
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest)
    if (match !== null) rest = rest.replace(match[0], ' ')
    return match
  }
  const clock = take(/\s(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?\s*([ap]m)?(?=[\s+-]|z)/)
  const date = takeDate(take)
  const compact =
    clock === null && date !== null ? take(/\s(\d\d)(\d\d)(\d\d(?:\.\d*)?)(?=\s)/) : null
  rest = rest.replace(WEEKDAY, '')
  const zone = takeZone(take)
  const time = clockTime(clock ?? compact)
  if (/[^\s,]/.test(rest) || zone === undefined || date === undefined || time === undefined) {
    return null
  }
  return date === null && time === null ? null : { days: date, time, zone }
}

const WEEKDAY = /\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b/

type Take = (pattern: RegExp) => RegExpExecArray | null

/** Null where there is none, undefined where the word is none. */
function takeZone(take: Take): string | null | undefined {
  const pattern = /\s*([+-]\d{1,2}(?::?\d\d){0,2}|[a-z_]+\/[a-z_/]+|\b[a-z]{1,4}\b)\s/
  const word = take(pattern)?.[1] ?? null
  return word === null || !/^[a-z]+$/.test(word) || word in ZONES ? word : undefined
}

/** Null where there is none, undefined where it is wrong. */
function takeDate(take: Take): number | null | undefined {
  const orders: readonly (readonly [pattern: RegExp, year: number, month: number, day: number])[] =
    [
      [/\s(\d{3,4})[-/.](\d{1,2}|[a-z]{3})[-/.](\d{1,2})(?=\s)/, 1, 2, 3],
      [/\s(\d{4})(\d\d)(\d\d)(?=\s)/, 1, 2, 3],
      [/\s(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d\d)(?=\s)/, 3, 1, 2],
      [/\s(\d{1,2})-([a-z]{3})-(\d{4}|\d\d)(?=\s)/, 3, 2, 1],
      [/\s([a-z]{3})-(\d{1,2})-(\d{4}|\d\d)(?=\s)/, 3, 1, 2],
      [/\s([a-z]{3})[a-z]*\s+(\d{1,2})(?:,\s*|\s+)(\d{2,4})(?=\s)/, 3, 1, 2],
      [/\s(\d{1,2})\s+([a-z]{3})[a-z]*(?:,\s*|\s+)(\d{2,4})(?=\s)/, 3, 2, 1],
      [/\s(\d{3,4})\s+([a-z]{3})[a-z]*\s+(\d{1,2})(?=\s)/, 1, 2, 3]
    ]
  for (const [pattern, year, month, day] of orders) {
    const match = take(pattern)
    if (match !== null) return dateOf(match[year]!, match[month]!, match[day]!)
  }
  return null
}

function dateOf(year: string, month: string, day: string): number | undefined {
  const named = MONTHS.indexOf(month)
  const full = year.length === 2 ? (Number(year) < 70 ? `20${year}` : `19${year}`) : year
  const digits = named >= 0 ? String(named + 1) : month
  const iso = `${full.padStart(4, '0')}-${digits.padStart(2, '0')}-${day.padStart(2, '0')}`
  return parseIsoDate(iso) ?? undefined
}

function clockTime(match: RegExpExecArray | null): number | null | undefined {
  if (match === null) return null
  const [, hours, minutes, seconds, half] = match
  if (half !== undefined && Number(hours) > 12) return undefined
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0)
  const two = (part: string): string => part.replace(/^\d(?!\d)/, '0$&')
  return parseIsoTime(`${two(String(hour))}:${two(minutes!)}:${two(seconds ?? '0')}`) ?? undefined
}

/** The instant that a loosely written timestamp stands for; null where it is none. */
export function parseInstant(text: string): number | null {
  const iso = parseTimestamp(text.trim())
  if (iso !== null) return iso
  const parts = parseLoose(text)
  if (parts === null || parts.days === null) return null
  const local = parts.days * DAY + (parts.time ?? 0)
  const { zone } = parts
  if (zone === null) return local
  if (zone in ZONES) return local - ZONES[zone]! * 3_600_000
  if (zone.includes('/')) return localToUtc(local, zone)
  const offset = /^([+-])(\d{1,2}):?(\d\d)?/.exec(zone)!
  const size = (Number(offset[2]) * 60 + Number(offset[3] ?? 0)) * 60_000
  return local - (offset[1] === '-' ? -size : size)
}

export { utcOffset }
