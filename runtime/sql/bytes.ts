import { ValueError } from './value-error.ts'

const DIGITS = '0123456789abcdef'

/** Byte by byte, a shorter one before what goes on behind it. Negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b)
}

export function bytesToHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += DIGITS[byte >> 4]! + DIGITS[byte & 15]!
  return text
}

/** White space between pairs of digits is left out, as in PostgreSQL. */
export function bytesFromHex(text: string): Uint8Array {
  const wrong = /[^0-9a-fA-F \t\n\r]/.exec(text)
  if (wrong !== null) throw invalid(`${JSON.stringify(wrong[0])} is no hexadecimal digit`)
  if (!/^(?:[0-9a-f]{2}|\s)*$/i.test(text)) throw invalid('a hexadecimal digit stands alone')
  return new Uint8Array(Buffer.from(text.replace(/\s/g, ''), 'hex'))
}

/** RFC 4648 with padding, on one line: what JSON holds. */
export function bytesToBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/**
 * RFC 4648 with padding; white space is left out. Null where it is anything else, also where bits are set that belong to
 * no byte: so each value has one spelling.
 */
export function bytesFromBase64(text: string): Uint8Array | null {
  const bytes = bytesFromLooseBase64(text)
  if (bytes === null || bytesToBase64(bytes) === text) return bytes
  return bytesToBase64(bytes) === text.replace(BLANKS, '') ? bytes : null
}

/** As PostgreSQL's decode: bits that belong to no byte do not matter. */
export function bytesFromLooseBase64(text: string): Uint8Array | null {
  const digits = text.replace(BLANKS, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits) || digits.length % 4 !== 0) return null
  return new Uint8Array(Buffer.from(digits, 'base64'))
}

const BLANKS = /[ \t\n\r]/g

/** As PostgreSQL prints bytes: `\x` and hexadecimal digits. */
export function formatBytes(bytes: Uint8Array): string {
  return `\\x${bytesToHex(bytes)}`
}

/** PostgreSQL's input: `\x` and hexadecimal digits, or text with its escapes. */
export function parseBytes(text: string): Uint8Array {
  return text.startsWith('\\x') ? bytesFromHex(text.slice(2)) : bytesFromEscape(text)
}

/** `\\` is a backslash, `\ooo` a byte in octal digits; everything else its UTF-8. */
export function bytesFromEscape(text: string): Uint8Array {
  if (!text.includes('\\')) return new Uint8Array(Buffer.from(text))
  const parts = text.split(/(\\\\|\\[0-3][0-7]{2})/)
  return new Uint8Array(Buffer.concat(parts.map((part, i) => escapedPart(part, i % 2 === 1))))
}

function escapedPart(part: string, isEscape: boolean): Buffer {
  if (isEscape) return part === '\\\\' ? Buffer.from('\\') : Buffer.of(parseInt(part.slice(1), 8))
  if (part.includes('\\'))
    throw invalid('a backslash is followed by neither three octal digits nor another one')
  return Buffer.from(part)
}

/** encode(bytes, 'escape'): zero and bytes above 127 as octal digits, backslashes doubled. */
export function bytesToEscape(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    if (byte === 0 || byte > 127) text += `\\${byte.toString(8).padStart(3, '0')}`
    else text += byte === 0x5c ? '\\\\' : String.fromCharCode(byte)
  }
  return text
}

function invalid(message: string): ValueError {
  return new ValueError('invalid-cast', message)
}
