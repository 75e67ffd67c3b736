import { Bad, bad } from './failure.ts'
import { readDouble } from './read-number.ts'

/** REAL: stores the nearest number of single precision, or NaN for null. */
export function readReal(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  const after = readDouble(bytes, pos, end, out, slot)
  if (after < 0) return after
  const value = Math.fround(out[slot]!)
  if (value === Infinity || value === -Infinity) return bad(Bad.outOfRange, pos)
  out[slot] = value
  return after
}
