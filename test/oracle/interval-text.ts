import { type Interval, fitInterval } from './interval.ts'

interface Sum {
  months: number
  days: number
  ms: number
}

/** What one of a unit adds. */
const UNITS: readonly (readonly [pattern: RegExp, part: keyof Sum, size: number])[] = [
  [/^(?:millenni(?:um|a|ums)|mils?)$/, 'months', 12000],
  [/^(?:century|centuries|cent|c)$/, 'months', 1200],
  [/^(?:decades?|decs?)$/, 'months', 120],
  [/^(?:years?|yrs?|y)$/, 'months', 12],
  [/^(?:months?|mons?)$/, 'months', 1],
  [/^(?:weeks?|w)$/, 'days', 7],
  [/^(?:days?|d)$/, 'days', 1],
  [/^(?:hours?|hrs?|h)$/, 'ms', 3_600_000],
  [/^(?:minutes?|mins?|m)$/, 'ms', 60_000],
  [/^(?:seconds?|secs?|s)$/, 'ms', 1000],
  [/^(?:milliseconds?|mseconds?|msecs?|ms)$/, 'ms', 1],
  [/^(?:microseconds?|useconds?|usecs?|us)$/, 'ms', 0.001]
]

/** PostgreSQL's and ISO 8601's intervals; null where the text is none. */
export function parseInterval(text: string): Interval | null {
  const words = normalize(text.trim().toLowerCase())
  if (words === null) return null
  const ago = words.at(-1) === 'ago'
  const list = words.filter((word, i) => word !== '@' && !(ago && i === words.length - 1))
  if (list.length === 0 || (ago && !/[-a-z:]/.test(list.at(-1)!.slice(1)))) return null
  const sum: Sum = { months: 0, days: 0, ms: 0 }
  const seen = new Set<number>()
  for (let i = 0; i < list.length; i++) {
    const used = addWord(list, i, sum, seen)
    if (used === 0) return null
    i += used - 1
  }
  const sign = ago ? -1 : 1
  const whole = (value: number): bigint => BigInt(sign * value)
  return fitInterval(whole(sum.months), whole(sum.days), whole(roundEven(sum.ms)))
}

/** Words and numbers apart from each other; those of ISO 8601 as PostgreSQL's. */
function normalize(text: string): string[] | null {
  if (!text.startsWith('p')) {
    const words = text
      .replace(/([\d.])\s*([a-z])/g, '$1 $2')
      .split(/\s+/)
      .filter(word => word !== '')
    const isSign = (word: string | undefined): boolean => word === '-' || word === '+'
    return words.flatMap((word, i) => {
      if (isSign(word) && /^\d/.test(words[i + 1] ?? '')) return []
      return /^\d/.test(word) && isSign(words[i - 1]) ? [words[i - 1]! + word] : [word]
    })
  }
  const basic = /^p(\d{4})-(\d\d)-(\d\d)(?:t(\d\d:\d\d:\d\d(?:\.\d*)?))?$/.exec(text)
  if (basic !== null) {
    return [basic[1]!, 'y', basic[2]!, 'mon', basic[3]!, 'd', ...(basic[4] ? [basic[4]] : [])]
  }
  const match = /^p((?:[+-]?[\d.]+[ymwd])*)(?:t((?:[+-]?[\d.]+[hms])+))?$/.exec(text)
  if (match === null || text === 'p') return null
  const date = (match[1] ?? '').replace(/m/g, 'mon ')
  return `${date} ${match[2] ?? ''}`
    .replace(/([\d.])([a-z]+)/g, '$1 $2 ')
    .split(/\s+/)
    .filter(word => word !== '')
}

/** How many words it takes; 0 where it is none. */
function addWord(list: readonly string[], i: number, sum: Sum, seen: Set<number>): number {
  const word = list[i]!
  const clock = /^([+-]?)(\d+):(\d*)(?::(\d+(?:\.\d*)?)|(\.\d+))?$/.exec(word)
  if (clock !== null) return addClock(clock, sum, seen)
  const years = /^([+-]?)(\d+)-(\d+)$/.exec(word)
  if (years !== null) {
    if (Number(years[3]) > 11 || !take(seen, 3, 4)) return 0
    sum.months += (years[1] === '-' ? -1 : 1) * (Number(years[2]) * 12 + Number(years[3]))
    return 1
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) return 0
  const next = list[i + 1]
  const named = next === undefined ? -1 : UNITS.findIndex(([pattern]) => pattern.test(next))
  // Without a unit: days in front of a clock time, seconds at the end.
  const unit = named >= 0 ? named : next === undefined ? 9 : /:/.test(next) ? 6 : -1
  if (unit < 0 || !take(seen, unit)) return 0
  addNumber(word, unit, sum)
  return named >= 0 ? 2 : 1
}

function addClock(match: RegExpExecArray, sum: Sum, seen: Set<number>): number {
  const [, sign, first, second, third, fraction] = match
  const [hours, minutes, seconds] =
    fraction === undefined
      ? [Number(first), Number(second), Number(third ?? 0)]
      : [0, Number(first), Number(second) + Number(fraction)]
  if (minutes! > 59 || seconds! >= 60 || !take(seen, 7, 8, 9)) return 0
  sum.ms += (sign === '-' ? -1 : 1) * ((hours! * 60 + minutes!) * 60_000 + seconds! * 1000)
  return 1
}

/** A unit may come once. */
function take(seen: Set<number>, ...units: readonly number[]): boolean {
  return units.every(unit => !seen.has(unit) && seen.add(unit))
}

function addNumber(word: string, unit: number, sum: Sum): void {
  const [, part, size] = UNITS[unit]!
  if (part === 'ms') {
    sum.ms += Number(word) * size
    return
  }
  const sign = word.startsWith('-') ? -1 : 1
  const [whole = '', digits = ''] = word.replace(/^[+-]/, '').split('.')
  const rest = sign * Number(`0.${digits}`)
  sum[part] += sign * Number(whole) * size
  if (part === 'days') addDays(rest * size, sum)
  else if (size > 1) sum.months += roundEven(rest * size)
  else addDays(rest * 30, sum)
}

function addDays(days: number, sum: Sum): void {
  sum.days += Math.trunc(days)
  sum.ms += (days - Math.trunc(days)) * 86_400_000
}

function roundEven(value: number): number {
  const near = Math.round(value)
  return Math.abs(value % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near
}
