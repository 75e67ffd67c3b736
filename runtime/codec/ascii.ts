/** The bytes that JSON's grammar names. */
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const COLON = 0x3a
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
export const MINUS = 0x2d
export const PLUS = 0x2b
export const DOT = 0x2e
export const ZERO = 0x30
export const LOWER_N = 0x6e
export const LOWER_T = 0x74
export const LOWER_F = 0x66
export const LOWER_U = 0x75

/** 'e' or 'E'. */
export function isExponent(byte: number): boolean {
  return (byte | 0x20) === 0x65
}

/** '0' to '9'. */
export function isDigit(byte: number): boolean {
  return (byte - ZERO) >>> 0 < 10
}

/** The first position from `pos` on that is not JSON white space; `end` if there is none. */
export function skipSpace(bytes: Uint8Array, pos: number, end: number): number {
  while (pos < end) {
    const byte = bytes[pos]!
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
    pos++
  }
  return pos
}
