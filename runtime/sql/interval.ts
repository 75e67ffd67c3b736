import { addMonths, DAY, dateFromDays, daysInMonth } from './calendar.ts'
import { ValueError } from './value-error.ts'

/** A span of time in PostgreSQL's three parts, each with a sign of its own: a month is no fixed number of days. */
export interface Interval {
  readonly months: number
  readonly days: number
  readonly ms: number
}

const MAX_PART = 2147483647
const DAYS_PER_MONTH = 30
const MONTHS_PER_YEAR = 12
const SECONDS_PER_DAY = 86_400

/** Throws where months or days need more than 32 bits, or the milliseconds more than 53. */
export function makeInterval(months: number, days: number, ms: number): Interval {
  const fits =
    Math.abs(months) <= MAX_PART && Math.abs(days) <= MAX_PART && Number.isSafeInteger(ms)
  if (!fits) throw new ValueError('out-of-range', 'the value is out of range for INTERVAL')
  // Adding 0 turns -0 into 0.
  return { months: months + 0, days: days + 0, ms: ms + 0 }
}

/** By 30-day months and 24-hour days: `1 month` equals `30 days`. Negative, zero or positive. */
export function compareInterval(a: Interval, b: Interval): number {
  // Whole days and the rest of a day are both exact; their sum in milliseconds would not be.
  const wholeA = Math.floor(a.ms / DAY)
  const wholeB = Math.floor(b.ms / DAY)
  const days = (a.months - b.months) * DAYS_PER_MONTH + (a.days - b.days) + (wholeA - wholeB)
  return days !== 0 ? days : a.ms - wholeA * DAY - (b.ms - wholeB * DAY)
}

/** The same text for all intervals that are equal. */
export function intervalKey({ months, days, ms }: Interval): string {
  const whole = Math.floor(ms / DAY)
  return `${months * DAYS_PER_MONTH + days + whole}d${ms - whole * DAY}`
}

export function addInterval(a: Interval, b: Interval): Interval {
  return makeInterval(a.months + b.months, a.days + b.days, a.ms + b.ms)
}

export function subtractInterval(a: Interval, b: Interval): Interval {
  return makeInterval(a.months - b.months, a.days - b.days, a.ms - b.ms)
}

export function negateInterval(a: Interval): Interval {
  return makeInterval(0 - a.months, 0 - a.days, 0 - a.ms)
}

/** Fractions of months become days, and those of days time: PostgreSQL's interval_mul, in milliseconds. */
export function multiplyInterval({ months, days, ms }: Interval, factor: number): Interval {
  return spread(months * factor, days * factor, ms * factor)
}

export function divideInterval({ months, days, ms }: Interval, divisor: number): Interval {
  if (divisor === 0) throw new ValueError('division-by-zero', 'division by zero')
  return spread(months / divisor, days / divisor, ms / divisor)
}

function spread(months: number, days: number, ms: number): Interval {
  const wholeMonths = Math.trunc(months)
  const wholeDays = Math.trunc(days)
  const monthRest = roundMicro((months - wholeMonths) * DAYS_PER_MONTH)
  const seconds = roundMicro(
    (days - wholeDays + monthRest - Math.trunc(monthRest)) * SECONDS_PER_DAY
  )
  const dayCarry = Math.trunc(seconds / SECONDS_PER_DAY)
  return makeInterval(
    wholeMonths,
    wholeDays + dayCarry + Math.trunc(monthRest),
    roundEven(ms + (seconds - dayCarry * SECONDS_PER_DAY) * 1000)
  )
}

function roundMicro(value: number): number {
  return roundEven(value * 1e6) / 1e6
}

/** To the nearest integer, half to even, as C's rint. */
export function roundEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  return rest > 0.5 || floor % 2 !== 0 ? floor + 1 : floor
}

/** An instant or local time, `interval` later: months first, by the calendar, then days and time. */
export function shiftTime(time: number, { months, days, ms }: Interval): number {
  if (months === 0) return time + days * DAY + ms
  const day = Math.floor(time / DAY)
  return (addMonths(day, months) + days) * DAY + (time - day * DAY) + ms
}

/** `a - b` in days and time. */
export function timeBetween(a: number, b: number): Interval {
  return justifyHours({ months: 0, days: 0, ms: a - b })
}

/** Full days of the time become days; both have one sign afterwards. */
export function justifyHours({ months, days, ms }: Interval): Interval {
  const whole = Math.trunc(ms / DAY)
  let allDays = days + whole
  let rest = ms - whole * DAY
  if (allDays > 0 && rest < 0) {
    rest += DAY
    allDays--
  } else if (allDays < 0 && rest > 0) {
    rest -= DAY
    allDays++
  }
  return makeInterval(months, allDays, rest)
}

/** Every 30 days become a month; both have one sign afterwards. */
export function justifyDays({ months, days, ms }: Interval): Interval {
  const whole = Math.trunc(days / DAYS_PER_MONTH)
  let allMonths = months + whole
  let rest = days - whole * DAYS_PER_MONTH
  if (allMonths > 0 && rest < 0) {
    rest += DAYS_PER_MONTH
    allMonths--
  } else if (allMonths < 0 && rest > 0) {
    rest -= DAYS_PER_MONTH
    allMonths++
  }
  return makeInterval(allMonths, rest, ms)
}

/** Both of the above, and one sign for all three parts. */
export function justifyInterval({ months, days, ms }: Interval): Interval {
  const whole = Math.trunc(ms / DAY)
  let rest = ms - whole * DAY
  let allDays = days + whole
  const monthCarry = Math.trunc(allDays / DAYS_PER_MONTH)
  let allMonths = months + monthCarry
  allDays -= monthCarry * DAYS_PER_MONTH
  if (allMonths > 0 && (allDays < 0 || (allDays === 0 && rest < 0))) {
    allDays += DAYS_PER_MONTH
    allMonths--
  } else if (allMonths < 0 && (allDays > 0 || (allDays === 0 && rest > 0))) {
    allDays -= DAYS_PER_MONTH
    allMonths++
  }
  if (allDays > 0 && rest < 0) {
    rest += DAY
    allDays--
  } else if (allDays < 0 && rest > 0) {
    rest -= DAY
    allDays++
  }
  return makeInterval(allMonths, allDays, rest)
}

/** age(a, b): years, months, days and time between two times as people count them: PostgreSQL's timestamp_age. */
export function ageBetween(a: number, b: number): Interval {
  return a < b ? negateInterval(agePositive(b, a)) : agePositive(a, b)
}

function agePositive(later: number, earlier: number): Interval {
  const dayA = Math.floor(later / DAY)
  const dayB = Math.floor(earlier / DAY)
  const dateA = dateFromDays(dayA)
  const dateB = dateFromDays(dayB)
  let ms = later - dayA * DAY - (earlier - dayB * DAY)
  let days = dateA.day - dateB.day
  let months = (dateA.year - dateB.year) * MONTHS_PER_YEAR + dateA.month - dateB.month
  if (ms < 0) {
    ms += DAY
    days--
  }
  // The month that lends its days is the earlier one's.
  if (days < 0) {
    days += daysInMonth(dateB.year, dateB.month)
    months--
  }
  return makeInterval(months, days, ms)
}
