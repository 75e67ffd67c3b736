import { hash } from 'node:crypto'

/** LMDB takes keys of 1978 bytes: what is longer than this is told apart by a hash. */
const LONGEST = 500

/** A number as bytes that stand in the order of the numbers. */
export function orderedNumber(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  // Below zero, more is less: all bits are turned over. From zero on the sign alone is, so that it comes behind.
  bytes.writeDoubleBE(value)
  if (bytes[0]! < 0x80) bytes[0]! ^= 0x80
  else for (let i = 0; i < 8; i++) bytes[i]! ^= 0xff
  return bytes
}

export function numberAt(bytes: Uint8Array, start: number): number {
  const own = Buffer.from(bytes.subarray(start, start + 8))
  if (own[0]! >= 0x80) own[0]! ^= 0x80
  else for (let i = 0; i < 8; i++) own[i]! ^= 0xff
  return own.readDoubleBE()
}

/** What tells keys of one state apart as a Map does, as bytes that begin with their length. */
export function keyBytes(...keys: readonly unknown[]): Buffer {
  const text = keys.length === 1 ? spell(keys[0]) : keys.map(spellInside).join('')
  const length = Buffer.byteLength(text)
  // No text begins with this letter.
  const own = length > LONGEST ? `h${hash('sha256', text, 'base64')}` : text
  const bytes = Buffer.allocUnsafe(2 + (own === text ? length : own.length))
  bytes.writeUInt16BE(bytes.length - 2)
  bytes.write(own, 2)
  return bytes
}

/** How many bytes `keyBytes` has written from `start` on. */
export function keyLength(bytes: Uint8Array, start: number): number {
  return 2 + ((bytes[start]! << 8) | bytes[start + 1]!)
}

function spellInside(key: unknown): string {
  const text = spell(key)
  return `${text.length}:${text}`
}

function spell(key: unknown): string {
  switch (typeof key) {
    case 'string':
      // Half a character has no bytes of its own.
      return key.isWellFormed() ? `s${key}` : `j${JSON.stringify(key)}`
    case 'number':
      return `d${key}`
    case 'bigint':
      return `n${key}`
    case 'boolean':
      return key ? 't' : 'f'
    default:
      return '-'
  }
}

/** The first key behind all that begin with these bytes; null: there is none. */
export function endOf(prefix: Uint8Array): Buffer | null {
  for (let last = prefix.length - 1; last >= 0; last--) {
    if (prefix[last] === 0xff) continue
    const end = Buffer.from(prefix.subarray(0, last + 1))
    end[last]!++
    return end
  }
  return null
}

/** A key as a Map of texts has it. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}
