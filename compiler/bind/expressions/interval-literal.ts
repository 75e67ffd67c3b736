/** What an INTERVAL is made of. */
interface Parts {
  months: number
  days: number
  ms: number
}

/** How much of which part a unit is, from long to short. */
const units = {
  MILLENNIUM: ['months', 12_000],
  CENTURY: ['months', 1200],
  DECADE: ['months', 120],
  YEAR: ['months', 12],
  QUARTER: ['months', 3],
  MONTH: ['months', 1],
  WEEK: ['days', 7],
  DAY: ['days', 1],
  HOUR: ['ms', 3_600_000],
  MINUTE: ['ms', 60_000],
  SECOND: ['ms', 1000],
  MILLISECOND: ['ms', 1],
  MICROSECOND: ['ms', 0.001]
} as const
type Unit = keyof typeof units

const abbreviations: Readonly<Record<string, Unit>> = {
  ...{ mil: 'MILLENNIUM', millennia: 'MILLENNIUM', c: 'CENTURY', cent: 'CENTURY' },
  ...{ centuries: 'CENTURY', dec: 'DECADE', y: 'YEAR', yr: 'YEAR', mon: 'MONTH', w: 'WEEK' },
  ...{ d: 'DAY', h: 'HOUR', hr: 'HOUR', m: 'MINUTE', min: 'MINUTE', s: 'SECOND', sec: 'SECOND' },
  ...{ ms: 'MILLISECOND', msec: 'MILLISECOND', us: 'MICROSECOND', usec: 'MICROSECOND' }
}

function unitOf(word: string): Unit | null {
  const singular = word.replace(/s$/, '')
  for (const name of [word, singular]) {
    if (Object.hasOwn(units, name.toUpperCase())) return name.toUpperCase() as Unit
    if (Object.hasOwn(abbreviations, name)) return abbreviations[name]!
  }
  return null
}

/** One number of the text; null where it has no unit of its own. */
interface Amount {
  readonly value: number
  readonly unit: Unit | null
}

const NUMBER = /^([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]*)$/
const CLOCK = /^([+-]?)(\d+):(\d{0,2})(?::(\d\d?(?:\.\d*)?))?$/
const LOOSE_SIGN = /(?<=^|\s)([+-])\s+(?=\d)/g
const YEAR_MONTH = /^([+-]?)(\d+)-(\d+)$/
const ISO = /^p(?=.)((?:[+-]?[\d.]+[ymwd])*)(?:t((?:[+-]?[\d.]+[hms])+))?$/

/**
 * An INTERVAL literal in ISO 8601, as the IR has it: `INTERVAL '1 day 02:00:00'`, `'5' SECOND`, `'1-2' YEAR TO MONTH`,
 * `'P1DT2H'`. Undefined where the text is none, also where it says more than its units do: that would be lost.
 */
export function intervalFromText(
  text: string,
  unit: string | null = null,
  toUnit: string | null = null
): string | undefined {
  const lower = text.trim().toLowerCase()
  const ago = /\sago$/.test(lower)
  const amounts = readAmounts(lower.replace(/\sago$/, ''), toUnit ?? unit, ago)
  if (amounts === null) return undefined
  const parts: Parts = { months: 0, days: 0, ms: 0 }
  if (!addAmounts(amounts, unit as Unit | null, toUnit as Unit | null, parts)) return undefined
  const sign = ago ? -1 : 1
  const [months, days, ms] = [parts.months, parts.days, Math.round(parts.ms)].map(x => x * sign)
  const fits = Math.abs(months!) < 2 ** 31 && Math.abs(days!) < 2 ** 31 && Number.isSafeInteger(ms!)
  if (!fits || !isWithin(parts, (toUnit ?? unit) as Unit | null)) return undefined
  return isoText(months!, days!, ms!)
}

/** Null where there is none, or where a number without a unit stands in front of `ago`. */
function readAmounts(text: string, unit: string | null, ago: boolean): Amount[] | null {
  const body = text.replace(/^@\s*/, '').replace(LOOSE_SIGN, '$1')
  const amounts = ISO.test(body) ? isoAmounts(body) : textAmounts(body, unit)
  const last = amounts?.at(-1)
  return last === undefined || (ago && last.unit === null) ? null : amounts
}

function isoAmounts(text: string): Amount[] {
  const [, date = '', time = ''] = ISO.exec(text)!
  const names = { y: 'YEAR', m: 'MONTH', w: 'WEEK', d: 'DAY' } as const
  const clock = { h: 'HOUR', m: 'MINUTE', s: 'SECOND' } as const
  const read = (part: string, of: Readonly<Record<string, Unit>>): Amount[] =>
    Array.from(part.matchAll(/([+-]?[\d.]+)([a-z])/g), ([, value, letter]) => ({
      value: Number(value),
      unit: of[letter!]!
    }))
  return [...read(date, names), ...read(time, clock)]
}

/** Numbers with and without a unit, `1-2` for years and months, `2:03:04` for a time of day. */
function textAmounts(text: string, last: string | null): Amount[] | null {
  const words = text.match(/[+-]?[\d.]+\s*[a-z]+|\S+/g) ?? []
  const amounts: Amount[] = []
  for (const word of words) {
    const found = clockAmounts(word, last) ?? yearAmounts(word) ?? numberAmount(word)
    if (found === null) return null
    amounts.push(...found)
  }
  return amounts
}

function clockAmounts(word: string, last: string | null): Amount[] | null {
  const match = CLOCK.exec(word)
  if (match === null) return null
  const sign = match[1] === '-' ? -1 : 1
  const numbers = [match[2], match[3], match[4] ?? '0'].map(Number)
  // `2:03` counts minutes and seconds where the literal ends with them.
  const shifted =
    match[4] === undefined && last === 'SECOND' ? [0, numbers[0]!, numbers[1]!] : numbers
  if (shifted[1]! > 59 || shifted[2]! >= 60) return null
  const names = ['HOUR', 'MINUTE', 'SECOND'] as const
  return names.map((unit, i) => ({ value: sign * shifted[i]!, unit }))
}

function yearAmounts(word: string): Amount[] | null {
  const match = YEAR_MONTH.exec(word)
  if (match === null || Number(match[3]) > 11) return null
  const sign = match[1] === '-' ? -1 : 1
  return [
    { value: sign * Number(match[2]), unit: 'YEAR' },
    { value: sign * Number(match[3]), unit: 'MONTH' }
  ]
}

function numberAmount(word: string): Amount[] | null {
  const match = NUMBER.exec(word)
  if (match === null) return null
  if (match[2] === '') return [{ value: Number(match[1]), unit: null }]
  const unit = unitOf(match[2]!)
  return unit === null ? null : [{ value: Number(match[1]), unit }]
}

/** False where a unit comes twice, or a number has none. */
function addAmounts(
  amounts: readonly Amount[],
  unit: Unit | null,
  toUnit: Unit | null,
  parts: Parts
): boolean {
  const seen = new Set<Unit>()
  const bare = amounts.filter(amount => amount.unit === null).length
  if (bare > (toUnit === null ? 1 : 2)) return false
  for (const [i, amount] of amounts.entries()) {
    const isLast = i === amounts.length - 1
    const beforeClock = amounts[i + 1]?.unit === 'HOUR'
    const open =
      bare === 2 && !isLast
        ? unit
        : isLast
          ? (toUnit ?? unit ?? 'SECOND')
          : beforeClock
            ? 'DAY'
            : null
    const own = amount.unit ?? open
    if (own === null || seen.has(own)) return false
    seen.add(own)
    addAmount(amount.value, own, parts)
  }
  return true
}

/** Fractions of longer units than a month are whole months, those of months days, those of days time: as PostgreSQL. */
function addAmount(value: number, unit: Unit, parts: Parts): void {
  const [part, size] = units[unit]
  const whole = Math.trunc(value)
  // Through the text: 1.9 - 1 is a little less than 0.9.
  const fraction = Number(`0.${String(Math.abs(value)).split('.')[1] ?? '0'}`) * Math.sign(value)
  if (part === 'ms') parts.ms += value * size
  else if (part === 'days') {
    const days = fraction * size
    parts.days += whole * size + Math.trunc(days)
    parts.ms += (days - Math.trunc(days)) * 86_400_000
  } else {
    parts.months += whole * size
    if (size > 1) parts.months += Math.round(fraction * size)
    else addAmount(fraction * 30, 'DAY', parts)
  }
}

/** Whether nothing is below the last unit that the literal names. */
function isWithin({ days, ms }: Parts, last: Unit | null): boolean {
  if (last === null) return true
  const [part, size] = units[last]
  if (part === 'ms') return last === 'SECOND' || Math.round(ms) % size === 0 || size < 1
  return ms === 0 && (part === 'days' ? true : days === 0)
}

function isoText(months: number, days: number, ms: number): string {
  const show = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`)
  const date = show(months, 'M') + show(days, 'D')
  if (ms === 0) return date === '' ? 'PT0S' : `P${date}`
  const sign = ms < 0 ? '-' : ''
  const digits = String(Math.abs(ms)).padStart(4, '0')
  const fraction = digits.slice(-3).replace(/0+$/, '')
  const seconds = `${digits.slice(0, -3)}${fraction === '' ? '' : `.${fraction}`}`
  return `P${date}T${sign}${seconds}S`
}
