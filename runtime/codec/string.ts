import { BACKSLASH, LOWER_U, QUOTE } from './ascii.ts'
import { hexDigit } from './skip.ts'

/** Buffer's own slicing, which works on any Uint8Array; faster than TextDecoder for short text. */
interface Slicer {
  utf8Slice(this: Uint8Array, start: number, end: number): string
  latin1Slice(this: Uint8Array, start: number, end: number): string
}
const slicer = Buffer.prototype as unknown as Slicer

/** [start, end) as UTF-8. */
export function utf8Text(bytes: Uint8Array, start: number, end: number): string {
  return slicer.utf8Slice.call(bytes, start, end)
}

/** [start, end) as one character per byte. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  return slicer.latin1Slice.call(bytes, start, end)
}

/**
 * The text of the validated JSON string in [start, end), quotes included. Null if an escape is half of a surrogate pair:
 * such text can't be written as UTF-8.
 */
export function decodeString(bytes: Uint8Array, start: number, end: number): string | null {
  let run = start + 1
  let text = ''
  for (let pos = run; pos < end - 1;) {
    if (bytes[pos] !== BACKSLASH) {
      pos++
      continue
    }
    text += utf8Text(bytes, run, pos)
    const byte = bytes[pos + 1]!
    if (byte === LOWER_U) {
      const unit = hexUnit(bytes, pos + 2)
      text += String.fromCharCode(unit)
      pos += 6
    } else {
      text += simpleEscape(byte)
      pos += 2
    }
    run = pos
  }
  text += utf8Text(bytes, run, end - 1)
  return text.isWellFormed() ? text : null
}

/** The four hexadecimal digits at `pos`. */
export function hexUnit(bytes: Uint8Array, pos: number): number {
  return (
    (hexDigit(bytes[pos]!) << 12) |
    (hexDigit(bytes[pos + 1]!) << 8) |
    (hexDigit(bytes[pos + 2]!) << 4) |
    hexDigit(bytes[pos + 3]!)
  )
}

function simpleEscape(byte: number): string {
  switch (byte) {
    case 0x62:
      return '\b'
    case 0x66:
      return '\f'
    case 0x6e:
      return '\n'
    case 0x72:
      return '\r'
    case 0x74:
      return '\t'
    default:
      return String.fromCharCode(byte)
  }
}

/** Whether every \u escape in the validated string [start, end) is a character or one of a surrogate pair. */
export function hasWholeSurrogates(bytes: Uint8Array, start: number, end: number): boolean {
  for (let pos = start + 1; pos < end - 1;) {
    if (bytes[pos] !== BACKSLASH) pos++
    else if (bytes[pos + 1] !== LOWER_U) pos += 2
    else {
      const unit = hexUnit(bytes, pos + 2) & 0xfc00
      pos += 6
      if (unit === 0xdc00) return false
      if (unit !== 0xd800) continue
      const pair = pos + 6 < end && bytes[pos] === BACKSLASH && bytes[pos + 1] === LOWER_U
      if (!pair || (hexUnit(bytes, pos + 2) & 0xfc00) !== 0xdc00) return false
      pos += 6
    }
  }
  return true
}

/** A text constant of the script, ready to be compared with bytes. */
export interface TextConstant {
  readonly text: string
  /** UTF-8, without quotes. */
  readonly bytes: Uint8Array
  /** Whether a JSON string can hold it without escapes. */
  readonly plain: boolean
}

/** Encodes a constant once, at start. */
export function textConstant(text: string): TextConstant {
  return { text, bytes: new TextEncoder().encode(text), plain: !/["\\\u0000-\u001f]/.test(text) }
}

/**
 * Whether the text of the range [start, end) that a `rangeText` primitive found equals the constant. Compares bytes; only a
 * string that has an escape where it differs is decoded. False for NULL (a start of -1).
 */
export function textEquals(
  bytes: Uint8Array,
  start: number,
  end: number,
  constant: TextConstant
): boolean {
  if (start < 0) return false
  const quoted = bytes[start] === QUOTE
  const from = quoted ? start + 1 : start
  const to = quoted ? end - 1 : end
  const { bytes: wanted, plain } = constant
  const { length } = wanted
  // What has to be escaped in JSON may look as if it were not.
  if (quoted && !plain) return decodeString(bytes, start, end) === constant.text
  const least = to - from < length ? to - from : length
  let i = 0
  while (i < least && bytes[from + i] === wanted[i]) i++
  if (i === length) return to - from === length
  return quoted && i < least && bytes[from + i] === BACKSLASH
    ? decodeString(bytes, start, end) === constant.text
    : false
}
