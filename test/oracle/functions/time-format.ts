import { inRange } from '../cast-time.ts'
import { type Decimal, isDecimal } from '../decimal.ts'
import type { Interval } from '../interval.ts'
import { Failure } from '../failure.ts'
import type { CallTypes, Twins } from './entry.ts'
import { parseWithTemplate } from './time-parse.ts'
import { intervalToChar } from './interval-format.ts'
import { numberToChar } from './number-format.ts'
import { readNumber } from './number-parse.ts'
import { inCase, readTemplate, withOrdinal } from './time-template.ts'

const MONTHS =
  'January February March April May June July August September October November December'.split(' ')
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const ROMAN = 'I II III IV V VI VII VIII IX X XI XII'.split(' ')

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

/** Everything that a pattern may ask of a time. */
function partsOf(ms: number) {
  const date = new Date(ms)
  const dayOfYear = (time: Date): number =>
    Math.floor(
      (time.getTime() - Date.parse(`${time.toISOString().slice(0, 4)}-01-01`)) / 86_400_000
    ) + 1
  const monday = new Date(ms)
  monday.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  const thursday = new Date(monday)
  thursday.setUTCDate(monday.getUTCDate() + 3)
  const week = Math.ceil(dayOfYear(thursday) / 7)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    hour12: date.getUTCHours() % 12 || 12,
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    ms: date.getUTCMilliseconds(),
    dayOfYear: dayOfYear(date),
    isoYear: thursday.getUTCFullYear(),
    week,
    julian: Math.floor(ms / 86_400_000) + 2440588
  }
}
type Parts = ReturnType<typeof partsOf>

/** Numbers of to_char: what, and how wide. */
const NUMBERS: Readonly<Record<string, (parts: Parts) => readonly [number, number]>> = {
  HH24: p => [p.hour, 2],
  HH12: p => [p.hour12, 2],
  HH: p => [p.hour12, 2],
  MI: p => [p.minute, 2],
  SS: p => [p.second, 2],
  SSSS: p => [p.hour * 3600 + p.minute * 60 + p.second, 1],
  SSSSS: p => [p.hour * 3600 + p.minute * 60 + p.second, 1],
  YYYY: p => [p.year, 4],
  YYY: p => [p.year % 1000, 3],
  YY: p => [p.year % 100, 2],
  Y: p => [p.year % 10, 1],
  IYYY: p => [p.isoYear, 4],
  IYY: p => [p.isoYear % 1000, 3],
  IY: p => [p.isoYear % 100, 2],
  I: p => [p.isoYear % 10, 1],
  MM: p => [p.month, 2],
  DDD: p => [p.dayOfYear, 3],
  IDDD: p => [(p.week - 1) * 7 + (p.weekday || 7), 3],
  DD: p => [p.day, 2],
  D: p => [p.weekday + 1, 1],
  ID: p => [p.weekday || 7, 1],
  W: p => [Math.ceil(p.day / 7), 1],
  WW: p => [Math.ceil(p.dayOfYear / 7), 2],
  IW: p => [p.week, 2],
  CC: p => [Math.ceil(p.year / 100), 2],
  J: p => [p.julian, 1],
  Q: p => [Math.ceil(p.month / 3), 1]
}

/** Words of to_char: the text, and how wide it is with blanks. */
const WORDS: Readonly<Record<string, (parts: Parts, zoned: boolean) => readonly [string, number]>> =
  {
    MONTH: p => [MONTHS[p.month - 1]!, 9],
    MON: p => [MONTHS[p.month - 1]!.slice(0, 3), 3],
    DAY: p => [DAYS[p.weekday]!, 9],
    DY: p => [DAYS[p.weekday]!.slice(0, 3), 3],
    RM: p => [ROMAN[p.month - 1]!, 4],
    AM: p => [p.hour < 12 ? 'AM' : 'PM', 2],
    PM: p => [p.hour < 12 ? 'AM' : 'PM', 2],
    'A.M.': p => [p.hour < 12 ? 'A.M.' : 'P.M.', 4],
    'P.M.': p => [p.hour < 12 ? 'A.M.' : 'P.M.', 4],
    AD: () => ['AD', 2],
    BC: () => ['AD', 2],
    'A.D.': () => ['A.D.', 4],
    'B.C.': () => ['A.D.', 4],
    TZ: (_, zoned) => [zoned ? 'UTC' : '', 0]
  }

function toChar(
  [ms, template]: readonly [number | Interval | Decimal, string],
  { types }: CallTypes
): string {
  if (types[0]!.kind === 'Double' || isDecimal(ms)) {
    return numberToChar(ms as number | Decimal, template)
  }
  if (typeof ms !== 'number') return intervalToChar(ms, template)
  const parts = partsOf(ms)
  return readTemplate(template)
    .map(token => {
      if (token.field === null) return token.text
      return showField(token.field, token, parts, types[0]!.kind === 'TimestampTz')
    })
    .join('')
}

function showField(
  field: string,
  { written, fill, ordinal }: { written: string; fill: boolean; ordinal: string },
  parts: Parts,
  zoned: boolean
): string {
  const number = NUMBERS[field]?.(parts)
  if (number !== undefined) return withOrdinal(pad(number[0], fill ? 1 : number[1]), ordinal)
  const word = WORDS[field]?.(parts, zoned)
  if (word !== undefined) return inCase(word[0], written).padEnd(fill ? 0 : word[1])
  const digits = field === 'MS' ? 3 : field === 'US' ? 6 : Number(/^FF(\d)$/.exec(field)?.[1] ?? 0)
  if (digits > 0) return withOrdinal(`${pad(parts.ms, 3)}000`.slice(0, digits), ordinal)
  if (field === 'Y,YYY') {
    return withOrdinal(`${Math.floor(parts.year / 1000)},${pad(parts.year % 1000, 3)}`, ordinal)
  }
  return field === 'TZM' ? '00' : '+00'
}

/** Java's letters by how often they stand there. */
function javaLetters(letter: string, width: number, p: Parts): string {
  const numbers: Readonly<Record<string, number>> = {
    ...{ d: p.day, D: p.dayOfYear, H: p.hour, k: p.hour || 24, h: p.hour12, K: p.hour % 12 },
    ...{ m: p.minute, s: p.second, Q: Math.ceil(p.month / 3) }
  }
  if (letter in numbers) return pad(numbers[letter]!, width)
  const texts: Readonly<Record<string, string>> = {
    ...{ y: pad(width === 2 ? p.year % 100 : p.year, width), G: 'AD', X: 'Z', z: 'UTC', V: 'UTC' },
    M: width <= 2 ? pad(p.month, width) : MONTHS[p.month - 1]!.slice(0, width === 3 ? 3 : 9),
    E: DAYS[p.weekday]!.slice(0, width <= 3 ? 3 : 9),
    S: `${pad(p.ms, 3)}000000`.slice(0, width),
    a: p.hour < 12 ? 'AM' : 'PM',
    Z: width === 3 ? '+00:00' : '+0000',
    x: width === 1 ? '+00' : width === 3 ? '+00:00' : '+0000'
  }
  const text = texts[{ u: 'y', L: 'M' }[letter] ?? letter]
  if (text === undefined) throw new Failure('invalid-format', letter)
  return text
}

function dateFormat([ms, pattern]: readonly [number, string]): string {
  const parts = partsOf(ms)
  if (pattern.includes('%')) return mysqlFormat(parts, pattern)
  return pattern.replace(/'((?:[^']|'')*)'?|([a-zA-Z])\2*/g, (token, quoted, letter) => {
    if (letter !== undefined) return javaLetters(letter, token.length, parts)
    return token === "''" ? "'" : String(quoted).replaceAll("''", "'")
  })
}

function mysqlFormat(p: Parts, pattern: string): string {
  const clock = `${pad(p.minute, 2)}:${pad(p.second, 2)}`
  const half = p.hour < 12 ? 'AM' : 'PM'
  const texts: Readonly<Record<string, string | number>> = {
    ...{ Y: pad(p.year, 4), y: pad(p.year % 100, 2), m: pad(p.month, 2), c: p.month },
    ...{ M: MONTHS[p.month - 1]!, b: MONTHS[p.month - 1]!.slice(0, 3), d: pad(p.day, 2) },
    ...{ e: p.day, j: pad(p.dayOfYear, 3), W: DAYS[p.weekday]!, a: DAYS[p.weekday]!.slice(0, 3) },
    ...{ w: p.weekday, H: pad(p.hour, 2), k: p.hour, h: pad(p.hour12, 2), I: pad(p.hour12, 2) },
    ...{ l: p.hour12, i: pad(p.minute, 2), s: pad(p.second, 2), S: pad(p.second, 2) },
    ...{ f: `${pad(p.ms, 3)}000`, p: half, T: `${pad(p.hour, 2)}:${clock}` },
    r: `${pad(p.hour12, 2)}:${clock} ${half}`
  }
  return pattern.replace(/%([^])/g, (_, letter: string) => String(texts[letter] ?? letter))
}

export const timeFormatTwins: Twins = {
  to_char: { evaluate: toChar },
  date_format: { evaluate: dateFormat },
  to_timestamp: {
    evaluate: ([text, template]: readonly [string | number, string?]) => {
      if (typeof text === 'string') return inRange(parseWithTemplate(text, template!))
      if (Number.isNaN(text)) throw new Failure('out-of-range', 'NaN')
      return inRange(Math.round(text * 1000))
    }
  },
  to_number: {
    evaluate: ([text, template]: readonly [string, string]) => readNumber(text, template)
  },
  to_date: {
    evaluate: ([text, template]: readonly [string, string]) =>
      Math.floor(inRange(parseWithTemplate(text, template, false)) / 86_400_000)
  }
}
