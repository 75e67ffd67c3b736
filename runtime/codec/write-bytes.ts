import { BACKSLASH, QUOTE, ZERO } from './ascii.ts'

const HEX = new TextEncoder().encode('0123456789abcdef')

/** Writes 0 <= value < 10^9 without leading zeros. */
export function writeDigits(out: Uint8Array, pos: number, value: number): number {
  let length = 1
  for (let limit = 10; value >= limit; limit *= 10) length++
  let rest = value | 0
  for (let i = pos + length - 1; i >= pos; i--) {
    const quotient = (rest / 10) | 0
    out[i] = ZERO + rest - quotient * 10
    rest = quotient
  }
  return pos + length
}

/** Writes 0 <= value < 10^9 in nine digits. */
export function writeNine(out: Uint8Array, pos: number, value: number): number {
  let rest = value | 0
  for (let i = pos + 8; i >= pos; i--) {
    const quotient = (rest / 10) | 0
    out[i] = ZERO + rest - quotient * 10
    rest = quotient
  }
  return pos + 9
}

/** Writes the JSON escape of a quote, a backslash or a control character, as JSON.stringify does. */
export function writeEscape(out: Uint8Array, pos: number, unit: number): number {
  out[pos] = BACKSLASH
  const short = shortEscape(unit)
  if (short !== 0) {
    out[pos + 1] = short
    return pos + 2
  }
  out[pos + 1] = 0x75
  out[pos + 2] = ZERO
  out[pos + 3] = ZERO
  out[pos + 4] = HEX[unit >> 4]!
  out[pos + 5] = HEX[unit & 15]!
  return pos + 6
}

function shortEscape(unit: number): number {
  switch (unit) {
    case QUOTE:
    case BACKSLASH:
      return unit
    case 0x08:
      return 0x62
    case 0x09:
      return 0x74
    case 0x0a:
      return 0x6e
    case 0x0c:
      return 0x66
    case 0x0d:
      return 0x72
    default:
      return 0
  }
}
