import { Bad, bad } from './failure.ts'
import { rangeInt, readInt } from './read-number.ts'

/** SMALLINT: as `readInt`, for 16 bits. */
export function readSmallInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  out: Float64Array,
  slot: number
): number {
  const after = readInt(bytes, pos, end, out, slot)
  return after < 0 || fitsSmallInt(out[slot]!) ? after : bad(Bad.outOfRange, pos)
}

/** SMALLINT: as `rangeInt`, for 16 bits. */
export function rangeSmallInt(
  bytes: Uint8Array,
  pos: number,
  end: number,
  range: Int32Array,
  slot: number
): number {
  const after = readSmallInt(bytes, pos, end, value, 0)
  return after < 0 ? after : rangeInt(bytes, pos, end, range, slot)
}
const value = new Float64Array(1)

/** NaN is NULL and fits. */
function fitsSmallInt(integer: number): boolean {
  return !(integer > 0x7fff || integer < -0x8000)
}
