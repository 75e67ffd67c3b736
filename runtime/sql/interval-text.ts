import { type Interval, makeInterval, roundEven } from './interval.ts'

const DAY = 86_400_000
const MONTH_DAYS = 30

/** Months, days and milliseconds of each unit, by all of its names. */
const units: ReadonlyMap<string, readonly [months: number, days: number, ms: number]> = new Map(
  (
    [
      [['millennium', 'millennia', 'millenniums', 'mil', 'mils'], 12_000, 0, 0],
      [['century', 'centuries', 'cent', 'c'], 1200, 0, 0],
      [['decade', 'decades', 'dec', 'decs'], 120, 0, 0],
      [['year', 'years', 'yr', 'yrs', 'y'], 12, 0, 0],
      [['month', 'months', 'mon', 'mons'], 1, 0, 0],
      [['week', 'weeks', 'w'], 0, 7, 0],
      [['day', 'days', 'd'], 0, 1, 0],
      [['hour', 'hours', 'hr', 'hrs', 'h'], 0, 0, 3_600_000],
      [['minute', 'minutes', 'min', 'mins', 'm'], 0, 0, 60_000],
      [['second', 'seconds', 'sec', 'secs', 's'], 0, 0, 1000],
      [['millisecond', 'milliseconds', 'msec', 'msecs', 'msecond', 'mseconds', 'ms'], 0, 0, 1],
      [['microsecond', 'microseconds', 'usec', 'usecs', 'usecond', 'useconds', 'us'], 0, 0, 0.001]
    ] as const
  ).flatMap(([names, months, days, ms]) => names.map(name => [name, [months, days, ms]] as const))
)

const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)`
/** What may follow a part: only units and the next number stand together, as in `2h30m`. */
const PART = new RegExp(
  String.raw`\s*(?:(?:@|(ago)|([+-]?)(\d+)-(\d+)|([+-]?)(\d+):(\d*)(?::(\d+(?:\.\d*)?)|(\.\d*))?)(?=\s|$)|(${NUMBER})\s*([a-z]+)?(?=[\s\d]|$))`,
  'y'
)
/** A sign that stands apart from its number. */
const LOOSE_SIGN = /(?<=^|\s)([+-])\s+(?=\d)/g
const ISO_PART = new RegExp(`(${NUMBER})([ymwdhs])`, 'y')
const ISO_BASIC = /^(\d{4})-(\d\d)-(\d\d)(?:t(\d\d):(\d\d):(\d\d(?:\.\d*)?))?$/

/** The sum of the parts read so far. */
interface Sum {
  months: number
  days: number
  ms: number
  readonly seen: Set<string>
}

/**
 * PostgreSQL's interval input: `1 year 2 mons 3 days 04:05:06.5`, `1-2 3 4:05:06`, `@ 5 minutes ago`, and ISO 8601's
 * `P1Y2M3DT4H5M6S`. Null where the text is none; a ValueError where it is out of range. Rounds to milliseconds.
 */
export function parseInterval(text: string): Interval | null {
  const lower = text.trim().toLowerCase()
  const sum: Sum = { months: 0, days: 0, ms: 0, seen: new Set() }
  const read = lower.startsWith('p')
    ? readIso(lower.slice(1), sum)
    : readParts(lower.replace(LOOSE_SIGN, '$1'), sum)
  return read ? makeInterval(sum.months, sum.days, roundEven(sum.ms)) : null
}

function readParts(text: string, sum: Sum): boolean {
  const matches: RegExpExecArray[] = []
  for (PART.lastIndex = 0; PART.lastIndex < text.length;) {
    const match = PART.exec(text)
    if (match === null) return false
    matches.push(match)
  }
  const ago = matches.at(-1)?.[1] !== undefined
  const parts = (ago ? matches.slice(0, -1) : matches).filter(match => match[0].trim() !== '@')
  for (let i = 0; i < parts.length; i++) {
    if (!readPart(parts[i]!, parts[i + 1], sum)) return false
  }
  if (ago) {
    sum.months = 0 - sum.months
    sum.days = 0 - sum.days
    sum.ms = 0 - sum.ms
  }
  return parts.length > 0
}

function readPart(match: RegExpExecArray, next: RegExpExecArray | undefined, sum: Sum): boolean {
  const [, ago, sign, years, months] = match
  if (ago !== undefined) return false
  if (years !== undefined) return addYearMonth(sign!, years, months!, sum)
  if (match[6] !== undefined) return addClock(match, sum)
  // A bare number in front of a clock time counts days; else, at the end, seconds.
  const beforeClock = next?.[6] !== undefined
  const unit = match[11] ?? (beforeClock ? 'day' : next === undefined ? 'second' : '')
  return addUnit(match[10]!, unit, sum)
}

function addYearMonth(sign: string, years: string, months: string, sum: Sum): boolean {
  if (Number(months) > 11 || !isNew('year', sum) || !isNew('month', sum)) return false
  const total = Number(years) * 12 + Number(months)
  sum.months += sign === '-' ? -total : total
  return true
}

/** `4:05`, `4:05:06.5`, and `05:06.5` as minutes and seconds. */
function addClock(match: RegExpExecArray, sum: Sum): boolean {
  const [first, second] = [Number(match[6]), Number(match[7])]
  const fraction = match[9]
  const seconds = fraction === undefined ? Number(match[8] ?? 0) : second + Number(`0${fraction}`)
  const minutes = fraction === undefined ? second : first
  const hours = fraction === undefined ? first : 0
  if (minutes > 59 || seconds >= 60 || !['hour', 'minute', 'second'].every(u => isNew(u, sum))) {
    return false
  }
  const ms = (hours * 60 + minutes) * 60_000 + seconds * 1000
  sum.ms += match[5] === '-' ? -ms : ms
  return true
}

function addUnit(text: string, name: string, sum: Sum): boolean {
  const unit = units.get(name)
  if (unit === undefined || !isNew(unit.join(), sum)) return false
  const [months, days, ms] = unit
  const value = Number(text)
  // Read by itself, as PostgreSQL does: 1.9 - 1 is a little less than 0.9.
  const fraction = Number(`0${/\.\d*/.exec(text)?.[0] ?? ''}`) * (text.startsWith('-') ? -1 : 1)
  sum.ms += value * ms
  addDays(Math.trunc(value) * days, sum)
  addDays(fraction * days, sum)
  sum.months += Math.trunc(value) * months
  // Fractions of years are whole months; those of months are days.
  if (months > 1) sum.months += roundEven(fraction * months)
  else if (months === 1) addDays(fraction * MONTH_DAYS, sum)
  return true
}

function addDays(value: number, sum: Sum): void {
  const whole = Math.trunc(value)
  sum.days += whole
  sum.ms += (value - whole) * DAY
}

/** A unit may be given once. */
function isNew(unit: string, { seen }: Sum): boolean {
  return seen.size < seen.add(units.get(unit)?.join() ?? unit).size
}

/** What follows the P. */
function readIso(text: string, sum: Sum): boolean {
  const basic = ISO_BASIC.exec(text)
  if (basic !== null) return readIsoBasic(basic, sum)
  const [date, time, ...more] = text.split('t')
  if (date === undefined || more.length > 0 || time === '' || text === '') return false
  const dateUnits = { y: 'year', m: 'month', w: 'week', d: 'day' }
  const timeUnits = { h: 'hour', m: 'minute', s: 'second' }
  return readIsoParts(date, dateUnits, sum) && readIsoParts(time ?? '', timeUnits, sum)
}

function readIsoParts(text: string, names: Readonly<Record<string, string>>, sum: Sum): boolean {
  for (ISO_PART.lastIndex = 0; ISO_PART.lastIndex < text.length;) {
    const match = ISO_PART.exec(text)
    if (match === null || !addUnit(match[1]!, names[match[2]!] ?? '', sum)) return false
  }
  return true
}

function readIsoBasic(match: RegExpExecArray, sum: Sum): boolean {
  const [years, months, days, hours, minutes, seconds] = match
    .slice(1)
    .map(part => Number(part ?? 0))
  sum.months += years! * 12 + months!
  sum.days += days!
  sum.ms += (hours! * 60 + minutes!) * 60_000 + seconds! * 1000
  return true
}

/** As PostgreSQL prints it: `1 year 2 mons 3 days 04:05:06.5`. */
export function formatInterval({ months, days, ms }: Interval): string {
  const parts: string[] = []
  let negative = false
  const add = (value: number, unit: string): void => {
    if (value === 0) return
    // A plus marks what is positive behind something negative.
    parts.push(`${negative && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`)
    negative = value < 0
  }
  add(Math.trunc(months / 12), 'year')
  add(months % 12, 'mon')
  add(days, 'day')
  if (parts.length === 0 || ms !== 0) {
    parts.push(`${ms < 0 ? '-' : negative ? '+' : ''}${formatClock(Math.abs(ms))}`)
  }
  return parts.join(' ')
}

function formatClock(ms: number): string {
  const hours = String(Math.floor(ms / 3_600_000)).padStart(2, '0')
  const minutes = String(Math.floor(ms / 60_000) % 60).padStart(2, '0')
  const seconds = String(Math.floor(ms / 1000) % 60).padStart(2, '0')
  return `${hours}:${minutes}:${seconds}${fractionOf(ms)}`
}

/** `.5` of 500 ms; nothing where there is none. */
function fractionOf(ms: number): string {
  return ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0')}`.replace(/0+$/, '')
}

/** ISO 8601, as JSON output has it: `P1Y2M3DT4H5M6.5S`; each part with its own sign, `PT0S` for none. */
export function formatIsoInterval({ months, days, ms }: Interval): string {
  const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`)
  const size = Math.abs(ms)
  const sign = ms < 0 ? '-' : ''
  const signed = (value: number, unit: string): string =>
    value === 0 ? '' : `${sign}${value}${unit}`
  const whole = Math.floor(size / 1000) % 60
  const fraction = fractionOf(size)
  const time =
    signed(Math.floor(size / 3_600_000), 'H') +
    signed(Math.floor(size / 60_000) % 60, 'M') +
    (whole === 0 && fraction === '' ? '' : `${sign}${whole}${fraction}S`)
  const date = part(Math.trunc(months / 12), 'Y') + part(months % 12, 'M') + part(days, 'D')
  if (date === '' && time === '') return 'PT0S'
  return `P${date}${time === '' ? '' : `T${time}`}`
}
