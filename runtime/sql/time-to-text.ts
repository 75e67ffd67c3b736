import {
  halfDayText,
  inCase,
  ROMAN_MONTHS,
  type TemplateField,
  withOrdinal
} from './template-text.ts'
import { dayOfWeek, daysFromDate, isoWeek } from './calendar.ts'
import { DAY_NAMES, MONTH_NAMES, partsOf, type TimeParts, zeros } from './time-parts.ts'
import { parseTemplate } from './time-template.ts'

/** to_char of a local time; `zoned`: of a TIMESTAMPTZ, whose zone is UTC. */
export function timeToText(time: number, template: string, zoned: boolean): string {
  const parts = partsOf(time)
  let text = ''
  for (const node of parseTemplate(template)) {
    text += node.kind === 'text' ? node.text : showField(node, parts, zoned)
  }
  return text
}

function showField(node: TemplateField, parts: TimeParts, zoned: boolean): string {
  const number = numbers[node.name]
  if (number !== undefined) {
    const [value, width] = number(parts)
    return withOrdinal(zeros(value, node.fill ? 1 : width), node)
  }
  const shown = texts[node.name]?.(parts, zoned, node)
  return shown ?? ''
}

/** The value of a field and how wide it is without FM. */
type NumberField = (parts: TimeParts) => readonly [value: number, width: number]

const numbers: Readonly<Record<string, NumberField>> = {
  HH24: ({ hour }) => [hour, 2],
  HH12: ({ hour }) => [hour % 12 === 0 ? 12 : hour % 12, 2],
  HH: ({ hour }) => [hour % 12 === 0 ? 12 : hour % 12, 2],
  MI: ({ minute }) => [minute, 2],
  SS: ({ second }) => [second, 2],
  SSSS: ({ hour, minute, second }) => [(hour * 60 + minute) * 60 + second, 1],
  SSSSS: ({ hour, minute, second }) => [(hour * 60 + minute) * 60 + second, 1],
  YYYY: ({ year }) => [year, 4],
  YYY: ({ year }) => [year % 1000, 3],
  YY: ({ year }) => [year % 100, 2],
  Y: ({ year }) => [year % 10, 1],
  IYYY: ({ days }) => [isoWeek(days).year, 4],
  IYY: ({ days }) => [isoWeek(days).year % 1000, 3],
  IY: ({ days }) => [isoWeek(days).year % 100, 2],
  I: ({ days }) => [isoWeek(days).year % 10, 1],
  MM: ({ month }) => [month, 2],
  DDD: ({ days, year }) => [days - daysFromDate(year, 1, 1) + 1, 3],
  IDDD: ({ days }) => [(isoWeek(days).week - 1) * 7 + isoDay(days), 3],
  DD: ({ day }) => [day, 2],
  D: ({ days }) => [dayOfWeek(days) + 1, 1],
  ID: ({ days }) => [isoDay(days), 1],
  W: ({ day }) => [Math.ceil(day / 7), 1],
  WW: ({ days, year }) => [Math.floor((days - daysFromDate(year, 1, 1)) / 7) + 1, 2],
  IW: ({ days }) => [isoWeek(days).week, 2],
  CC: ({ year }) => [Math.ceil(year / 100), 2],
  J: ({ days }) => [days + 2440588, 1],
  Q: ({ month }) => [Math.ceil(month / 3), 1]
}

type TextField = (parts: TimeParts, zoned: boolean, node: TemplateField) => string

const fraction =
  (digits: number): TextField =>
  ({ millisecond }, _zoned, node) =>
    withOrdinal(`${zeros(millisecond, 3)}000`.slice(0, digits), node)

const halfDay: TextField = ({ hour }, _zoned, node) => halfDayText(hour < 12, node)
const era: TextField = (_parts, _zoned, { name, written }) =>
  inCase(name.includes('.') ? 'A.D.' : 'AD', written)

/** A name, padded to `width` unless FM says not to. */
const name =
  (of: (parts: TimeParts) => string, width: number): TextField =>
  (parts, _zoned, { written, fill }) =>
    inCase(of(parts).slice(0, width), written).padEnd(fill ? 0 : width)

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
  AD: era,
  BC: era,
  'A.D.': era,
  'B.C.': era,
  'Y,YYY': ({ year }, _zoned, node) =>
    withOrdinal(`${Math.floor(year / 1000)},${zeros(year % 1000, 3)}`, node),
  MONTH: name(({ month }) => MONTH_NAMES[month - 1]!, 9),
  MON: name(({ month }) => MONTH_NAMES[month - 1]!, 3),
  DAY: name(({ days }) => DAY_NAMES[dayOfWeek(days)]!, 9),
  DY: name(({ days }) => DAY_NAMES[dayOfWeek(days)]!, 3),
  RM: ({ month }, _zoned, { written, fill }) =>
    inCase(ROMAN_MONTHS[month - 1]!, written).padEnd(fill ? 0 : 4),
  TZ: (_parts, zoned, { written }) => (zoned ? inCase('UTC', written) : ''),
  TZH: () => '+00',
  TZM: () => '00',
  OF: () => '+00'
}

function isoDay(days: number): number {
  return ((dayOfWeek(days) + 6) % 7) + 1
}
