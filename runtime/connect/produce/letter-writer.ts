import { writeDigits, writeNine } from '../../codec/write-bytes.ts'
import { writeIsoTimestamp, writeMillis } from '../../codec/write-timestamp.ts'
import type { LetterBatch } from '../../contract/index.ts'
import { type HeaderBlock, headerBlock } from './record-headers.ts'
import { VARINT_BYTES, VARINT_OF_NULL, varintSize, writeVarint } from './varint.ts'

const FIRST_BYTES = 1 << 16
const FIRST_RECORDS = 256
const FIRST_TIME = Date.parse('0001-01-01')
const END_TIME = Date.UTC(10_000, 0, 1)
/** `2026-01-31T12:34:56.789Z`, and where its milliseconds are, behind a quote. */
const TIME_BYTES = 24
const MILLIS_AT = 20
/** Lengths below it are varints of one byte. */
const SHORT = 64

/** The name of a header whose value differs from record to record, with its length before it. */
export interface HeaderName {
  readonly bytes: Uint8Array
}

export function headerName(name: string): HeaderName {
  // Without the value's length, which is one byte here.
  return { bytes: headerBlock([{ key: name, value: null }]).bytes.slice(0, -1) }
}

/**
 * Records with headers, one behind the other in one buffer that is used again, as batches hold them: where every record of a source is
 * bad, all of them go through here. Per record: `begin`, headers, `end`.
 */
export class LetterWriter {
  #bytes = Buffer.alloc(FIRST_BYTES)
  #pos = 0
  #count = 0
  #headerCount = 0
  #bodyStart = new Int32Array(FIRST_RECORDS)
  #bodyEnd = new Int32Array(FIRST_RECORDS)
  #keyStart = new Int32Array(FIRST_RECORDS)
  #keyEnd = new Int32Array(FIRST_RECORDS)
  #valueStart = new Int32Array(FIRST_RECORDS)
  #valueEnd = new Int32Array(FIRST_RECORDS)
  #headers = new Int32Array(FIRST_RECORDS)
  /** The last time that was written, and its second: most are of the same one. */
  readonly #timeBytes = new Uint8Array(TIME_BYTES + 2)
  #second = NaN

  get count(): number {
    return this.#count
  }

  /** Starts a record with the key and the value that are at these places of `bytes`; a start of -1: null. `instead`: of the value. */
  begin(
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number,
    instead?: Uint8Array
  ): void {
    const i = this.#count
    if (i === this.#keyStart.length) this.#growRecords()
    this.#bodyStart[i] = this.#pos
    this.#keyStart[i] = this.#copy(bytes, keyStart, keyEnd)
    this.#keyEnd[i] = this.#pos
    this.#valueStart[i] =
      instead === undefined
        ? this.#copy(bytes, valueStart, valueEnd)
        : this.#copy(instead, 0, instead.length)
    this.#valueEnd[i] = this.#pos
    // Their number is known at the end, and hardly ever more than one byte.
    this.#headers[i] = this.#room(1)
    this.#pos++
    this.#headerCount = 0
  }

  block({ bytes, count }: HeaderBlock): void {
    const pos = this.#room(bytes.length)
    this.#bytes.set(bytes, pos)
    this.#pos = pos + bytes.length
    this.#headerCount += count
  }

  text(name: HeaderName, value: string): void {
    this.#beginHeader(name, VARINT_BYTES + value.length * 3)
    const pos = writeVarint(this.#bytes, this.#pos, Buffer.byteLength(value))
    this.#pos = pos + this.#bytes.write(value, pos, 'utf8')
  }

  /** A text in UTF-8. */
  encoded(name: HeaderName, value: Uint8Array): void {
    this.#beginHeader(name, VARINT_BYTES + value.length)
    const pos = writeVarint(this.#bytes, this.#pos, value.length)
    this.#bytes.set(value, pos)
    this.#pos = pos + value.length
  }

  /** A safe integer that is not negative; no string is made. */
  number(name: HeaderName, value: number): void {
    this.#beginHeader(name, 17)
    const start = this.#pos + 1
    const high = Math.floor(value / 1e9)
    this.#pos =
      high > 0
        ? writeNine(this.#bytes, writeDigits(this.#bytes, start, high), value - high * 1e9)
        : writeDigits(this.#bytes, start, value)
    this.#bytes[start - 1] = (this.#pos - start) * 2
  }

  /** Milliseconds since the epoch, in ISO 8601. */
  time(name: HeaderName, value: number): void {
    // It is written with quotes, and is for years of four digits.
    if (!(value >= FIRST_TIME && value < END_TIME)) return this.text(name, `${value} ms`)
    this.#beginHeader(name, 1 + TIME_BYTES)
    const text = this.#timeText(value)
    const out = this.#bytes
    let pos = this.#pos
    out[pos++] = TIME_BYTES * 2
    for (let i = 1; i <= TIME_BYTES; i++) out[pos++] = text[i]!
    this.#pos = pos
  }

  /** With a quote before and behind it. */
  #timeText(value: number): Uint8Array {
    const text = this.#timeBytes
    const second = Math.floor(value / 1000)
    if (second === this.#second) writeMillis(text, MILLIS_AT, value - second * 1000)
    else {
      writeIsoTimestamp(text, 0, value)
      this.#second = second
    }
    return text
  }

  #beginHeader({ bytes }: HeaderName, length: number): void {
    const pos = this.#room(bytes.length + length)
    const out = this.#bytes
    for (let i = 0; i < bytes.length; i++) out[pos + i] = bytes[i]!
    this.#pos = pos + bytes.length
    this.#headerCount++
  }

  end(): void {
    const at = this.#headers[this.#count]!
    const count = this.#headerCount
    if (count >= SHORT) this.#widen(at, varintSize(count) - 1)
    writeVarint(this.#bytes, at, count)
    this.#bodyEnd[this.#count++] = this.#pos
  }

  /** Makes room for more bytes behind the one at `at`. */
  #widen(at: number, more: number): void {
    this.#room(more)
    this.#bytes.copyWithin(at + 1 + more, at + 1, this.#pos)
    this.#pos += more
  }

  /** The complete records, valid until the next `begin` or `clear`. */
  take(): LetterBatch {
    return {
      // No Buffer: its `slice` is not a copy.
      bytes: new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#pos),
      count: this.#count,
      bodyStart: this.#bodyStart,
      bodyEnd: this.#bodyEnd,
      keyStart: this.#keyStart,
      keyEnd: this.#keyEnd,
      valueStart: this.#valueStart,
      valueEnd: this.#valueEnd,
      headers: this.#headers
    }
  }

  /** Forgets the records and keeps the memory. */
  clear(): void {
    this.#pos = 0
    this.#count = 0
  }

  /** With its length before it. Answers where it starts; -1: it is null. */
  #copy(bytes: Uint8Array, start: number, end: number): number {
    const length = start < 0 ? 0 : end - start
    this.#room(VARINT_BYTES + length)
    const out = this.#bytes
    if (start < 0) {
      out[this.#pos++] = VARINT_OF_NULL
      return -1
    }
    const pos = writeVarint(out, this.#pos, length)
    // A loop beats a view and the call of a native copy for the length of usual records.
    if (length > 200) out.set(bytes.subarray(start, end), pos)
    else for (let i = 0; i < length; i++) out[pos + i] = bytes[start + i]!
    this.#pos = pos + length
    return pos
  }

  /** Makes room for `length` more bytes and answers where they go. */
  #room(length: number): number {
    const pos = this.#pos
    if (pos + length > this.#bytes.length) {
      const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, pos + length))
      larger.set(this.#bytes.subarray(0, pos))
      this.#bytes = larger
    }
    return pos
  }

  #growRecords(): void {
    const longer = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const to = new Int32Array(from.length * 2)
      to.set(from)
      return to
    }
    this.#bodyStart = longer(this.#bodyStart)
    this.#bodyEnd = longer(this.#bodyEnd)
    this.#keyStart = longer(this.#keyStart)
    this.#keyEnd = longer(this.#keyEnd)
    this.#valueStart = longer(this.#valueStart)
    this.#valueEnd = longer(this.#valueEnd)
    this.#headers = longer(this.#headers)
  }
}
