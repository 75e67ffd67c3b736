import { LOWER_F, LOWER_N, LOWER_T } from './ascii.ts'
import { Bad, bad } from './failure.ts'
import { misfit } from './read-number.ts'
import { skipFalse, skipNull, skipTrue } from './skip.ts'

/** BOOLEAN: stores 1 or 0, or NaN for null. */
export function readBoolean(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  if (pos >= end) return bad(Bad.truncated, end)
  const byte = bytes[pos]!
  if (byte === LOWER_T) {
    out[slot] = 1
    return skipTrue(bytes, pos, end)
  }
  if (byte === LOWER_F) {
    out[slot] = 0
    return skipFalse(bytes, pos, end)
  }
  if (byte !== LOWER_N) return misfit(bytes, pos, end, Bad.wrongType)
  out[slot] = NaN
  return skipNull(bytes, pos, end)
}
