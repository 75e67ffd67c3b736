import { parseIsoDate } from '../date.ts'
import { Failure } from '../failure.ts'
import { readTemplate, type Token } from './time-template.ts'

const MONTHS =
  'January February March April May June July August September October November December'.split(' ')
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
const ROMAN = 'I II III IV V VI VII VIII IX X XI XII'.split(' ')
const short = (names: readonly string[]): string[] => names.map(name => name.slice(0, 3))

/** How many digits a field of digits has; null: it is none. */
function widthOf(field: string): number | null {
  if (/^(?:HH24|HH12|TZM)$/.test(field)) return 2
  if (/^(?:US|FF6)$/.test(field)) return 6
  if (/^FF\d$/.test(field)) return Number(field[2])
  if (field === 'MS' || field === 'IDDD') return 3
  const digits =
    /^(?:HH|MI|SS|SSSS|SSSSS|YYYY|YYY|YY|Y|IYYY|IYY|IY|I|MM|DDD|DD|D|ID|W|WW|IW|CC|J|Q)$/
  return digits.test(field) ? field.length : null
}

/** What the text says, by the field that says it. */
type Found = Map<string, { readonly value: number; readonly digits: number }>

/** The time that a text stands for by a template; `zoned`: less the offset that it says. */
export function parseWithTemplate(text: string, template: string, zoned = true): number {
  const found = readFields(text, readTemplate(template))
  const hours = found.get('TZH')?.value ?? 0
  const minutes = found.get('TZM')?.value ?? 0
  if (hours >= 16 || minutes >= 60) throw new Failure('out-of-range', 'no such zone')
  const zone = hours * 60 + minutes
  const offset = zoned ? zone * 60_000 * (found.get('sign')?.value ?? 1) : 0
  return dayOf(found) * 86_400_000 + timeOf(found) - offset
}

function readFields(text: string, tokens: readonly Token[]): Found {
  const found: Found = new Map()
  let rest = text
  // Blanks taken beyond what the template has.
  let extra = 0
  let minus = false
  const skipBlanks = (): void => {
    const blanks = /^\s*/.exec(rest)![0].length
    rest = rest.slice(blanks)
    extra += blanks
  }
  for (const [i, token] of tokens.entries()) {
    if (rest === '') break
    if (token.field !== null || i === 0) skipBlanks()
    if (token.field === null) {
      const count = token.literal
        ? Math.max(0, token.text.length - extra)
        : Number(/^[^\p{L}\d]/u.test(rest))
      extra = token.literal ? Math.max(0, extra - token.text.length) : extra - 1 + count
      minus = rest.slice(0, count).endsWith('-')
      rest = rest.slice(count)
      continue
    }
    const used = readField(token.field, token, tokens[i + 1], rest, extra > 0 && minus, found)
    rest = rest.slice(used + (token.ordinal === '' ? 0 : 2))
    extra = 0
    minus = false
    skipBlanks()
  }
  return found
}

function put(found: Found, key: string, value: number, digits = 0): void {
  const known = found.get(key)
  if (known !== undefined && known.value !== value) throw new Failure('invalid-cast', key)
  found.set(key, { value, digits })
}

/** How many characters the field took. */
function readField(
  field: string,
  token: Token,
  next: Token | undefined,
  rest: string,
  minus: boolean,
  found: Found
): number {
  if (/^I/.test(field) || field === 'DDD') put(found, 'iso', Number(field.startsWith('I')))
  const lists: Readonly<Record<string, readonly [string, readonly string[]]>> = {
    MONTH: ['MM', MONTHS],
    MON: ['MM', short(MONTHS)],
    DAY: ['D', DAYS],
    DY: ['D', short(DAYS)],
    RM: ['MM', ROMAN]
  }
  const list = lists[field]
  if (list !== undefined) return readName(rest, list[1], index => put(found, list[0], index + 1))
  const word = readWord(field, rest, found)
  if (word !== null) return word
  if (field === 'TZH') {
    const sign = /^[+\- ]/.exec(rest)?.[0] ?? ''
    found.set('sign', { value: sign === '-' || minus ? -1 : 1, digits: 0 })
    return sign.length + readDigits('TZH', 2, token, next, rest.slice(sign.length), found)
  }
  const width = widthOf(field)
  if (width === null) throw new Failure('invalid-format', field)
  if (field === 'HH' || field === 'HH12') put(found, 'twelve', 1)
  return readDigits(field, width, token, next, rest, found)
}

/** Half of the day, era, and a year with a comma; null for other fields. */
function readWord(field: string, rest: string, found: Found): number | null {
  if (/^[AP]\.?M/.test(field)) {
    put(found, 'twelve', 1)
    const names = field.includes('.') ? ['a.m.', 'p.m.'] : ['am', 'pm']
    return readName(rest, names, index => put(found, 'pm', index))
  }
  if (/^(?:A\.?D|B\.?C)/.test(field)) {
    const names = field.includes('.') ? ['a.d.', 'b.c.'] : ['ad', 'bc']
    return readName(rest, names, index => {
      if (index === 1) throw new Failure('out-of-range', 'before year 1')
    })
  }
  if (field === 'Y,YYY') {
    const match = /^(\d+),(\d{1,3})/.exec(rest)
    if (match === null) throw new Failure('invalid-cast', rest)
    put(found, 'YYYY', Number(match[1]) * 1000 + Number(match[2]), 4)
    return match[0].length
  }
  return null
}

function readName(rest: string, names: readonly string[], take: (index: number) => void): number {
  const lower = rest.toLowerCase()
  const fits = names.filter(name => lower.startsWith(name.toLowerCase()))
  const longest = fits.toSorted((a, b) => b.length - a.length)[0]
  if (longest === undefined) throw new Failure('invalid-cast', rest)
  take(names.indexOf(longest))
  return longest.length
}

/** All digits where none can follow; else exactly as many as the field has. */
function readDigits(
  field: string,
  width: number,
  { fill, ordinal }: Token,
  next: Token | undefined,
  rest: string,
  found: Found
): number {
  const follows =
    next !== undefined &&
    (next.field === null
      ? /^\d$/.test(next.text)
      : widthOf(next.field) !== null || ['TZH', 'Y,YYY'].includes(next.field))
  const free = fill || ordinal !== '' || !follows
  const match = /^[+-]?\d+/.exec(free ? rest : rest.slice(0, width))
  if (match === null || (!free && match[0].length < width)) throw new Failure('invalid-cast', rest)
  if (Math.abs(Number(match[0])) > 2147483647) throw new Failure('out-of-range', match[0])
  const same: Readonly<Record<string, string>> = {
    ...{ HH24: 'HH', HH12: 'HH', SSSSS: 'SSSS', IDDD: 'DDD', IW: 'WW', ID: 'D' },
    ...{ YYY: 'YYYY', YY: 'YYYY', Y: 'YYYY', IYYY: 'YYYY', IYY: 'YYYY', IY: 'YYYY', I: 'YYYY' }
  }
  put(found, keyOf(field, same), valueOf(field, match[0]), match[0].length)
  return match[0].length
}

function keyOf(field: string, same: Readonly<Record<string, string>>): string {
  return /^(?:US|FF\d)$/.test(field) ? 'US' : (same[field] ?? field)
}

function valueOf(field: string, digits: string): number {
  const value = Number(digits)
  if (/^I?Y{1,3}$|^I$/.test(field) && digits.length < 4) {
    const near = [value, value + 1000, value + 1900, value + 2000]
    if (value < 70) return near[3]!
    if (value < 100) return near[2]!
    return value < 520 ? near[3]! : near[1]!
  }
  if (field === 'ID') return (value % 7) + 1
  if (field === 'MS') return value * 10 ** (3 - digits.length)
  return /^(?:US|FF\d)$/.test(field) ? value * 10 ** (6 - digits.length) : value
}

function timeOf(found: Found): number {
  const get = (key: string): number | undefined => found.get(key)?.value
  const ofDay = get('SSSS') ?? 0
  let hour = get('HH') ?? Math.floor(ofDay / 3600)
  const minute = get('MI') ?? Math.floor(ofDay / 60) % 60
  const second = get('SS') ?? ofDay % 60
  if (get('twelve') === 1) {
    if (hour < 1 || hour > 12) throw new Failure('out-of-range', 'hour')
    hour = (hour % 12) + (get('pm') === 1 ? 12 : 0)
  }
  const ms = (get('MS') ?? 0) + Math.floor((get('US') ?? 0) / 1000)
  if (hour > 23 || minute > 59 || second > 59 || Math.min(hour, minute, second, ms) < 0) {
    throw new Failure('out-of-range', 'time')
  }
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

function dayOf(found: Found): number {
  const get = (key: string): number | undefined => found.get(key)?.value
  const julian = get('J')
  if (julian !== undefined) return julian - 2440588
  const year = get('YYYY') ?? firstYear(get('CC'))
  const week = get('WW')
  const isIso = get('iso') === 1
  if (week !== undefined && isIso) {
    const weekday = ((get('D') ?? 2) + 5) % 7
    return isoStart(year) + (week - 1) * 7 + weekday
  }
  const monthWeek = get('W')
  const day = monthWeek === undefined ? (get('DD') ?? 1) : monthWeek * 7 - 6
  const month = get('MM') ?? 1
  const dayOfYear = get('DDD') ?? (week === undefined ? undefined : week * 7 - 6)
  if (dayOfYear === undefined || (month > 1 && day > 1)) return dateOf(year, month, day)
  return isIso ? isoStart(year) + dayOfYear - 1 : dayOfYearOf(year, dayOfYear)
}

/** Of a century; no year at all is 0, which is none. */
function firstYear(century: number | undefined): number {
  return century === undefined ? 0 : (century - 1) * 100 + 1
}

function dayOfYearOf(year: number, dayOfYear: number): number {
  const first = dateOf(year, 1, 1)
  if (dayOfYear < 1 || dayOfYear > dateOf(year, 12, 31) - first + 1) {
    throw new Failure('out-of-range', 'day of year')
  }
  return first + dayOfYear - 1
}

function dateOf(year: number, month: number, day: number): number {
  // A sign would make of it a text that is no ISO date.
  if (year < 0) throw new Failure('out-of-range', 'no date')
  const [y, m, d] = [String(year).padStart(4, '0'), month, day]
  const days = parseIsoDate(`${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`)
  if (days === null) throw new Failure('out-of-range', 'no date')
  return days
}

/** The Monday of the week with January 4. */
function isoStart(year: number): number {
  const fourth = dateOf(year, 1, 4)
  return fourth - ((new Date(fourth * 86_400_000).getUTCDay() + 6) % 7)
}
