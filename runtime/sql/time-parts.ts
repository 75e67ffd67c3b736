import { DAY, dateFromDays } from './calendar.ts'

/** A local time taken apart, for texts. */
export interface TimeParts {
  readonly days: number
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
}

export const MONTH_NAMES: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September'],
  ...['October', 'November', 'December']
]
/** From Sunday on. */
export const DAY_NAMES: readonly string[] = [
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
]

export function partsOf(time: number): TimeParts {
  const days = Math.floor(time / DAY)
  const ofDay = time - days * DAY
  return {
    ...dateFromDays(days),
    days,
    hour: Math.floor(ofDay / 3_600_000),
    minute: Math.floor(ofDay / 60_000) % 60,
    second: Math.floor(ofDay / 1000) % 60,
    millisecond: ofDay % 1000
  }
}

/** A whole number with zeros in front. */
export function zeros(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
