import { type Expr, intervalParts } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import type { ArgumentFault } from './entry.ts'

/** Fields of a time, and what else they may be called. */
const fieldNames: Readonly<Record<string, readonly string[]>> = {
  millennium: ['millennia', 'mil', 'mils'],
  century: ['centuries', 'cent', 'c'],
  decade: ['decades', 'dec', 'decs'],
  year: ['years', 'yr', 'yrs', 'y'],
  isoyear: [],
  quarter: ['qtr'],
  month: ['months', 'mon', 'mons'],
  week: ['weeks', 'w'],
  day: ['days', 'd'],
  dow: [],
  isodow: [],
  doy: [],
  hour: ['hours', 'hr', 'hrs', 'h'],
  minute: ['minutes', 'min', 'mins', 'm'],
  second: ['seconds', 'sec', 'secs', 's'],
  milliseconds: ['millisecond', 'ms', 'msec', 'msecs', 'mseconds'],
  microseconds: ['microsecond', 'us', 'usec', 'usecs', 'useconds'],
  epoch: [],
  julian: ['jd', 'j'],
  timezone: [],
  timezone_hour: [],
  timezone_minute: []
}

const clockFields = ['hour', 'minute', 'second', 'milliseconds', 'microseconds']
const intervalFields = [
  ...['millennium', 'century', 'decade', 'year', 'quarter', 'month', 'day'],
  ...clockFields
]

/** The fields that values of a type have. */
function fieldsOf({ kind }: SqlType): readonly string[] {
  const isZone = (name: string): boolean => name.startsWith('timezone')
  const all = Object.keys(fieldNames)
  switch (kind) {
    case 'Time':
      return [...clockFields, 'epoch']
    case 'Interval':
      return [...intervalFields, 'epoch']
    case 'Date':
      return all.filter(name => !clockFields.includes(name) && !isZone(name))
    case 'Timestamp':
      return all.filter(name => !isZone(name))
    default:
      return all
  }
}

const notUnits = ['isoyear', 'dow', 'isodow', 'doy', 'epoch', 'julian']

/** The units that date_trunc takes for a type. */
function unitsOf(type: SqlType): readonly string[] {
  if (type.kind === 'Interval') return intervalFields
  return fieldsOf({ kind: 'Timestamp' }).filter(name => !notUnits.includes(name))
}

function checkName(
  what: string,
  name: Expr | undefined,
  known: readonly string[]
): ArgumentFault | null {
  if (name?.kind !== 'Literal' || typeof name.value !== 'string') return null
  const wanted = name.value.toLowerCase()
  if (known.some(field => field === wanted || fieldNames[field]!.includes(wanted))) return null
  return {
    argument: 0,
    message: `there is no ${what} '${name.value}'`,
    hint: `Write one of ${known.join(', ')}.`
  }
}

/** EXTRACT and date_part: a constant field that the second argument does not have. */
export function checkField([field, value]: readonly Expr[]): ArgumentFault | null {
  return checkName('field', field, fieldsOf(value!.type))
}

/** date_trunc: a constant unit that there is not, and a constant zone. */
export function checkUnit([unit, value, zone]: readonly Expr[]): ArgumentFault | null {
  return checkName('unit', unit, unitsOf(value!.type)) ?? checkZone(zone, 2)
}

/** AT TIME ZONE: a constant zone that there is not. */
export function checkZone(zone: Expr | undefined, argument: number): ArgumentFault | null {
  if (zone?.kind !== 'Literal' || zone.type.kind !== 'Text' || zone.value === null) return null
  const name = String(zone.value).trim()
  if (isZone(name)) return null
  return {
    argument,
    message: `there is no time zone '${name}'`,
    hint: 'Write UTC, or a name as Europe/Berlin.'
  }
}

const ABBREVIATIONS = /^(?:z|zulu|utc|gmt|ut|[ecmp][sd]t|ces?t|bst|msk|jst)$/i
const OFFSET = /^(?:utc|gmt)?[+-]\d{1,2}(?::?\d\d)?(?::?\d\d)?$/i

function isZone(name: string): boolean {
  if (ABBREVIATIONS.test(name) || OFFSET.test(name)) return true
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A constant width of time_bucket that is no length: a literal INTERVAL has months, days and seconds. */
export function checkWidth([width]: readonly Expr[]): ArgumentFault | null {
  if (width?.kind !== 'Literal' || width.value === null) return null
  const parts = intervalParts(width.value)
  if (parts !== null && parts.months > 0 !== parts.ms > 0) return null
  return {
    argument: 0,
    message: 'a bucket is longer than nothing, and is counted in months or in days and time',
    hint: "Write '1 minute', '1 day' or '1 month'."
  }
}
