import { memory, reserveBytes } from './arena.ts'
import { decodeString } from './string.ts'

/** The keys of one source's columns, as bytes. Column numbers are indexes into `names`. */
export interface KeyTable {
  readonly names: readonly string[]
  /** UTF-8 of the names, one after the other; column c has [from[c], from[c + 1]). */
  readonly text: Uint8Array
  readonly from: Int32Array
  /** By hash: 1 + the first column with that hash; 0 for none. */
  readonly first: Uint16Array
  /** 1 + the next column with the same hash; 0 for none. */
  readonly next: Uint16Array
  /** The same table in the arena, laid out as scan.wat says. */
  readonly address: number
}

const BUCKETS = 256
/** Before each table: what the scanner knows of the records' layout. */
const LAYOUT_BYTES = 12_304

/** Makes the table for a decoder, once, at start. Throws when two columns read the same key. */
export function keyTable(names: readonly string[]): KeyTable {
  if (new Set(names).size !== names.length) throw new Error('two columns read the same key')
  const encoded = names.map(name => new TextEncoder().encode(name))
  const from = new Int32Array(names.length + 1)
  const text = new Uint8Array(encoded.reduce((sum, key) => sum + key.length, 0))
  const first = new Uint16Array(BUCKETS)
  const next = new Uint16Array(names.length)
  encoded.forEach((key, column) => {
    text.set(key, from[column])
    from[column + 1] = from[column]! + key.length
    const hash = keyHash(key, 0, key.length)
    next[column] = first[hash]!
    first[hash] = column + 1
  })
  const address = layOut(text, from, first, next)
  return { names, text, from, first, next, address }
}

/** Copies the table into the arena for the WebAssembly scanner. */
function layOut(text: Uint8Array, from: Int32Array, first: Uint16Array, next: Uint16Array): number {
  const entries = BUCKETS * 2
  const texts = entries + next.length * 16
  const address = reserveBytes(LAYOUT_BYTES + texts + text.length) + LAYOUT_BYTES
  new Uint16Array(memory.buffer, address, BUCKETS).set(first)
  const words = new Uint32Array(memory.buffer, address + entries, next.length * 4)
  next.forEach((entry, column) => {
    words[column * 4] = address + texts + from[column]!
    words[column * 4 + 1] = from[column + 1]! - from[column]!
    words[column * 4 + 2] = entry
  })
  new Uint8Array(memory.buffer, address + texts, text.length).set(text)
  return address
}

/** 0..255 from the length and the first and last byte: enough to tell the columns of one topic apart, three loads. */
export function keyHash(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  if (length === 0) return 0
  return (length * 7 + bytes[start]! * 31 + bytes[end - 1]! * 5) & (BUCKETS - 1)
}

/** The column whose key is in [start, end), between the quotes and without escapes; or -1. */
export function matchKey(
  keys: KeyTable,
  bytes: Uint8Array,
  start: number,
  end: number,
  hash: number
): number {
  for (let entry = keys.first[hash]!; entry !== 0; entry = keys.next[entry - 1]!) {
    const from = keys.from[entry - 1]!
    const length = keys.from[entry]! - from
    if (length !== end - start) continue
    let i = 0
    while (i < length && keys.text[from + i] === bytes[start + i]) i++
    if (i === length) return entry - 1
  }
  return -1
}

/** As `matchKey`, for a key with escapes: "\u0069d" is "id". Cold. */
export function matchEscapedKey(
  keys: KeyTable,
  bytes: Uint8Array,
  start: number,
  end: number
): number {
  const name = decodeString(bytes, start - 1, end + 1)
  return name === null ? -1 : keys.names.indexOf(name)
}
