import type { Expr } from './scalars.ts'
import type { TimeColumn } from './streams.ts'

const DAY = 86_400_000
/** The longest month, for widths that count months. */
const MONTH = 31 * DAY

/** How event time bounds an expression over rows whose columns it bounds; null: it does not. */
export function timeOf(
  expr: Expr,
  times: readonly TimeColumn[]
): Omit<TimeColumn, 'column'> | null {
  if (expr.kind === 'Column') {
    const time = times.find(({ column }) => column === expr.index)
    return time === undefined ? null : { lag: time.lag, unit: time.unit }
  }
  if (expr.kind !== 'Call' || expr.function !== 'time_bucket') return null
  const [width, value] = expr.args
  const inner = timeOf(value!, times)
  const length = width!.kind === 'Literal' ? widthOf(width!.value) : null
  if (inner === null || length === null) return null
  // The last time in the bucket that starts at v is v + length - 1.
  return { ...inner, lag: inner.lag + length - 1 }
}

/** The longest that a stretch of an ISO 8601 interval is, in milliseconds. */
function widthOf(iso: unknown): number | null {
  const match = /^P(?:(\d+)M)?(?:(\d+)D)?(?:T([\d.]+)S)?$/.exec(String(iso))
  if (match === null) return null
  const [months, days, seconds] = match.slice(1).map(part => Number(part ?? 0))
  return months! * MONTH + days! * DAY + Math.round(seconds! * 1000)
}
