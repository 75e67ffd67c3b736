import { Failure } from './failure.ts'

/** Base64 as JSON has it: with padding, and no bits that belong to no byte. */
export function fromBase64(text: string): Uint8Array | null {
  const bytes = fromLooseBase64(text)
  return bytes !== null && toBase64(bytes) === text.replace(/[ \t\n\r]/g, '') ? bytes : null
}

export function fromLooseBase64(text: string): Uint8Array | null {
  const digits = text.replace(/[ \t\n\r]/g, '')
  if (/[^A-Za-z0-9+/=]/.test(digits) || digits.length % 4 > 0) return null
  try {
    return Uint8Array.from(atob(digits), character => character.charCodeAt(0))
  } catch {
    return null
  }
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(''))
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

export function fromHex(text: string): Uint8Array {
  const pairs = text.match(/[0-9a-f]{2}/gi) ?? []
  // Blanks may stand between pairs.
  if (text.replace(/[0-9a-f]{2}/gi, '').replace(/[ \t\n\r]/g, '') !== '') {
    throw new Failure('invalid-cast', text)
  }
  return Uint8Array.from(pairs, pair => Number.parseInt(pair, 16))
}

/** PostgreSQL's bytea input. */
export function parseBytes(text: string): Uint8Array {
  return text.startsWith('\\x') ? fromHex(text.slice(2)) : fromEscape(text)
}

export function fromEscape(text: string): Uint8Array {
  const bytes: number[] = []
  for (let rest = text; rest !== '';) {
    const escape = /^\\(?:\\|([0-3][0-7][0-7]))/.exec(rest)
    if (escape !== null) {
      bytes.push(escape[1] === undefined ? 0x5c : Number.parseInt(escape[1], 8))
      rest = rest.slice(escape[0].length)
      continue
    }
    if (rest.startsWith('\\')) throw new Failure('invalid-cast', text)
    const letter = [...rest][0]!
    bytes.push(...new TextEncoder().encode(letter))
    rest = rest.slice(letter.length)
  }
  return Uint8Array.from(bytes)
}

export function toEscape(bytes: Uint8Array): string {
  return Array.from(bytes, byte => {
    if (byte === 0 || byte >= 128) return `\\${byte.toString(8).padStart(3, '0')}`
    return byte === 0x5c ? '\\\\' : String.fromCharCode(byte)
  }).join('')
}
