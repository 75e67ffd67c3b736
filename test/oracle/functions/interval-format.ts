import { Failure } from '../failure.ts'
import type { Interval } from '../interval.ts'
import { inCase, readTemplate, type Token, withOrdinal } from './time-template.ts'

const ROMAN = 'XII XI X IX VIII VII VI V IV III II I'.split(' ')

/** The fields that PostgreSQL's to_char finds in an interval, as numbers whose division rounds to zero. */
interface Fields {
  readonly year: bigint
  readonly month: bigint
  readonly day: bigint
  readonly seconds: bigint
  readonly fraction: bigint
}

export function intervalToChar({ months, days, ms }: Interval, template: string): string {
  const fields: Fields = {
    year: months / 12n,
    month: months % 12n,
    day: days,
    seconds: ms / 1000n,
    fraction: ms % 1000n
  }
  return readTemplate(template)
    .map(token => (token.field === null ? token.text : showField(token.field, token, fields)))
    .join('')
}

function showField(field: string, token: Token, fields: Fields): string {
  const text =
    clockField(field, token, fields) ??
    yearField(field, token, fields) ??
    dayField(field, token, fields)
  if (text === null) throw new Failure('invalid-format', field)
  return /^([AP]\.?M\.?|RM)$/.test(field) ? text : withOrdinal(text, token.ordinal)
}

/** C's `%0*d`: zeros up to a width, to which a sign counts. */
function digits(value: bigint, width: number, { fill }: Token): string {
  const text = String(value < 0n ? -value : value)
  const size = fill ? 0 : width - (value < 0n ? 1 : 0)
  return (value < 0n ? '-' : '') + text.padStart(size, '0')
}

function clockField(field: string, token: Token, { seconds, fraction }: Fields): string | null {
  const hour = seconds / 3600n
  const signed = (value: bigint): string => digits(value, value < 0n ? 3 : 2, token)
  if (field === 'HH24') return signed(hour)
  if (field === 'MI') return signed((seconds / 60n) % 60n)
  if (field === 'SS') return signed(seconds % 60n)
  if (field === 'HH' || field === 'HH12') {
    const clock = hour % 12n
    return digits(clock === 0n ? 12n : clock, hour < 0n ? 3 : 2, token)
  }
  if (field.startsWith('SSSS')) return String(seconds)
  if (/^[AP]\.?M\.?$/.test(field)) return halfDay(field, token, hour)
  return fractionField(field, token, fraction)
}

function halfDay(field: string, { written }: Token, hour: bigint): string {
  const letters = hour % 24n >= 12n ? 'PM' : 'AM'
  return inCase(field.includes('.') ? letters.replace(/./g, '$&.') : letters, written)
}

function fractionField(field: string, token: Token, fraction: bigint): string | null {
  const places = field === 'MS' ? 3 : field === 'US' ? 6 : Number(/^FF(\d)$/.exec(field)?.[1] ?? 0)
  if (places === 0) return null
  const value = (fraction * 1000n) / 10n ** BigInt(6 - places)
  return digits(value, places, { ...token, fill: false })
}

function yearField(field: string, token: Token, fields: Fields): string | null {
  const { year } = fields
  if (/^(?:Y{1,4}|IY{0,3})$/.test(field)) {
    const shown = field.startsWith('I') ? isoYear(fields) : year
    const count = field.length
    const width = count === 1 ? 1 : count + (year < 0n ? 1 : 0)
    return digits(count === 4 ? shown : shown % 10n ** BigInt(count), width, token)
  }
  if (field === 'Y,YYY') {
    return `${year / 1000n},${digits(year % 1000n, 3, { ...token, fill: false })}`
  }
  if (field !== 'CC') return null
  return digits(year / 100n, year / 100n < 0n ? 3 : 2, token)
}

function dayField(field: string, token: Token, fields: Fields): string | null {
  const { year, month, day } = fields
  const dayOfYear = (year * 12n + month) * 30n + day
  const fromMonday = (): bigint => julian(year, month, day) - monday(isoYear(fields))
  switch (field) {
    case 'MM':
      return digits(month, month < 0n ? 3 : 2, token)
    case 'DD':
      return digits(day, 2, token)
    case 'DDD':
      return digits(dayOfYear, 3, token)
    case 'IDDD':
      return digits(fromMonday() + 1n, 3, token)
    case 'W':
      return String((day - 1n) / 7n + 1n)
    case 'WW':
      return digits((dayOfYear - 1n) / 7n + 1n, 2, token)
    case 'IW':
      return digits(fromMonday() / 7n + 1n, 2, token)
    case 'J':
      return String(julian(year, month, day))
    case 'Q':
      return month === 0n ? '' : String((month - 1n) / 3n + 1n)
    case 'RM':
      return romanMonth(year, month, token)
    default:
      return null
  }
}

function romanMonth(year: bigint, month: bigint, { written, fill }: Token): string {
  if (year === 0n && month === 0n) return ''
  const place = month === 0n ? (year >= 0n ? 0n : 11n) : month < 0n ? -month - 1n : 12n - month
  return inCase(ROMAN[Number(place)]!, written).padEnd(fill ? 0 : 4)
}

/** As C's int of 32 bits. */
function julian(year: bigint, month: bigint, day: bigint): bigint {
  const late = month > 2n
  const y = year + (late ? 4800n : 4799n)
  const m = month + (late ? 1n : 13n)
  const leaps = y / 4n - y / 100n + y / 100n / 4n
  return BigInt.asIntN(32, y * 365n - 32167n + leaps + (7834n * m) / 256n + day)
}

/** The Monday of a year's first ISO week. */
function monday(year: bigint): bigint {
  const fourth = julian(year, 1n, 4n)
  return fourth - (((fourth % 7n) + 7n) % 7n)
}

function isoYear({ year, month, day }: Fields): bigint {
  const number = julian(year, month, day)
  const start = number < monday(year) ? year - 1n : year
  const isLast = (number - monday(start)) / 7n + 1n >= 52n
  return isLast && number >= monday(start + 1n) ? start + 1n : start
}
