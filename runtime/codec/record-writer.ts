import type { Batch, ChangeOp, OutputBatch } from '../contract/index.ts'
import { type Decimal, formatDecimal } from '../sql/decimal.ts'
import { shortestReal } from '../sql/real.ts'
import { BACKSLASH, MINUS, QUOTE } from './ascii.ts'
import { copyBytes, viewBytes } from './copy-bytes.ts'
import { decodeString } from './string.ts'
import { writeDigits, writeEscape, writeNine } from './write-bytes.ts'
import { writeIsoDate, writeIsoTime, writeIsoTimestamp } from './write-timestamp.ts'

const FIRST_BYTES = 1 << 16
const FIRST_RECORDS = 1024
const encoder = new TextEncoder()
const TRUE = encoder.encode('true')
const FALSE = encoder.encode('false')
const NULL = encoder.encode('null')
const QUOTES = encoder.encode('"')

/** Numbers as their bytes; all machines that this runs on have the lowest first. */
const single = new Float32Array(1)
const singleBytes = new Uint8Array(single.buffer)
const wide = new Float64Array(1)
const wideBytes = new Uint8Array(wide.buffer)

/** A key, comma or quote of the output, encoded once at start. */
export function ascii(text: string): Uint8Array {
  return encoder.encode(text)
}

/**
 * The records of one sink, encoded back to back into one growing buffer: no object and no string per record. Per record:
 * `begin`, optionally the key's bytes and `endKey`, the value's bytes, then `end` or `abort`. `take` hands the batch over.
 */
export class RecordWriter {
  #bytes = new Uint8Array(FIRST_BYTES)
  #view = viewBytes(this.#bytes)
  #pos = 0
  #count = 0
  #keyStart = new Int32Array(FIRST_RECORDS)
  #keyEnd = new Int32Array(FIRST_RECORDS)
  #valueStart = new Int32Array(FIRST_RECORDS)
  #valueEnd = new Int32Array(FIRST_RECORDS)
  #partition = new Int32Array(FIRST_RECORDS)
  #offset = new Float64Array(FIRST_RECORDS)
  #timestamp = new Float64Array(FIRST_RECORDS)
  #op = new Uint8Array(FIRST_RECORDS)
  #recordStart = 0
  #sayable = true
  /** Before each value, and each key, that has a schema: see `frame`. */
  #frame = new Uint8Array()
  #keyFrame = new Uint8Array()

  /** Complete records since the last `clear`. */
  get count(): number {
    return this.#count
  }

  /** Bytes of the complete records. */
  get size(): number {
    return this.#pos
  }

  /** Starts a record that comes from record `record` of `batch`: its provenance, should the sink refuse it. */
  begin(batch: Batch, record: number): void {
    // Not by way of `beginAt`: doubles that are handed to a function which is not inlined are objects.
    const i = this.#start()
    this.#partition[i] = batch.partition[record]!
    this.#offset[i] = batch.offset[record]!
    this.#timestamp[i] = batch.timestamp[record]!
  }

  /** As `begin`, for a row that waited while its batch went away. */
  beginAt(partition: number, offset: number, timestamp: number): void {
    const i = this.#start()
    this.#partition[i] = partition
    this.#offset[i] = offset
    this.#timestamp[i] = timestamp
  }

  /** Answers the record's place. */
  #start(): number {
    const i = this.#count
    if (i === this.#keyStart.length) this.#growRecords()
    this.#op[i] = 0
    this.#keyStart[i] = -1
    this.#keyEnd[i] = -1
    this.#valueStart[i] = this.#pos
    this.#recordStart = this.#pos
    this.#sayable = true
    return i
  }

  /** Starts the record of a table's change, which the header `miracledb.op` tells: it comes from no record of its own. */
  beginChange(op: ChangeOp): void {
    this.beginAt(-1, -1, 0)
    this.#op[this.#count] = op.charCodeAt(0)
  }

  /** What was written since `begin` is the record's key; the value follows. */
  endKey(): void {
    const i = this.#count
    this.#keyStart[i] = this.#recordStart
    this.#keyEnd[i] = this.#pos
    this.#valueStart[i] = this.#pos
  }

  /** Completes the record without a value: the row of its key is gone. */
  endDeleted(): void {
    this.#valueStart[this.#count] = -1
    this.#valueEnd[this.#count++] = this.#pos
  }

  /**
   * Completes the record. False, and the record is taken back, if something was written that the format can't say, as JSON a NaN or an
   * infinity: the row is an error row.
   */
  end(): boolean {
    if (!this.#sayable) {
      this.abort()
      return false
    }
    this.#valueEnd[this.#count++] = this.#pos
    return true
  }

  /** The format can't say what was to be written: `end` answers false. */
  refuse(): void {
    this.#sayable = false
  }

  /** Takes the record begun last back. */
  abort(): void {
    this.#pos = this.#recordStart
  }

  /** The values that follow have the schema of a registry: a zero and its id, as Confluent's serializers have it. */
  setSchema(id: number): void {
    this.#frame = frameOf(id)
  }

  /** As `setSchema`, for keys. */
  setKeySchema(id: number): void {
    this.#keyFrame = frameOf(id)
  }

  /** What a key with a schema begins with. */
  keyFrame(): void {
    this.raw(this.#keyFrame)
  }

  /** What a value with a schema begins with. */
  frame(): void {
    this.raw(this.#frame)
  }

  byte(value: number): void {
    const pos = this.#room(1)
    this.#bytes[pos] = value
    this.#pos = pos + 1
  }

  /** An integer of 53 bits in as few bytes as hold it, the sign in the lowest bit: Avro's int and long. */
  zigzag(value: number): void {
    let pos = this.#room(10)
    const out = this.#bytes
    const sign = value < 0 ? 1 : 0
    let rest = sign === 1 ? -(value + 1) : value
    const low = ((rest % 64) << 1) | sign
    rest = Math.floor(rest / 64)
    out[pos++] = rest === 0 ? low : low | 0x80
    while (rest > 0) {
      const part = rest % 128
      rest = Math.floor(rest / 128)
      out[pos++] = rest === 0 ? part : part | 0x80
    }
    this.#pos = pos
  }

  /** As `zigzag`, of 64 bits. */
  zigzagWide(value: number | bigint): void {
    if (typeof value === 'number') return this.zigzag(value)
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80)
    this.byte(Number(rest))
  }

  /** Four bytes, the lowest first. */
  float32(value: number): void {
    const pos = this.#room(4)
    single[0] = value
    this.#bytes.set(singleBytes, pos)
    this.#pos = pos + 4
  }

  /** Eight bytes, the lowest first. */
  float64(value: number): void {
    const pos = this.#room(8)
    const out = this.#bytes
    wide[0] = value
    for (let i = 0; i < 8; i++) out[pos + i] = wideBytes[i]!
    this.#pos = pos + 8
  }

  /** Text in UTF-8 behind its length. */
  sizedText(text: string): void {
    const { length } = text
    if (length < 64) {
      // So short that, if it is ASCII, its length is one byte.
      const pos = this.#room(length + 1)
      const out = this.#bytes
      let i = 0
      for (; i < length; i++) {
        const unit = text.charCodeAt(i)
        if (unit >= 0x80) break
        out[pos + 1 + i] = unit
      }
      if (i === length) {
        out[pos] = length << 1
        this.#pos = pos + 1 + length
        return
      }
    }
    this.zigzag(Buffer.byteLength(text))
    this.#utf8(text)
  }

  /** Bytes behind their length. */
  sizedBytes(bytes: Uint8Array): void {
    this.zigzag(bytes.length)
    this.raw(bytes)
  }

  /** Pre-encoded bytes. */
  raw(bytes: Uint8Array): void {
    const length = bytes.length
    const pos = this.#room(length)
    const out = this.#bytes
    if (length > 32) out.set(bytes, pos)
    else for (let i = 0; i < length; i++) out[pos + i] = bytes[i]!
    this.#pos = pos + length
  }

  /** A range that a `range` primitive stored, unchanged; null for a start of -1. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    if (start < 0) return this.null()
    const length = end - start
    const pos = this.#room(length)
    copyBytes(bytes, start, end, this.#bytes, this.#view, pos)
    this.#pos = pos + length
  }

  null(): void {
    this.raw(NULL)
  }

  boolean(value: boolean): void {
    this.raw(value ? TRUE : FALSE)
  }

  /** The shortest text that reads back as the same double, -0 included. NaN and infinities make `end` answer false. */
  double(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.int(value)
    if (value !== value || value === Infinity || value === -Infinity) this.#sayable = false
    else this.#ascii(Object.is(value, -0) ? '-0' : String(value))
  }

  /** A safe integer: INT, BIGINT while it is a number, a count. No string is made. */
  int(value: number): void {
    let pos = this.#room(17)
    const out = this.#bytes
    if (value < 0) {
      out[pos++] = MINUS
      value = -value
    }
    // Integer arithmetic needs 32 bits: nine digits at a time.
    if (value >= 1e9) {
      const high = Math.floor(value / 1e9)
      pos = writeDigits(out, pos, high)
      pos = writeNine(out, pos, value - high * 1e9)
    } else pos = writeDigits(out, pos, value)
    this.#pos = pos
  }

  /** BIGINT: all digits, as a JSON number. */
  bigint(value: number | bigint): void {
    if (typeof value === 'number') this.int(value)
    else this.#ascii(value.toString())
  }

  /** DECIMAL: all digits, as a JSON number. */
  decimal(value: Decimal): void {
    this.#ascii(formatDecimal(value))
  }

  /** What `rangeDecimal` stored: the range, or the value where the range's start is -2. */
  decimalRange(bytes: Uint8Array, start: number, end: number, value: Decimal | null): void {
    if (start === -2 && value !== null) this.decimal(value)
    else this.copy(bytes, start, end)
  }

  /** TIMESTAMP: milliseconds since the epoch as a JSON string in ISO 8601, with milliseconds and Z. */
  timestamp(time: number): void {
    const pos = this.#room(26)
    this.#pos = writeIsoTimestamp(this.#bytes, pos, time)
  }

  /** DATE: days since the epoch as a JSON string. */
  date(days: number): void {
    const pos = this.#room(12)
    this.#pos = writeIsoDate(this.#bytes, pos, days)
  }

  /** TIME: milliseconds of the day as a JSON string, with milliseconds where there are any. */
  time(millis: number): void {
    const pos = this.#room(14)
    this.#pos = writeIsoTime(this.#bytes, pos, millis)
  }

  /** REAL: the shortest digits that read back as the same number of single precision. */
  real(value: number): void {
    this.double(shortestReal(value))
  }

  /** ASCII text that needs no escapes, as a JSON string: an interval, base64. */
  quoted(text: string): void {
    this.raw(QUOTES)
    this.#ascii(text)
    this.raw(QUOTES)
  }

  /** JSON: text that is JSON already. */
  json(text: string): void {
    this.#utf8(text)
  }

  /** TEXT as a JSON string. A lone surrogate, which UTF-8 can't say, is written as its escape. */
  string(text: string): void {
    const length = text.length
    // At most six bytes for each UTF-16 unit, and the quotes.
    let pos = this.#room(length * 6 + 2)
    const out = this.#bytes
    out[pos++] = QUOTE
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) return this.#wideString(text)
      if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH) pos = writeEscape(out, pos, unit)
      else out[pos++] = unit
    }
    out[pos++] = QUOTE
    this.#pos = pos
  }

  /** What `rangeText` stored: a string is copied with its escapes, an object or array becomes a string; null for -1. */
  textRange(bytes: Uint8Array, start: number, end: number): void {
    if (start < 0 || bytes[start] === QUOTE) return this.copy(bytes, start, end)
    let pos = this.#room((end - start) * 6 + 2)
    const out = this.#bytes
    out[pos++] = QUOTE
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) pos = writeEscape(out, pos, byte)
      else out[pos++] = byte
    }
    out[pos++] = QUOTE
    this.#pos = pos
  }

  /** TEXT without quotes and escapes: a Kafka key, or a sink of plain text. */
  plain(text: string): void {
    this.#utf8(text)
  }

  /** What `rangeText` stored, without quotes and escapes. */
  plainRange(bytes: Uint8Array, start: number, end: number): void {
    if (bytes[start] !== QUOTE) return this.copy(bytes, start, end)
    for (let i = start + 1; i < end - 1; i++)
      if (bytes[i] === BACKSLASH) return this.#utf8(decodeString(bytes, start, end)!)
    this.copy(bytes, start + 1, end - 1)
  }

  /** The complete records, valid until the next `begin` or `clear`. */
  take(): OutputBatch {
    return {
      bytes: this.#bytes,
      count: this.#count,
      keyStart: this.#keyStart,
      keyEnd: this.#keyEnd,
      valueStart: this.#valueStart,
      valueEnd: this.#valueEnd,
      partition: this.#partition,
      offset: this.#offset,
      timestamp: this.#timestamp,
      op: this.#op,
      headers: null,
      end: this.#pos
    }
  }

  /** As `take`, with headers: `packedOf` answers all those of a record, packed with their number. */
  takeWithHeaders(packedOf: (record: number) => Uint8Array): OutputBatch {
    const headers = new Int32Array(this.#count)
    let last: Uint8Array | null = null
    for (let i = 0; i < this.#count; i++) {
      const packed = packedOf(i)
      // Several records may have come of one.
      if (packed === last) headers[i] = headers[i - 1]!
      else {
        headers[i] = this.#pos
        this.raw(packed)
        last = packed
      }
    }
    return { ...this.take(), headers }
  }

  /** Forgets the records and keeps the memory. */
  clear(): void {
    this.#pos = 0
    this.#count = 0
  }

  #ascii(text: string): void {
    const length = text.length
    const pos = this.#room(length)
    const out = this.#bytes
    for (let i = 0; i < length; i++) out[pos + i] = text.charCodeAt(i)
    this.#pos = pos + length
  }

  /** The native encoder; for JSON text and for what is beyond ASCII. */
  #utf8(text: string): void {
    const pos = this.#room(text.length * 3)
    this.#pos = pos + encoder.encodeInto(text, this.#bytes.subarray(pos)).written
  }

  /** Text with characters beyond ASCII: JSON.stringify escapes what must be, and the native encoder does the rest. */
  #wideString(text: string): void {
    this.#utf8(JSON.stringify(text))
  }

  /** Makes room for `length` more bytes and answers where they go. */
  #room(length: number): number {
    const pos = this.#pos
    if (pos + length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#bytes.length * 2, pos + length))
      larger.set(this.#bytes.subarray(0, pos))
      this.#bytes = larger
      this.#view = viewBytes(larger)
    }
    return pos
  }

  #growRecords(): void {
    const length = this.#keyStart.length * 2
    this.#keyStart = longer(this.#keyStart, new Int32Array(length))
    this.#keyEnd = longer(this.#keyEnd, new Int32Array(length))
    this.#valueStart = longer(this.#valueStart, new Int32Array(length))
    this.#valueEnd = longer(this.#valueEnd, new Int32Array(length))
    this.#partition = longer(this.#partition, new Int32Array(length))
    this.#offset = longer(this.#offset, new Float64Array(length))
    this.#timestamp = longer(this.#timestamp, new Float64Array(length))
    this.#op = longer(this.#op, new Uint8Array(length))
  }
}

function longer<A extends Int32Array | Float64Array | Uint8Array>(from: A, to: A): A {
  to.set(from)
  return to
}

function frameOf(id: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, id >>> 24, id >>> 16, id >>> 8, id)
}
