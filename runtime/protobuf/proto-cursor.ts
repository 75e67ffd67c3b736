import { utf8Text } from '../codec/string.ts'
import { isUtf8Range } from '../codec/utf8.ts'

/** What is wrong with a record. One object for all of them: a storm of bad records makes no stack traces. */
export class ProtoFailure extends Error {
  override readonly name = 'ProtoFailure'
  code: ProtoFailureCode = 'malformed-protobuf'
}
const failure = /* @__PURE__ */ new ProtoFailure('a record is not what its schema says')

const messages = {
  'malformed-protobuf': 'the value is no message of protobuf',
  'truncated-protobuf': 'the value ends before its message does',
  'missing-required': 'a field is missing that is required',
  'nested-too-deep': 'the value is nested more than 100 levels deep',
  'invalid-utf8': 'the text is not valid UTF-8',
  'out-of-range': 'the number is too large',
  'invalid-timestamp': 'the value is not a timestamp',
  'malformed-json': 'the text is not valid JSON',
  'wrong-dimensions': 'the vector has another number of elements',
  'wrong-type': "the field's bytes are of another type",
  'missing-value': 'the field is missing, but the column is NOT NULL'
} as const
export type ProtoFailureCode = keyof typeof messages

export function failureText(code: ProtoFailureCode): string {
  return messages[code]
}

export function fail(code: ProtoFailureCode): never {
  failure.code = code
  throw failure
}

export const VARINT = 0
export const FIXED64 = 1
export const LENGTH = 2
export const START_GROUP = 3
export const END_GROUP = 4
export const FIXED32 = 5

/** As other parsers have it. */
const MAX_DEPTH = 100

/** A place in a message. Reading goes on from `pos`; nothing is read at or behind `end`. */
export class ProtoCursor {
  bytes: Uint8Array = new Uint8Array()
  view: DataView = new DataView(new ArrayBuffer(0))
  pos = 0
  end = 0
  depth = 0
  /** The column whose field is read; -1: none yet. */
  column = -1
  /** The 64 bits of the last varint, of which `low` has the lower half; both unsigned. */
  low = 0
  high = 0

  move(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.pos = start
    this.end = end
    this.depth = 0
    this.column = -1
  }

  /** Leaves the next varint in `low` and `high`. What is beyond 64 bits is no varint. */
  varint(): void {
    const { bytes, end } = this
    let { pos } = this
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      if (pos >= end) fail('truncated-protobuf')
      const byte = bytes[pos++]!
      const part = byte & 0x7f
      if (shift < 28) low |= part << shift
      else if (shift === 28) {
        low |= part << 28
        high = part >>> 4
      } else high |= part << (shift - 32)
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) fail('malformed-protobuf')
        break
      }
      if (shift === 63) fail('malformed-protobuf')
    }
    this.pos = pos
    this.low = low >>> 0
    this.high = high >>> 0
  }

  /** A tag: the number of a field times eight, and how it is written. */
  tag(): number {
    const first = this.pos < this.end ? this.bytes[this.pos]! : fail('truncated-protobuf')
    if (first < 0x80) this.pos++
    else {
      this.varint()
      if (this.high !== 0) fail('malformed-protobuf')
    }
    const tag = first < 0x80 ? first : this.low
    if (tag < 8 || (tag & 7) > FIXED32) fail('malformed-protobuf')
    return tag
  }

  /** The length of what follows, which has to be there. */
  length(): number {
    this.varint()
    const { low, high } = this
    if (high !== 0 || low > this.end - this.pos) fail('truncated-protobuf')
    return low
  }

  take(size: number): number {
    const at = this.pos
    if (size > this.end - at) fail('truncated-protobuf')
    this.pos = at + size
    return at
  }

  fixed32(): void {
    this.low = this.view.getUint32(this.take(4), true)
    this.high = 0
  }

  fixed64(): void {
    const at = this.take(8)
    this.low = this.view.getUint32(at, true)
    this.high = this.view.getUint32(at + 4, true)
  }

  /** What was read last, as 64 bits with a sign: a number while it is a safe integer. */
  signed(): number | bigint {
    const { low, high } = this
    const value = (high | 0) * 4294967296 + low
    return Number.isSafeInteger(value) ? value : BigInt.asIntN(64, joined(high, low))
  }

  unsigned(): number | bigint {
    const { low, high } = this
    const value = high * 4294967296 + low
    return Number.isSafeInteger(value) ? value : joined(high, low)
  }

  /** As `signed`, of a number that was written in zigzag. */
  zigzag(): number | bigint {
    const { low, high } = this
    const sign = -(low & 1)
    this.low = (((low >>> 1) | (high << 31)) ^ sign) >>> 0
    this.high = ((high >>> 1) ^ sign) >>> 0
    return this.signed()
  }

  text(): string {
    const length = this.length()
    const at = this.take(length)
    if (!isUtf8Range(this.bytes, at, at + length)) fail('invalid-utf8')
    return utf8Text(this.bytes, at, at + length)
  }

  /** They stay when those of the record are gone. */
  bytesOf(): Uint8Array {
    const length = this.length()
    const at = this.take(length)
    return new Uint8Array(this.bytes.subarray(at, at + length))
  }

  /** Passes over a field that was written so. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        return this.varint()
      case FIXED64:
        return void this.take(8)
      case FIXED32:
        return void this.take(4)
      case LENGTH:
        return void this.take(this.length())
      case START_GROUP:
        return this.#skipGroup(tag)
      default:
        return fail('malformed-protobuf')
    }
  }

  #skipGroup(start: number): void {
    this.enter()
    for (;;) {
      const tag = this.tag()
      if ((tag & 7) !== END_GROUP) this.skip(tag)
      else if (tag >>> 3 === start >>> 3) break
      else fail('malformed-protobuf')
    }
    this.depth--
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) fail('nested-too-deep')
  }
}

function joined(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low)
}
