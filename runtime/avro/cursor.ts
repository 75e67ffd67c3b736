import { isUtf8Range } from '../codec/utf8.ts'
import { asciiText, utf8Text } from '../codec/string.ts'

/** What is wrong with a record. One object for all of them: a storm of bad records makes no stack traces. */
export class AvroFailure extends Error {
  override readonly name = 'AvroFailure'
  code = ''
}
const failure = new AvroFailure('a record is not what its schema says')

const messages = {
  'malformed-avro': 'the value is not what its schema says',
  'truncated-avro': 'the value ends before its schema does',
  'trailing-bytes': 'the value goes on after what its schema says',
  'nested-too-deep': 'the value is nested more than 512 levels deep',
  'too-many-items': 'the value has more than a million items that take no byte',
  'invalid-utf8': 'the text is not valid UTF-8',
  'out-of-range': 'the number is too large',
  'invalid-timestamp': 'the value is not a timestamp',
  'invalid-date': 'the value is not a date',
  'invalid-time': 'the value is not a time of day',
  'invalid-interval': 'the value is not an interval',
  'wrong-dimensions': 'the vector has another number of elements',
  'wrong-type': "the type of the value's union does not fit",
  'missing-value': 'the field is null, but the column is NOT NULL'
} as const
export type AvroFailureCode = keyof typeof messages

export function failureText(code: string): string {
  return messages[code as AvroFailureCode]
}

export function fail(code: AvroFailureCode): never {
  failure.code = code
  throw failure
}

export const MAX_DEPTH = 512
/** Items of a value that take no byte: without a bound a few bytes would fill the memory. */
const MOST_EMPTY = 1 << 20

/** A place in the bytes of a value. Reading goes on from `pos`; nothing is read at or behind `end`. */
export class AvroCursor {
  bytes: Uint8Array = new Uint8Array()
  view: DataView = new DataView(new ArrayBuffer(0))
  pos = 0
  end = 0
  depth = 0
  /** Items without a byte, which the value has had. */
  #empty = 0
  /** The exact value where `long` answers Infinity. */
  wide = 0n

  move(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.pos = start
    this.end = end
    this.depth = 0
    this.#empty = 0
  }

  boolean(): boolean {
    const byte = this.bytes[this.#take(1)]!
    return byte > 1 ? fail('malformed-avro') : byte === 1
  }

  float(): number {
    return this.view.getFloat32(this.#take(4), true)
  }

  double(): number {
    return this.view.getFloat64(this.#take(8), true)
  }

  /** An int: at most 32 bits. */
  int(): number {
    const value = this.long()
    return value === (value | 0) ? value : fail('malformed-avro')
  }

  /** A long: a safe integer; for any other it answers Infinity and leaves it in `wide`. */
  long(): number {
    const { bytes, pos } = this
    // Most are of one or two bytes; what stands behind the end is not looked at, but for the check.
    const first = bytes[pos]!
    if (first < 0x80) {
      this.#to(pos + 1)
      return (first >>> 1) ^ -(first & 1)
    }
    const second = bytes[pos + 1]!
    if (second < 0x80) {
      this.#to(pos + 2)
      const raw = (first & 0x7f) | (second << 7)
      return (raw >>> 1) ^ -(raw & 1)
    }
    return this.#longer()
  }

  #longer(): number {
    const { bytes, pos, end } = this
    // 28 bits each, so that integer arithmetic does.
    let low = 0
    let middle = 0
    let high = 0
    let at = pos
    for (let shift = 0; ; shift += 7) {
      if (at >= end) return fail('truncated-avro')
      const byte = bytes[at++]!
      const part = byte & 0x7f
      if (shift < 28) low |= part << shift
      else if (shift < 56) middle |= part << (shift - 28)
      else high |= part << (shift - 56)
      if (byte < 0x80) break
      if (shift === 63) return fail('malformed-avro')
    }
    // Ten bytes hold 70 bits, a long 64.
    if (high > 0xff) return fail('malformed-avro')
    this.pos = at
    if (high === 0 && middle < 1 << 25) {
      // Below 2^53.
      const raw = middle * 2 ** 28 + low
      const half = (raw - (low & 1)) / 2
      return (low & 1) === 0 ? half : -half - 1
    }
    const raw = (BigInt(high) << 56n) | (BigInt(middle) << 28n) | BigInt(low)
    const value = (raw >> 1n) ^ -(raw & 1n)
    const near = Number(value)
    if (Number.isSafeInteger(near)) return near
    this.wide = value
    return Infinity
  }

  /** The number of a union's branch or an enum's symbol. */
  index(count: number): number {
    const index = this.long()
    return index >= 0 && index < count ? index : fail('malformed-avro')
  }

  /** The length of text or bytes, all of which are there. */
  length(): number {
    const length = this.long()
    if (length < 0) return fail('malformed-avro')
    return length <= this.end - this.pos ? length : fail('truncated-avro')
  }

  text(): string {
    const length = this.length()
    return this.textOf(length)
  }

  textOf(length: number): string {
    const { bytes } = this
    const start = this.#take(length)
    const end = this.pos
    for (let i = start; i < end; i++) {
      if (bytes[i]! < 0x80) continue
      return isUtf8Range(bytes, start, end) ? utf8Text(bytes, start, end) : fail('invalid-utf8')
    }
    return length === 0 ? '' : asciiText(bytes, start, end)
  }

  /** A copy: the batch's memory is used again. */
  bytesOf(length: number): Uint8Array {
    const start = this.#take(length)
    return this.bytes.slice(start, this.pos)
  }

  skip(length: number): void {
    this.#take(length)
  }

  skipLong(): void {
    this.long()
  }

  /**
   * How many items the next block of an array or a map has; 0: there are no more. `itemSize` is what each takes at least.
   * Where `skips` and the block tells its length it is passed over, and so many items need not be read: -1.
   */
  block(itemSize: number, skips: boolean): number {
    let count = this.long()
    if (count < 0) {
      count = -count
      const size = this.length()
      if (skips) {
        this.pos += size
        return -1
      }
    }
    if (itemSize > 0) {
      return count <= (this.end - this.pos) / itemSize ? count : fail('truncated-avro')
    }
    this.#empty += count
    return this.#empty <= MOST_EMPTY ? count : fail('too-many-items')
  }

  #take(length: number): number {
    const { pos } = this
    this.#to(pos + length)
    return pos
  }

  #to(pos: number): void {
    if (pos > this.end) fail('truncated-avro')
    this.pos = pos
  }
}
