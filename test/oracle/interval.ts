import { Failure } from './failure.ts'

/** Months, days and milliseconds, each with a sign of its own. */
export interface Interval {
  readonly months: bigint
  readonly days: bigint
  readonly ms: bigint
}

export const DAY = 86_400_000n
const DAYS_PER_MONTH = 30n

export function isInterval(value: unknown): value is Interval {
  return typeof value === 'object' && value !== null && 'months' in value
}

/** Months and days have 32 bits, as in PostgreSQL, milliseconds those of a double's integers. */
export function fitInterval(months: bigint, days: bigint, ms: bigint): Interval {
  const fits32 = (part: bigint): boolean => part > -(2n ** 31n) && part < 2n ** 31n
  if (!fits32(months) || !fits32(days) || !Number.isSafeInteger(Number(ms))) {
    throw new Failure('out-of-range', 'the interval is too long')
  }
  return { months, days, ms }
}

/** What an interval comes to with months of 30 days. */
export function lengthOf({ months, days, ms }: Interval): bigint {
  return (months * DAYS_PER_MONTH + days) * DAY + ms
}

export function negate({ months, days, ms }: Interval): Interval {
  return fitInterval(-months, -days, -ms)
}

export function add(a: Interval, b: Interval): Interval {
  return fitInterval(a.months + b.months, a.days + b.days, a.ms + b.ms)
}

/** A value of three parts that need not be whole: what is left of months goes to the days, of days to the time. */
export function fromFractions(months: number, days: number, ms: number): Interval {
  if (![months, days, ms].every(Number.isFinite)) throw new Failure('out-of-range', 'interval')
  const micro = (value: number): number => roundEven(value * 1e6) / 1e6
  const monthDays = micro((months - Math.trunc(months)) * 30)
  const daySeconds = micro((days - Math.trunc(days) + (monthDays - Math.trunc(monthDays))) * 86400)
  const carried = Math.trunc(daySeconds / 86400)
  return fitInterval(
    BigInt(Math.trunc(months)),
    BigInt(Math.trunc(days) + carried + Math.trunc(monthDays)),
    BigInt(roundEven(ms + (daySeconds - carried * 86400) * 1000))
  )
}

function roundEven(value: number): number {
  const near = Math.round(value)
  return Math.abs(value % 1) === 0.5 && near % 2 !== 0 ? near - 1 : near
}

/** Full parts of the smaller unit become larger ones, and both get one sign. */
function carry(large: bigint, small: bigint, size: bigint): readonly [bigint, bigint] {
  const total = [large + small / size, small % size] as const
  if (total[0] > 0n && total[1] < 0n) return [total[0] - 1n, total[1] + size]
  if (total[0] < 0n && total[1] > 0n) return [total[0] + 1n, total[1] - size]
  return total
}

export function justifyHours({ months, days, ms }: Interval): Interval {
  const [allDays, rest] = carry(days, ms, DAY)
  return fitInterval(months, allDays, rest)
}

export function justifyDays({ months, days, ms }: Interval): Interval {
  const [allMonths, rest] = carry(months, days, DAYS_PER_MONTH)
  return fitInterval(allMonths, rest, ms)
}

/** All three with one sign: as the same length of months, days and time. */
export function justifyInterval(interval: Interval): Interval {
  const { months, days, ms } = interval
  const wholeDays = days + ms / DAY
  const total = {
    months: months + wholeDays / DAYS_PER_MONTH,
    days: wholeDays % DAYS_PER_MONTH,
    ms: ms % DAY
  }
  const signs = [total.months, total.days, total.ms]
  const lead = signs.find(part => part !== 0n) ?? 0n
  const unit = lead < 0n ? -1n : 1n
  // Borrow where a smaller part has the other sign than the first that is not zero.
  if (total.ms * unit < 0n && (total.days !== 0n || total.months !== 0n)) {
    total.ms += unit * DAY
    total.days -= unit
  }
  if (total.days * unit < 0n && total.months !== 0n) {
    total.days += unit * DAYS_PER_MONTH
    total.months -= unit
  }
  return fitInterval(total.months, total.days, total.ms)
}

const pad = (value: bigint, width: number): string => String(value).padStart(width, '0')
const size = (value: bigint): bigint => (value < 0n ? -value : value)

/** `.5` of 500 ms. */
function fraction(ms: bigint): string {
  return ms % 1000n === 0n ? '' : `.${pad(ms % 1000n, 3)}`.replace(/0+$/, '')
}

/** PostgreSQL's text: `1 year 2 mons -3 days +04:05:06.5`. */
export function showInterval({ months, days, ms }: Interval): string {
  const words = [
    [months / 12n, 'year'],
    [months % 12n, 'mon'],
    [days, 'day']
  ] as const
  let text = ''
  let last = 0n
  for (const [count, unit] of words) {
    if (count === 0n) continue
    text += `${text && ' '}${last < 0n && count > 0n ? '+' : ''}${count} ${unit}${count === 1n ? '' : 's'}`
    last = count
  }
  if (text !== '' && ms === 0n) return text
  const sign = ms < 0n ? '-' : last < 0n ? '+' : ''
  const [hours, rest] = [size(ms) / 3_600_000n, size(ms) % 3_600_000n]
  const clock = `${pad(hours, 2)}:${pad(rest / 60_000n, 2)}:${pad((rest % 60_000n) / 1000n, 2)}`
  return `${text && `${text} `}${sign}${clock}${fraction(size(ms))}`
}

/** ISO 8601, as JSON has it. */
export function showIsoInterval({ months, days, ms }: Interval): string {
  const show = (value: bigint, unit: string): string => (value === 0n ? '' : `${value}${unit}`)
  const unit = ms < 0n ? -1n : 1n
  const rest = size(ms) % 60_000n
  const seconds = rest === 0n ? '' : `${ms < 0n ? '-' : ''}${rest / 1000n}${fraction(rest)}S`
  const time =
    show((unit * size(ms)) / 3_600_000n, 'H') +
    show((unit * (size(ms) % 3_600_000n)) / 60_000n, 'M') +
    seconds
  const date = show(months / 12n, 'Y') + show(months % 12n, 'M') + show(days, 'D')
  if (date + time === '') return 'PT0S'
  return `P${date}${time && `T${time}`}`
}
