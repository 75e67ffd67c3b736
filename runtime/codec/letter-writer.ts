import type { LetterBatch, RecordHeader } from '../contract/index.ts'
import { PACKED_NUMBER, packHeaders } from './packed-headers.ts'
import { writeDigits, writeNine } from './write-bytes.ts'
import { writeIsoTimestamp } from './write-timestamp.ts'

const FIRST_BYTES = 1 << 16
const FIRST_RECORDS = 256
const FIRST_TIME = Date.parse('0001-01-01')
const END_TIME = Date.UTC(10_000, 0, 1)

/** Headers that many records share, packed once. */
export interface PackedHeaders {
  readonly bytes: Uint8Array
  readonly count: number
}

export function packOnce(headers: readonly RecordHeader[]): PackedHeaders {
  return { bytes: packHeaders(headers), count: headers.length }
}

/** The name of a header whose value differs from record to record: all of it but the value's length. */
export interface HeaderName {
  readonly bytes: Uint8Array
}

export function headerName(name: string): HeaderName {
  return { bytes: packHeaders([{ key: name, value: new Uint8Array(0) }]) }
}

/**
 * Records with headers, one behind the other in one buffer that is used again: where every record of a source is bad, all of them
 * go through here. Per record: `begin`, headers, `end`.
 */
export class LetterWriter {
  #bytes = Buffer.alloc(FIRST_BYTES)
  #pos = 0
  #count = 0
  #headerCount = 0
  #keyStart = new Int32Array(FIRST_RECORDS)
  #keyEnd = new Int32Array(FIRST_RECORDS)
  #valueStart = new Int32Array(FIRST_RECORDS)
  #valueEnd = new Int32Array(FIRST_RECORDS)
  #headers = new Int32Array(FIRST_RECORDS)

  get count(): number {
    return this.#count
  }

  /** Starts a record with the key and the value that are at these places of `bytes`; a start of -1: null. */
  begin(
    bytes: Uint8Array,
    keyStart: number,
    keyEnd: number,
    valueStart: number,
    valueEnd: number
  ): void {
    const i = this.#count
    if (i === this.#keyStart.length) this.#growRecords()
    this.#keyStart[i] = this.#copy(bytes, keyStart, keyEnd)
    this.#keyEnd[i] = this.#pos
    this.#valueStart[i] = this.#copy(bytes, valueStart, valueEnd)
    this.#valueEnd[i] = this.#pos
    this.#headers[i] = this.#room(PACKED_NUMBER)
    this.#pos += PACKED_NUMBER
    this.#headerCount = 0
  }

  packed({ bytes, count }: PackedHeaders): void {
    const pos = this.#room(bytes.length)
    this.#bytes.set(bytes, pos)
    this.#pos = pos + bytes.length
    this.#headerCount += count
  }

  text({ bytes }: HeaderName, value: string): void {
    const start = this.#beginHeader(bytes, value.length * 3)
    this.#pos += this.#bytes.write(value, this.#pos, 'utf8')
    this.#endHeader(start, bytes)
  }

  /** A safe integer that is not negative; no string is made. */
  number({ bytes }: HeaderName, value: number): void {
    const start = this.#beginHeader(bytes, 16)
    const high = Math.floor(value / 1e9)
    if (high > 0)
      this.#pos = writeNine(
        this.#bytes,
        writeDigits(this.#bytes, this.#pos, high),
        value - high * 1e9
      )
    else this.#pos = writeDigits(this.#bytes, this.#pos, value)
    this.#endHeader(start, bytes)
  }

  /** Milliseconds since the epoch, in ISO 8601. */
  time({ bytes }: HeaderName, value: number): void {
    // It is written with quotes, and is for years of four digits.
    if (!(value >= FIRST_TIME && value < END_TIME)) return this.text({ bytes }, `${value} ms`)
    const start = this.#beginHeader(bytes, 26)
    const pos = this.#pos
    writeIsoTimestamp(this.#bytes, pos, value)
    this.#bytes.copyWithin(pos, pos + 1, pos + 25)
    this.#pos = pos + 24
    this.#endHeader(start, bytes)
  }

  #beginHeader(name: Uint8Array, length: number): number {
    const pos = this.#room(name.length + length)
    this.#bytes.set(name, pos)
    this.#pos = pos + name.length
    this.#headerCount++
    return pos
  }

  #endHeader(start: number, name: Uint8Array): void {
    this.#bytes.writeInt32LE(this.#pos - start - name.length, start + PACKED_NUMBER)
  }

  end(): void {
    this.#bytes.writeInt32LE(this.#headerCount, this.#headers[this.#count++]!)
  }

  /** The complete records, valid until the next `begin` or `clear`. */
  take(): LetterBatch {
    return {
      // No Buffer: its `slice` is not a copy.
      bytes: new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#pos),
      count: this.#count,
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

  #copy(bytes: Uint8Array, start: number, end: number): number {
    if (start < 0) return -1
    const pos = this.#room(end - start)
    const length = end - start
    const out = this.#bytes
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
    this.#keyStart = longer(this.#keyStart)
    this.#keyEnd = longer(this.#keyEnd)
    this.#valueStart = longer(this.#valueStart)
    this.#valueEnd = longer(this.#valueEnd)
    this.#headers = longer(this.#headers)
  }
}
