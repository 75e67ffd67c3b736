import { DAY, daysFromDate, isDate } from './calendar.ts'

/**
 * What a text of PostgreSQL's date and time input says. `days` is null where it names no date, `time` (ms of the day) where
 * it names no time, `zone` where it names no zone: an offset in ms, or the name of a time zone.
 */
export interface DateTimeText {
  readonly days: number | null
  readonly time: number | null
  readonly zone: number | string | null
}

interface Fields {
  days: number | null
  time: number | null
  zone: number | string | null
  /** Words and numbers of a date that is written apart, as in `Jan 8, 1999`. */
  month: number | null
  numbers: string[]
}

/** Reads one word; false where it does not belong here. */
type Reader = (word: string, fields: Fields) => boolean

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAY = /^(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?$/
const LONG_MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september'],
  ...['october', 'november', 'december']
]
/** Hours from UTC of the abbreviations that one meets in logs. */
export const ABBREVIATIONS: Readonly<Record<string, number>> = {
  ...{ z: 0, zulu: 0, utc: 0, gmt: 0, ut: 0, est: -5, edt: -4, cst: -6, cdt: -5 },
  ...{ mst: -7, mdt: -6, pst: -8, pdt: -7, cet: 1, cest: 2, bst: 1, msk: 3, jst: 9 }
}
const HOUR = 3_600_000
/** Split so that `2026-01-01T10:00Z`, `10:00+02` and `10:00PM` become words; a `-` inside of a date or a zone's name stays. */
const WORD =
  /[+-]\d[\d:]*|\d[\d:.]*[ap]m\b|\d+(?:[-/.][\w]+)*(?::[\d:.]*)?|[a-z_]+(?:\/[\w+-]+)*(?:-\d+-\d+)?/gi

const readers: readonly Reader[] = [readIsoDate, readSlashDate, readNamedDate, readTime, readZone]

/** Null where the text is no date or time. Not for hot paths: ISO 8601 is read from its bytes by `parseTimestamp`. */
export function parseDateTimeText(text: string): DateTimeText | null {
  const fields: Fields = { days: null, time: null, zone: null, month: null, numbers: [] }
  const spaced = text
    .trim()
    .toLowerCase()
    .replace(/(\d)t(?=\d)/, '$1 ')
  if (spaced === 'epoch') return { days: 0, time: 0, zone: 0 }
  let end = 0
  for (const match of spaced.matchAll(WORD)) {
    if (!/^[\s,]*$/.test(spaced.slice(end, match.index))) return null
    end = match.index + match[0].length
    if (!readWord(match[0], fields)) return null
  }
  if (end === 0 || end < spaced.length || !joinDate(fields)) return null
  const { days, time, zone } = fields
  return days === null && time === null ? null : { days, time, zone }
}

function readWord(word: string, fields: Fields): boolean {
  if (readers.some(read => read(word, fields))) return true
  if (/^\d{1,4}$/.test(word)) return fields.numbers.push(word) <= 2
  if (word === 'am' || word === 'pm') return readHalfDay(word, fields)
  const month = MONTHS.includes(word) ? MONTHS.indexOf(word) : LONG_MONTHS.indexOf(word)
  if (month >= 0 || word === 'sept') {
    if (fields.month !== null) return false
    fields.month = word === 'sept' ? 9 : month + 1
    return true
  }
  return WEEKDAY.test(word)
}

function setDate(fields: Fields, year: string, month: string, day: string): boolean {
  const named = MONTHS.indexOf(month.slice(0, 3))
  const parts = [fullYear(year), named >= 0 ? named + 1 : Number(month), Number(day)] as const
  if (fields.days !== null || !isDate(...parts)) return false
  fields.days = daysFromDate(...parts)
  return true
}

/** Two digits are a year from 1970 to 2069. */
function fullYear(year: string): number {
  const value = Number(year)
  if (year.length !== 2) return value
  return value < 70 ? 2000 + value : 1900 + value
}

/** `2026-01-31`, `2026/1/31`, `2026-Jan-31`, `20260131`. */
function readIsoDate(word: string, fields: Fields): boolean {
  const match =
    /^(\d{3,4})([-/.])(\d{1,2}|[a-z]{3})\2(\d{1,2})$/.exec(word) ??
    /^(\d{4})()(\d\d)(\d\d)$/.exec(word)
  return match !== null && setDate(fields, match[1]!, match[3]!, match[4]!)
}

/** `1/31/2026`, month first. */
function readSlashDate(word: string, fields: Fields): boolean {
  const match = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)$/.exec(word)
  return match !== null && setDate(fields, match[4]!, match[1]!, match[3]!)
}

/** `31-Jan-2026`, `Jan-31-2026`. */
function readNamedDate(word: string, fields: Fields): boolean {
  const dayFirst = /^(\d{1,2})-([a-z]{3})-(\d{4}|\d\d)$/.exec(word)
  if (dayFirst !== null) return setDate(fields, dayFirst[3]!, dayFirst[2]!, dayFirst[1]!)
  const monthFirst = /^([a-z]{3})-(\d{1,2})-(\d{4}|\d\d)$/.exec(word)
  return monthFirst !== null && setDate(fields, monthFirst[3]!, monthFirst[1]!, monthFirst[2]!)
}

/** `10:00`, `10:00:30.5`, `10:00PM`, and without colons `100030` behind a date. */
function readTime(word: string, fields: Fields): boolean {
  const match =
    /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?([ap]m)?$/.exec(word) ??
    (fields.days === null ? null : /^(\d\d)(\d\d)(\d\d(?:\.\d*)?)()$/.exec(word))
  if (match === null || fields.time !== null) return false
  const [hours, minutes, seconds] = [match[1], match[2], match[3] ?? 0].map(Number)
  if (hours! > 24 || minutes! > 59 || seconds! >= 61) return false
  const time = hours! * HOUR + minutes! * 60_000 + Math.floor(seconds! * 1000 + 1e-6)
  if (time > DAY) return false
  fields.time = time
  return !match[4] || readHalfDay(match[4], fields)
}

function readHalfDay(word: string, fields: Fields): boolean {
  const { time } = fields
  if (time === null || time >= 13 * HOUR) return false
  const isNoonHour = time >= 12 * HOUR
  fields.time = time + (word === 'pm' ? (isNoonHour ? 0 : 12) : isNoonHour ? -12 : 0) * HOUR
  return true
}

/** `Z`, `UTC`, `+02`, `+02:00`, `-0530`, `Europe/Berlin`. */
function readZone(word: string, fields: Fields): boolean {
  if (fields.zone !== null || (fields.time === null && fields.days === null)) return false
  const offset = parseOffset(word)
  const hours = Object.hasOwn(ABBREVIATIONS, word) ? ABBREVIATIONS[word]! * HOUR : null
  fields.zone = offset ?? hours ?? (word.includes('/') ? word : null)
  return fields.zone !== null
}

/** The offset from UTC in ms of `+02`, `-05:30`, `+0530`, `+05:30:15`; null if it is none. */
export function parseOffset(word: string): number | null {
  const match = /^([+-])(\d{1,2})(?::?(\d\d))?(?::?(\d\d))?$/.exec(word)
  if (match === null) return null
  const [hours, minutes, seconds] = [match[2], match[3] ?? 0, match[4] ?? 0].map(Number)
  if (hours! > 15 || minutes! > 59 || seconds! > 59) return null
  const size = hours! * HOUR + minutes! * 60_000 + seconds! * 1000
  return match[1] === '-' ? 0 - size : size
}

/** Puts a date together from a month's name and two numbers: of them the longer one is the year, else the second. */
function joinDate(fields: Fields): boolean {
  const { month, numbers } = fields
  if (month === null) return numbers.length === 0
  const [first, second] = numbers
  if (first === undefined || second === undefined) return false
  const yearFirst = first.length > 2
  return setDate(fields, yearFirst ? first : second, String(month), yearFirst ? second : first)
}
