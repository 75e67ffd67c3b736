/** Milliseconds of a day. */
export const DAY = 86_400_000

/** DATE is days since 1970-01-01, between these two: years 0001 to 9999. */
export const MIN_DATE = -719162
export const MAX_DATE = 2932896

/** Days since the epoch of a date in the Gregorian calendar. No Date object: a decoder calls this per record. */
export function daysFromDate(year: number, month: number, day: number): number {
  // Howard Hinnant's days_from_civil: years begin in March, so that the leap day comes last.
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** A day of the Gregorian calendar; months and days count from 1. */
export interface CalendarDate {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** The calendar's name for a day. Allocates one object, which V8 mostly removes. */
export function dateFromDays(days: number): CalendarDate {
  // civil_from_days, the inverse of the above.
  const shifted = days + 719468
  const era = Math.floor(shifted / 146097)
  const dayOfEra = shifted - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1
  }
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Whether the calendar has this day, within the years of DATE. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || year > 9999 || month < 1 || month > 12) return false
  return day >= 1 && day <= daysInMonth(year, month)
}

/** 0 for Sunday to 6 for Saturday. */
export function dayOfWeek(days: number): number {
  return (((days + 4) % 7) + 7) % 7
}

/** The week that a day is in by ISO 8601: weeks begin on Monday, and week 1 has the year's first Thursday. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  const thursday = days - ((dayOfWeek(days) + 6) % 7) + 3
  const { year } = dateFromDays(thursday)
  return { year, week: Math.floor((thursday - daysFromDate(year, 1, 1)) / 7) + 1 }
}

/** The day `months` months away; the last day of the month where it has no such day. */
export function addMonths(days: number, months: number): number {
  const { year, month, day } = dateFromDays(days)
  const index = year * 12 + month - 1 + months
  const toYear = Math.floor(index / 12)
  const toMonth = index - toYear * 12 + 1
  return daysFromDate(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)))
}
