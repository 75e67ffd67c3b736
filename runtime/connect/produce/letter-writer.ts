import { copyBytes, viewBytes } from '../../codec/copy-bytes.ts'
import { writeDigits, writeNine } from '../../codec/write-bytes.ts'
import { writeIsoTimestamp, writeMillis } from '../../codec/write-timestamp.ts'
import type { LetterBatch, TakenLetters } from '../../contract/index.ts'
import { SpareMemory } from '../spare-memory.ts'
import { type HeaderBlock, headerBlock } from './record-headers.ts'
import { VARINT_BYTES, VARINT_OF_NULL, varintSize, writeVarint } from './varint.ts'

const FIRST_BYTES = 1 << 16
const FIRST_RECORDS = 256
/** New memory has room for so many times what the letters before took. */
const SPARE = 1.2
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
  #view = viewBytes(this.#bytes)
  #places = makePlaces(FIRST_RECORDS)
  #pos = 0
  #count = 0
  #headerCount = 0
  /** Somebody else has the memory: the next letters need other. */
  #isKept = false
  /** What was kept, and is not any more, until it is given back. */
  readonly #spare = new SpareMemory<LetterMemory>(Infinity, ({ bytes }) => bytes.length)
  /** Since the last `rest`. */
  #isUsed = false
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
    if (i === this.#places.bodyStart.length) this.#places = longer(this.#places)
    const places = this.#places
    places.bodyStart[i] = this.#pos
    places.keyStart[i] = this.#copy(bytes, keyStart, keyEnd)
    places.keyEnd[i] = this.#pos
    places.valueStart[i] =
      instead === undefined
        ? this.#copy(bytes, valueStart, valueEnd)
        : this.#copy(instead, 0, instead.length)
    places.valueEnd[i] = this.#pos
    // Their number is known at the end, and hardly ever more than one byte.
    places.headers[i] = this.#room(1)
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
    const at = this.#places.headers[this.#count]!
    const count = this.#headerCount
    if (count >= SHORT) this.#widen(at, varintSize(count) - 1)
    writeVarint(this.#bytes, at, count)
    this.#places.bodyEnd[this.#count++] = this.#pos
  }

  /** Makes room for more bytes behind the one at `at`. */
  #widen(at: number, more: number): void {
    this.#room(more)
    this.#bytes.copyWithin(at + 1 + more, at + 1, this.#pos)
    this.#pos += more
  }

  /** The complete records, valid until the next `begin` or `clear`, or as long as they are kept. */
  take(): TakenLetters {
    this.#isUsed = true
    const memory = { bytes: this.#bytes, places: this.#places }
    return {
      // No Buffer: its `slice` is not a copy.
      bytes: new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#pos),
      count: this.#count,
      ...this.#places,
      keep: () => {
        this.#isKept = true
        return () => this.#spare.give(memory)
      }
    }
  }

  /** Forgets the records; the memory is kept, by the writer or by who has them. */
  clear(): void {
    if (this.#isKept) {
      const { bytes, places } = this.#spare.take() ?? {
        // What comes next is about as much.
        bytes: Buffer.alloc(Math.max(FIRST_BYTES, Math.ceil(this.#pos * SPARE))),
        places: makePlaces(this.#places.bodyStart.length)
      }
      this.#bytes = bytes
      this.#view = viewBytes(bytes)
      this.#places = places
      this.#isKept = false
    }
    this.#pos = 0
    this.#count = 0
  }

  /** Gives memory back that nothing was written to since the last time. */
  rest(): void {
    if (!this.#isUsed) this.#spare.clear()
    this.#isUsed = false
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
    copyBytes(bytes, start, end, out, this.#view, pos)
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
      this.#view = viewBytes(larger)
    }
    return pos
  }
}

interface LetterMemory {
  readonly bytes: Buffer<ArrayBuffer>
  readonly places: Places
}

/** Of each record, as LetterBatch has them. */
type Places = Pick<LetterBatch, (typeof COLUMNS)[number]>
const COLUMNS = [
  'bodyStart',
  'bodyEnd',
  'keyStart',
  'keyEnd',
  'valueStart',
  'valueEnd',
  'headers'
] as const

function makePlaces(records: number): Places {
  const column = (): Int32Array => new Int32Array(records)
  return {
    bodyStart: column(),
    bodyEnd: column(),
    keyStart: column(),
    keyEnd: column(),
    valueStart: column(),
    valueEnd: column(),
    headers: column()
  }
}

function longer(places: Places): Places {
  const made = makePlaces(places.bodyStart.length * 2)
  for (const column of COLUMNS) made[column].set(places[column])
  return made
}
