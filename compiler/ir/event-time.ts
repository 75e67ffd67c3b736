import type { SqlType } from '../types/index.ts'
import { intervalParts } from './interval-parts.ts'
import type { Expr } from './scalars.ts'
import type { TimeColumn } from './time-column.ts'

/** Months are of many lengths: the shortest and the longest. */
const MONTHS = [28 * 86_400_000, 31 * 86_400_000]

/** How time bounds an expression over rows whose columns it bounds; null: it does not. */
export function timeOf(
  expr: Expr,
  times: readonly TimeColumn[]
): Omit<TimeColumn, 'column'> | null {
  if (expr.kind === 'Column') {
    const time = times.find(({ column }) => column === expr.index)
    if (time === undefined) return null
    const { column: _, ...rest } = time
    return rest
  }
  // With and without a zone a time is the same instant.
  if (expr.kind === 'Cast' && isInstant(expr.type) && isInstant(expr.arg.type)) {
    return timeOf(expr.arg, times)
  }
  if (expr.kind !== 'Call') return null
  switch (expr.function) {
    case 'now':
    case 'localtimestamp':
      return { clock: 'processing', lag: 1, unit: 'ms' }
    // The last time in the bucket that starts at v is v + length - 1.
    case 'time_bucket':
      return later(expr.args[1]!, expr.args[0]!, (_, most) => most - 1, times)
    case 'add':
      return later(expr.args[0]!, expr.args[1]!, least => -least, times)
    case 'subtract':
      return later(expr.args[0]!, expr.args[1]!, (_, most) => most, times)
    default:
      return null
  }
}

function isInstant({ kind }: SqlType): boolean {
  return kind === 'Timestamp' || kind === 'TimestampTz'
}

/** How time bounds the elements of an array: the ends of windows that a time is in, which all come after it. */
export function timeOfElements(
  array: Expr,
  times: readonly TimeColumn[]
): Omit<TimeColumn, 'column'> | null {
  if (array.kind !== 'Call' || !windowEnds.has(array.function)) return null
  const inner = timeOf(array.args[2]!, times)
  return inner === null ? null : withLag(inner, inner.lag - 1)
}

const windowEnds: ReadonlySet<string> = new Set(['hop_ends', 'cumulate_ends'])

function later(
  value: Expr,
  length: Expr,
  /** Of the shortest and the longest that it may be. */
  lagOf: (least: number, most: number) => number,
  times: readonly TimeColumn[]
): Omit<TimeColumn, 'column'> | null {
  const inner = timeOf(value, times)
  const isConstant = length.kind === 'Literal' && length.type.kind === 'Interval'
  const parts = isConstant ? intervalParts(length.value) : null
  if (inner === null || parts === null) return null
  const lengths = MONTHS.map(month => parts.months * month + parts.ms)
  return withLag(inner, inner.lag + lagOf(Math.min(...lengths), Math.max(...lengths)))
}

/** What is made of a time is another one. */
function withLag(
  { clock, unit }: Omit<TimeColumn, 'column'>,
  lag: number
): Omit<TimeColumn, 'column'> {
  return { clock, unit, lag }
}
