import type { Interval } from './interval.ts'
import {
  halfDayText,
  inCase,
  ROMAN_MONTHS,
  type TemplateField,
  withOrdinal
} from './template-text.ts'
import { parseTemplate } from './time-template.ts'
import { ValueError } from './value-error.ts'

/** An interval's fields, each with the sign of its part. */
interface Parts {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

/**
 * to_char of an interval: PostgreSQL takes it for a date and a time, some of whose fields are none. Weeks and ISO years
 * are those that such a date would be in.
 */
export function intervalToText({ months, days, ms }: Interval, template: string): string {
  const parts = {
    year: Math.trunc(months / 12),
    month: months % 12,
    day: days,
    hour: Math.trunc(ms / 3_600_000),
    minute: Math.trunc(ms / 60_000) % 60,
    second: Math.trunc(ms / 1000) % 60,
    millisecond: ms % 1000
  }
  let text = ''
  for (const node of parseTemplate(template)) {
    text += node.kind === 'text' ? node.text : showField(node, parts)
  }
  return text
}

function showField(field: TemplateField, parts: Parts): string {
  const number = numbers[field.name]
  if (number !== undefined) {
    const [value, width, negativeWidth = width] = number(parts)
    if (value === null) return ''
    const least = field.fill ? 0 : value < 0 ? negativeWidth : width
    return withOrdinal(signedZeros(value, least), field)
  }
  const shown = texts[field.name]?.(parts, field)
  if (shown !== undefined) return shown
  throw new ValueError('invalid-format', `an interval has no ${field.name}`)
}

/** With zeros in front, where the sign counts for the width. */
function signedZeros(value: number, width: number): string {
  const sign = value < 0 ? '-' : ''
  return sign + String(Math.abs(value)).padStart(width - sign.length, '0')
}

/** Null: the field is not shown. */
type NumberField = (
  parts: Parts
) => readonly [value: number | null, width: number, negativeWidth?: number]

const hour12: NumberField = ({ hour }) => [hour % 12 === 0 ? 12 : hour % 12, hour < 0 ? 3 : 2]
const secondOfAll: NumberField = ({ hour, minute, second }) => [
  (hour * 60 + minute) * 60 + second,
  0
]

const numbers: Readonly<Record<string, NumberField>> = {
  HH24: ({ hour }) => [hour, 2, 3],
  HH12: hour12,
  HH: hour12,
  MI: ({ minute }) => [minute, 2, 3],
  SS: ({ second }) => [second, 2, 3],
  SSSS: secondOfAll,
  SSSSS: secondOfAll,
  YYYY: ({ year }) => [year, 4, 5],
  YYY: ({ year }) => [year % 1000, year < 0 ? 4 : 3],
  YY: ({ year }) => [year % 100, year < 0 ? 3 : 2],
  Y: ({ year }) => [year % 10, 1],
  IYYY: parts => [isoYear(parts), parts.year < 0 ? 5 : 4],
  IYY: parts => [isoYear(parts) % 1000, parts.year < 0 ? 4 : 3],
  IY: parts => [isoYear(parts) % 100, parts.year < 0 ? 3 : 2],
  I: parts => [isoYear(parts) % 10, 1],
  MM: ({ month }) => [month, 2, 3],
  DDD: ({ year, month, day }) => [(year * 12 + month) * 30 + day, 3],
  IDDD: parts => [dayNumber(parts) - firstMonday(isoYear(parts)) + 1, 3],
  DD: ({ day }) => [day, 2],
  W: ({ day }) => [Math.trunc((day - 1) / 7) + 1, 0],
  WW: ({ year, month, day }) => [Math.trunc(((year * 12 + month) * 30 + day - 1) / 7) + 1, 2],
  IW: parts => [isoWeekOf(parts), 2],
  CC: ({ year }) => [Math.trunc(year / 100), 2, 3],
  J: parts => [dayNumber(parts), 0],
  Q: ({ month }) => [month === 0 ? null : Math.trunc((month - 1) / 3) + 1, 0]
}

type TextField = (parts: Parts, field: TemplateField) => string

/** Digits of a second, which FM does not shorten. */
const fraction =
  (digits: number): TextField =>
  ({ millisecond }, field) =>
    withOrdinal(signedZeros(Math.trunc(millisecond * 10 ** (digits - 3)), digits), field)

const halfDay: TextField = ({ hour }, field) => halfDayText(hour % 24 < 12, field)

const texts: Readonly<Record<string, TextField>> = {
  MS: fraction(3),
  US: fraction(6),
  FF1: fraction(1),
  FF2: fraction(2),
  FF3: fraction(3),
  FF4: fraction(4),
  FF5: fraction(5),
  FF6: fraction(6),
  AM: halfDay,
  PM: halfDay,
  'A.M.': halfDay,
  'P.M.': halfDay,
  'Y,YYY': ({ year }, field) => {
    const thousands = Math.trunc(year / 1000)
    return withOrdinal(`${thousands},${signedZeros(year - thousands * 1000, 3)}`, field)
  },
  RM({ year, month }, { written, fill }) {
    if (month === 0 && year === 0) return ''
    // Months count back from December; none is the one before January.
    const place = month === 0 ? (year >= 0 ? 11 : 0) : month > 0 ? month - 1 : month + 12
    return inCase(ROMAN_MONTHS[place]!, written).padEnd(fill ? 0 : 4)
  }
}

/** PostgreSQL's number of a day, with divisions that round to zero and 32 bits. */
function dayNumber({ year, month, day }: Pick<Parts, 'year' | 'month' | 'day'>): number {
  const [y, m] = month > 2 ? [year + 4800, month + 1] : [year + 4799, month + 13]
  const century = Math.trunc(y / 100)
  const leapDays = Math.trunc(y / 4) - century + Math.trunc(century / 4)
  return (Math.imul(y, 365) - 32167 + leapDays + Math.trunc((7834 * m) / 256) + day) | 0
}

/** The day that the first week of a year starts with: the one with January 4th. */
function firstMonday(year: number): number {
  const january4 = dayNumber({ year, month: 1, day: 4 })
  const weekday = january4 % 7
  return january4 - (weekday < 0 ? weekday + 7 : weekday)
}

function isoYear(parts: Parts): number {
  const day = dayNumber(parts)
  const { year } = parts
  if (day < firstMonday(year)) return lastWeeks(day, year - 1)
  return lastWeeks(day, year)
}

/** The year, or the next one where the day is in its first week already. */
function lastWeeks(day: number, year: number): number {
  const week = Math.trunc((day - firstMonday(year)) / 7) + 1
  return week >= 52 && day >= firstMonday(year + 1) ? year + 1 : year
}

function isoWeekOf(parts: Parts): number {
  return Math.trunc((dayNumber(parts) - firstMonday(isoYear(parts))) / 7) + 1
}
