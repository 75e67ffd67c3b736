import type { LiteralValue } from './scalars.ts'

const DAY = 86_400_000

/** An INTERVAL literal's months, and its days and time in milliseconds; null: a part of it is negative, or it is no interval. */
export function intervalParts(
  value: LiteralValue
): { readonly months: number; readonly ms: number } | null {
  const match = /^P(?:(\d+)M)?(?:(\d+)D)?(?:T([\d.]+)S)?$/.exec(String(value))
  if (match === null) return null
  const [months, days, seconds] = match.slice(1).map(part => Number(part ?? 0))
  return { months: months!, ms: days! * DAY + Math.round(seconds! * 1000) }
}
