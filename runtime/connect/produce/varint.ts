/** How many bytes the zigzag varint of an integer from 0 to 2^30 has. */
export function varintSize(value: number): number {
  return value < 0x40 ? 1 : value < 0x2000 ? 2 : value < 0x100000 ? 3 : value < 0x8000000 ? 4 : 5
}

/** Writes such a varint; answers the position behind it. */
export function writeVarint(bytes: Uint8Array, pos: number, value: number): number {
  let left = value * 2
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes[pos++] = (left & 0x7f) | 0x80
  bytes[pos++] = left
  return pos
}

/** The varint of -1. */
export const VARINT_OF_NULL = 1

/** More than the varint of a length takes. */
export const VARINT_BYTES = 5
