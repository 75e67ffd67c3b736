import { DAY, daysFromDate, dayOfWeek, isDate, isLeapYear } from './calendar.ts'
import { DAY_NAMES, MONTH_NAMES } from './time-parts.ts'
import { parseTemplate, type TemplateNode } from './time-template.ts'
import { ValueError } from './value-error.ts'

/** What the text says, by field: absent fields are missing. */
type Found = Map<string, number>

type Field = Extract<TemplateNode, { kind: 'field' }>

interface Reader {
  readonly text: string
  readonly nodes: readonly TemplateNode[]
  readonly found: Found
  pos: number
  /** Blanks that were skipped though the template has none. */
  extra: number
}

/** to_timestamp of a text by a template, as a local time; `offset` is what TZH and TZM say. PostgreSQL's DCH_from_char. */
export function textToTime(text: string, template: string): { time: number; offset: number } {
  const nodes = parseTemplate(template)
  const reader: Reader = { text, nodes, found: new Map(), pos: 0, extra: 0 }
  for (let i = 0; i < nodes.length && reader.pos < text.length; i++) {
    const node = nodes[i]!
    if (node.kind === 'field' || i === 0) skipBlanks(reader)
    if (node.kind === 'text') skipText(node, reader)
    else {
      readField(node, i, reader)
      reader.extra = 0
      skipBlanks(reader)
    }
  }
  const { found } = reader
  const [hours, minutes] = [found.get('TZH') ?? 0, found.get('TZM') ?? 0]
  if (hours > 15 || minutes > 59) throw new ValueError('out-of-range', 'there is no such time zone')
  const offset = (hours * 60 + minutes) * 60_000 * (found.get('sign') ?? 1)
  return { time: dayOf(found) * DAY + timeOfDay(found), offset }
}

function skipBlanks(reader: Reader): void {
  while (/\s/.test(reader.text[reader.pos] ?? '')) {
    reader.pos++
    reader.extra++
  }
}

/** A separator stands for one or for none; any other character for one, whatever it is. */
function skipText({ text, quoted }: { text: string; quoted: boolean }, reader: Reader): void {
  if (!quoted) {
    reader.extra--
    if (/[^\p{L}\d]/u.test(reader.text[reader.pos]!)) {
      reader.pos++
      reader.extra++
    }
    return
  }
  for (const _ of text) {
    if (reader.extra > 0) reader.extra--
    else reader.pos++
  }
}

/** How many digits a field has at most, and what it sets. */
const digits: Readonly<Record<string, readonly [set: string, length: number]>> = {
  ...{ HH24: ['hour', 2], HH12: ['hour', 2], HH: ['hour', 2], MI: ['minute', 2] },
  ...{ SS: ['second', 2], SSSS: ['ofDay', 4], SSSSS: ['ofDay', 5] },
  ...{ YYYY: ['year', 4], YYY: ['year', 3], YY: ['year', 2], Y: ['year', 1] },
  ...{ IYYY: ['year', 4], IYY: ['year', 3], IY: ['year', 2], I: ['year', 1] },
  ...{ MM: ['month', 2], DDD: ['dayOfYear', 3], IDDD: ['dayOfYear', 3], DD: ['day', 2] },
  ...{ D: ['weekday', 1], ID: ['weekday', 1], W: ['weekOfMonth', 1], WW: ['week', 2] },
  ...{ IW: ['week', 2], CC: ['century', 2], J: ['julian', 1], Q: ['quarter', 1] },
  ...{ TZM: ['TZM', 2] }
}

function readField(node: Field, at: number, reader: Reader): void {
  const { name } = node
  if (name.startsWith('I') || digits[name]?.[0] === 'dayOfYear') {
    set('iso', Number(name.startsWith('I')), name, reader)
  }
  if (name === 'HH' || name === 'HH12') reader.found.set('halfDay', 1)
  const plain = digits[name]
  if (plain !== undefined) {
    const [field, length] = plain
    const { value, used } = readInteger(node, at, length, reader)
    set(field, adjusted(name, value, used), name, reader)
    if (node.ordinal !== '') reader.pos += 2
    return
  }
  readSpecial(node, at, reader)
}

function adjusted(name: string, value: number, used: number): number {
  if (/^I?YY?Y?$/.test(name) || name === 'I') return used < 4 ? fullYear(value) : value
  return name === 'ID' ? (value % 7) + 1 : value
}

/** The year nearest to 2020 that ends in the given digits. */
function fullYear(year: number): number {
  if (year < 70) return year + 2000
  if (year < 100) return year + 1900
  if (year < 520) return year + 2000
  return year < 1000 ? year + 1000 : year
}

function readSpecial(node: Field, at: number, reader: Reader): void {
  const { name } = node
  const known = words[name]
  if (known !== undefined) {
    const [field, names, value] = known
    return set(field, value(readName(node, names, reader)), name, reader)
  }
  if (/^(?:[MU]S|FF\d)$/.test(name)) return readFraction(node, at, reader)
  if (/^[AP]\.?M/.test(name)) return readHalfDay(node, reader)
  if (/^(?:A\.?D|B\.?C)/.test(name)) return readEra(node, reader)
  if (name === 'Y,YYY') return readYearWithComma(node, reader)
  if (name === 'TZH') return readZoneHours(node, at, reader)
  throw new ValueError('invalid-format', `the pattern ${name} can't be read`)
}

function readHalfDay(node: Field, reader: Reader): void {
  const names = node.name.includes('.') ? ['a.m.', 'p.m.'] : ['am', 'pm']
  set('afternoon', readName(node, names, reader), node.name, reader)
  reader.found.set('halfDay', 1)
}

function readEra(node: Field, reader: Reader): void {
  const names = node.name.includes('.') ? ['a.d.', 'b.c.'] : ['ad', 'bc']
  if (readName(node, names, reader) === 1) throw outOfRange('a year before 1')
}

/** The template's separator may have taken the minus: then more was skipped than it has. */
function readZoneHours(node: Field, at: number, reader: Reader): void {
  const sign = reader.text[reader.pos]!
  const taken = reader.extra > 0 && reader.text[reader.pos - 1] === '-'
  reader.found.set('sign', sign === '-' || taken ? -1 : 1)
  if (/[+\- ]/.test(sign)) reader.pos++
  set('TZH', readInteger(node, at, 2, reader).value, node.name, reader)
}

/** From the longest to the shortest of those that begin alike: XII before XI before X. */
const romanFromXII = ['XII', 'XI', 'X', 'IX', 'VIII', 'VII', 'VI', 'V', 'IV', 'III', 'II', 'I']

const short = (names: readonly string[]): string[] => names.map(name => name.slice(0, 3))
const next = (index: number): number => index + 1

/** Fields that are words: what they set, from which list, and to what. */
const words: Readonly<
  Record<string, readonly [set: string, names: readonly string[], value: (index: number) => number]>
> = {
  MONTH: ['month', MONTH_NAMES, next],
  MON: ['month', short(MONTH_NAMES), next],
  DAY: ['weekday', DAY_NAMES, next],
  DY: ['weekday', short(DAY_NAMES), next],
  RM: ['month', romanFromXII, index => 12 - index]
}

/** 25 of MS are 250 ms: digits behind a decimal point. */
function readFraction(node: Field, at: number, reader: Reader): void {
  const { name } = node
  const length = name === 'MS' ? 3 : name === 'US' ? 6 : Number(name[2])
  const { value, used } = readInteger(node, at, length, reader)
  set(name === 'MS' ? 'ms' : 'us', value * 10 ** ((name === 'MS' ? 3 : 6) - used), name, reader)
}

function readYearWithComma(node: Field, reader: Reader): void {
  const match = /^(\d+),(\d{1,3})/.exec(reader.text.slice(reader.pos))
  if (match === null) throw invalid(node.name, reader)
  reader.pos += match[0].length
  set('year', Number(match[1]) * 1000 + Number(match[2]), node.name, reader)
}

/** As many digits as there are where no digit may follow; else exactly `length` of them. */
function readInteger(
  node: Field,
  at: number,
  length: number,
  reader: Reader
): { value: number; used: number } {
  const rest = reader.text.slice(reader.pos)
  const free = node.fill || isBeforeSeparator(node, reader.nodes[at + 1])
  const match = /^[+-]?\d+/.exec(free ? rest : rest.slice(0, length))
  if (match === null || (!free && match[0].length < length)) throw invalid(node.name, reader)
  const value = Number(match[0])
  if (Math.abs(value) > 2147483647) throw outOfRange(node.name)
  reader.pos += match[0].length
  return { value, used: match[0].length }
}

function isBeforeSeparator({ ordinal }: Field, next: TemplateNode | undefined): boolean {
  if (ordinal !== '' || next === undefined) return true
  if (next.kind === 'text') return !/^\d$/.test(next.text)
  return digits[next.name] === undefined && !/^(?:[MU]S|FF\d|Y,YYY|TZH)$/.test(next.name)
}

function readName(node: Field, names: readonly string[], reader: Reader): number {
  const rest = reader.text.slice(reader.pos).toLowerCase()
  const index = names.findIndex(name => rest.startsWith(name.toLowerCase()))
  if (index < 0) throw invalid(node.name, reader)
  reader.pos += names[index]!.length
  return index
}

/** A field that is given twice must say the same. */
function set(field: string, value: number, name: string, { found }: Reader): void {
  const known = found.get(field)
  if (known !== undefined && known !== value) {
    throw new ValueError('invalid-cast', `the text has two values for ${name}`)
  }
  found.set(field, value)
}

function timeOfDay(found: Found): number {
  const ofDay = found.get('ofDay') ?? 0
  const second = found.get('second') ?? ofDay % 60
  const minute = found.get('minute') ?? Math.floor(ofDay / 60) % 60
  const hour = hourOf(found, ofDay)
  const ms = (found.get('ms') ?? 0) + Math.floor((found.get('us') ?? 0) / 1000)
  if (hour > 23 || minute > 59 || second > 59 || Math.min(hour, minute, second, ms) < 0) {
    throw outOfRange('the time of day')
  }
  return (hour * 60 + minute) * 60_000 + second * 1000 + ms
}

function hourOf(found: Found, ofDay: number): number {
  const hour = found.get('hour') ?? Math.floor(ofDay / 3600)
  if (!found.has('halfDay')) return hour
  if (hour < 1 || hour > 12) throw outOfRange('the hour of a 12-hour clock')
  return (hour % 12) + (found.get('afternoon') === 1 ? 12 : 0)
}

function dayOf(found: Found): number {
  const julian = found.get('julian')
  if (julian !== undefined) return julian - 2440588
  const year = yearOf(found)
  const week = found.get('week')
  if (week !== undefined && found.get('iso') === 1) return dayOfIsoWeek(year, week, found)
  const dayOfYear = found.get('dayOfYear') ?? (week === undefined ? undefined : week * 7 - 6)
  const month = found.get('month') ?? 1
  const monthWeek = found.get('weekOfMonth')
  const day = (monthWeek === undefined ? found.get('day') : monthWeek * 7 - 6) ?? 1
  if (dayOfYear !== undefined && (month <= 1 || day <= 1)) {
    return fromDayOfYear(year, dayOfYear, found.get('iso') === 1)
  }
  if (!isDate(year, month, day)) throw outOfRange('the date')
  return daysFromDate(year, month, day)
}

/** Days of the week count from Sunday as 1, which is the last of an ISO week; without one it is the Monday. */
function dayOfIsoWeek(year: number, week: number, found: Found): number {
  const weekday = found.get('weekday') ?? 2
  return isoYearStart(year) + (week - 1) * 7 + (weekday === 1 ? 6 : weekday - 2)
}

function fromDayOfYear(year: number, dayOfYear: number, iso: boolean): number {
  if (iso) return isoYearStart(year) + dayOfYear - 1
  if (year < 1 || year > 9999 || dayOfYear < 1 || dayOfYear > (isLeapYear(year) ? 366 : 365)) {
    throw outOfRange('the day of the year')
  }
  return daysFromDate(year, 1, 1) + dayOfYear - 1
}

/** The Monday of the week with January 4. */
function isoYearStart(year: number): number {
  const fourth = daysFromDate(year, 1, 4)
  return fourth - ((dayOfWeek(fourth) + 6) % 7)
}

function yearOf(found: Found): number {
  const year = found.get('year')
  const century = found.get('century')
  if (century === undefined) return year ?? 0
  if (year === undefined) return (century - 1) * 100 + 1
  return year
}

function invalid(name: string, { text, pos }: Reader): ValueError {
  const shown = JSON.stringify(text.slice(pos, pos + 20))
  return new ValueError('invalid-cast', `${shown} is no value for ${name}`)
}

function outOfRange(what: string): ValueError {
  return new ValueError('out-of-range', `${what} is out of range`)
}
