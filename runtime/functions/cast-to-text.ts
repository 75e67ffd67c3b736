import { formatDate, formatTimeOfDay } from '../sql/date-text.ts'
import { formatDecimal, type Decimal } from '../sql/decimal.ts'
import { shortestReal } from '../sql/real.ts'

export function booleanToText(value: boolean): string {
  return value ? 'true' : 'false'
}

export function decimalToText(value: Decimal): string {
  return formatDecimal(value)
}

/** The shortest digits that read back as the same double, as PostgreSQL prints them: an exponent below 1e-4 and from 1e15 on. */
export function doubleToText(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  // Between these two JavaScript writes no exponent either.
  if (size === 0 || (size >= 1e-4 && size < 1e15)) return String(value)
  if (!Number.isFinite(value)) return String(value)
  return exponentText(value)
}

/** At least two digits in the exponent. */
function exponentText(value: number): string {
  const [mantissa, exponent] = value.toExponential().split('e')
  const digits = exponent!.slice(1).padStart(2, '0')
  return `${mantissa!}e${exponent![0]!}${digits}`
}

/** `2026-01-01 00:00:00.5`: a space, and a fraction only where there is one, as PostgreSQL. */
export function timestampToText(value: number): string {
  const iso = new Date(value).toISOString()
  const fraction = iso.slice(-5, -1).replace(/\.?0+$/, '')
  return `${iso.slice(0, -14)} ${iso.slice(-13, -5)}${fraction}`
}

/** `2026-01-01 00:00:00.5+00`: a TIMESTAMPTZ is shown in UTC. */
export function timestamptzToText(value: number): string {
  return `${timestampToText(value)}+00`
}

export function dateToText(days: number): string {
  return formatDate(days)
}

/** `12:34:56.5`: a fraction only where there is one, without zeros behind it. */
export function timeToText(time: number): string {
  const text = formatTimeOfDay(time)
  return time % 1000 === 0 ? text : text.replace(/0+$/, '')
}

/** As `doubleToText`, of single precision: an exponent below 1e-4 and from 1e6 on. */
export function realToText(value: number): string {
  const size = Math.abs(value)
  if (size < 1e6 || !Number.isFinite(value)) return doubleToText(shortestReal(value))
  return exponentText(shortestReal(value))
}
