import { arenaBytes, memory, reserveBytes } from './arena.ts'
import { makeLayout, TABLE_HEAD_BYTES } from './layout.ts'
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
  /** Made by `reserveRanges`; null where the scanner stores nothing. */
  readonly ranges: Int32Array | null
  /** By column: the index in `ranges` where what is plain of it is stored; -1: it is answered as others are. */
  readonly places: readonly number[]
  /** The same table in the arena, laid out as scan.wat says. */
  readonly address: number
}

const BUCKETS = 256

/** `count` ranges, none of them set, where the scanner can store them. */
export function reserveRanges(count: number): Int32Array {
  return new Int32Array(memory.buffer, reserveBytes(count * 8), count * 2).fill(-1)
}

/**
 * Makes the table for a decoder, once, at start. Throws when two columns read the same key. Columns may have a place in
 * `ranges`, by `texts` or by `integers`, else -1: texts without escapes and integers of up to 18 digits need not be answered by
 * `firstMember` and `nextMember` then. Their range is stored there, as `rangeText` and `rangeBigInt` would.
 */
export function keyTable(
  names: readonly string[],
  ranges: Int32Array | null = null,
  texts: readonly number[] = [],
  integers: readonly number[] = []
): KeyTable {
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
  const stores = names.map((_, column) => addressOf(ranges, texts[column], integers[column]))
  const places = names.map((_, column) => Math.max(texts[column] ?? -1, integers[column] ?? -1))
  const address = layOut({ text, from, first, next }, stores)
  return { names, text, from, first, next, ranges, places, address }
}

/** As scan.wat says: 0 for none, odd for integers. */
function addressOf(ranges: Int32Array | null, text = -1, integer = -1): number {
  if (ranges === null || (text < 0 && integer < 0)) return 0
  if (ranges.buffer !== arenaBytes.buffer) throw new Error('the scanner does not reach the ranges')
  const address = (place: number): number => ranges.byteOffset + place * ranges.BYTES_PER_ELEMENT
  return text < 0 ? address(integer) + 1 : address(text)
}

/** Copies the table into the arena for the WebAssembly scanner. */
function layOut(
  { text, from, first, next }: Pick<KeyTable, 'text' | 'from' | 'first' | 'next'>,
  stores: readonly number[]
): number {
  const entries = BUCKETS * 2
  const texts = entries + next.length * 16
  const address = reserveBytes(TABLE_HEAD_BYTES + texts + text.length) + TABLE_HEAD_BYTES
  makeLayout(address)
  new Uint16Array(memory.buffer, address, BUCKETS).set(first)
  const words = new Uint32Array(memory.buffer, address + entries, next.length * 4)
  next.forEach((entry, column) => {
    words[column * 4] = address + texts + from[column]!
    words[column * 4 + 1] = from[column + 1]! - from[column]!
    words[column * 4 + 2] = entry
    words[column * 4 + 3] = stores[column]!
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
