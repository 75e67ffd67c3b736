import { isUtf8 } from 'node:buffer'
import { allocateBytes, type ByteRegion, releaseBytes } from '../codec/arena.ts'
import { contextAmong, packedContext, TraceContextFinder, unpackHeaders } from '../codec/index.ts'
import type { Batch, RecordError, RecordHeader } from '../contract/index.ts'

const FIRST_BYTES = 1 << 20
const FIRST_RECORDS = 1024

/** A record as a client hands it over. */
export interface ReceivedRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly partition: number
  readonly offset: number
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

/** Records as a client hands them over together: places count from the first of all values, behind which are all keys. */
export interface ReceivedColumns {
  readonly bytes: Uint8Array
  readonly count: number
  readonly valueBytes: number
  readonly keyBytes: number
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  readonly partition: Int32Array
  readonly offset: Float64Array
  readonly timestamp: Float64Array
  /** Where each record's headers are, packed: see codec/packed-headers.ts; -1: it has none. */
  readonly headers: Int32Array
}

/** Those of a batch's records. */
interface Headers {
  hasSome(): boolean
  of(record: number): readonly RecordHeader[]
  context(record: number, finder: TraceContextFinder): Uint8Array | null
}

const NO_HEADERS: Headers = { hasSome: () => false, of: () => [], context: () => null }

/**
 * The batch that a source's records are copied into, reused from poll to poll: values back to back, then keys, so that one
 * native check says whether all values are UTF-8.
 */
export class BatchBuffer implements Batch {
  count = 0
  /** Bytes of all keys and values. */
  size = 0
  utf8 = true
  keyStart = new Int32Array(FIRST_RECORDS)
  keyEnd = new Int32Array(FIRST_RECORDS)
  valueStart = new Int32Array(FIRST_RECORDS)
  valueEnd = new Int32Array(FIRST_RECORDS)
  partition = new Int32Array(FIRST_RECORDS)
  offset = new Float64Array(FIRST_RECORDS)
  timestamp = new Float64Array(FIRST_RECORDS)
  #region: ByteRegion = allocateBytes(FIRST_BYTES)
  #headers: Headers = NO_HEADERS
  readonly #context = new TraceContextFinder()
  readonly #rejected: (batch: Batch, record: number, error: RecordError) => void

  constructor(rejected: (batch: Batch, record: number, error: RecordError) => void) {
    this.#rejected = rejected
  }

  get bytes(): Uint8Array {
    return this.#region.bytes
  }

  /** Replaces the batch's records. */
  fill(
    records: readonly ReceivedRecord[],
    headersOf: (record: number) => readonly RecordHeader[]
  ): void {
    this.#headers = {
      hasSome: () => records.some((_, record) => headersOf(record).length > 0),
      of: headersOf,
      context: (record, finder) => contextAmong(finder, headersOf(record))
    }
    let size = 0
    for (const { key, value } of records) size += (value?.length ?? 0) + (key?.length ?? 0)
    this.#makeRoom(records.length, size)
    const { bytes, start } = this.#region
    let pos = start
    for (let i = 0; i < records.length; i++) {
      const { value, partition, offset, timestamp } = records[i]!
      this.partition[i] = partition
      this.offset[i] = offset
      this.timestamp[i] = timestamp
      this.valueStart[i] = value === null ? -1 : pos
      if (value !== null) {
        bytes.set(value, pos)
        pos += value.length
      }
      this.valueEnd[i] = pos
    }
    this.utf8 = isUtf8(bytes.subarray(start, pos))
    for (let i = 0; i < records.length; i++) {
      const { key } = records[i]!
      this.keyStart[i] = key === null ? -1 : pos
      if (key !== null) {
        bytes.set(key, pos)
        pos += key.length
      }
      this.keyEnd[i] = pos
    }
    this.count = records.length
    this.size = pos - start
  }

  /** As `fill`, of records that are columns already. */
  fillColumns(parts: readonly ReceivedColumns[]): void {
    const count = parts.reduce((sum, part) => sum + part.count, 0)
    const valueBytes = parts.reduce((sum, part) => sum + part.valueBytes, 0)
    this.size = parts.reduce((sum, part) => sum + part.keyBytes, valueBytes)
    this.#makeRoom(count, this.size)
    const { bytes, start } = this.#region
    let first = 0
    let values = start
    let keys = start + valueBytes
    for (const part of parts) {
      const { valueBytes: behind, keyBytes } = part
      bytes.set(part.bytes.subarray(0, behind), values)
      bytes.set(part.bytes.subarray(behind, behind + keyBytes), keys)
      this.partition.set(part.partition, first)
      this.offset.set(part.offset, first)
      this.timestamp.set(part.timestamp, first)
      move(part.valueStart, values, this.valueStart, first)
      move(part.valueEnd, values, this.valueEnd, first)
      move(part.keyStart, keys - behind, this.keyStart, first)
      move(part.keyEnd, keys - behind, this.keyEnd, first)
      first += part.count
      values += behind
      keys += keyBytes
    }
    this.utf8 = isUtf8(bytes.subarray(start, start + valueBytes))
    this.count = count
    this.#headers = packedIn(parts)
  }

  headers(record: number): readonly RecordHeader[] {
    return this.#headers.of(record)
  }

  get hasHeaders(): boolean {
    return this.#headers.hasSome()
  }

  traceContext(record: number): Uint8Array | null {
    return this.#headers.context(record, this.#context)
  }

  reject(record: number, error: RecordError): void {
    this.#rejected(this, record, error)
  }

  /** Gives the bytes back; the batch is not to be used again. */
  release(): void {
    releaseBytes(this.#region)
  }

  #makeRoom(records: number, size: number): void {
    if (size > this.#region.end - this.#region.start) {
      releaseBytes(this.#region)
      this.#region = allocateBytes(size * 2)
    }
    if (records > this.keyStart.length) this.#growRecords(records * 2)
  }

  #growRecords(length: number): void {
    this.keyStart = new Int32Array(length)
    this.keyEnd = new Int32Array(length)
    this.valueStart = new Int32Array(length)
    this.valueEnd = new Int32Array(length)
    this.partition = new Int32Array(length)
    this.offset = new Float64Array(length)
    this.timestamp = new Float64Array(length)
  }
}

/** Places, moved on by `by`; -1 stays. */
function move(from: Int32Array, by: number, to: Int32Array, at: number): void {
  for (let i = 0; i < from.length; i++) to[at + i] = from[i]! < 0 ? -1 : from[i]! + by
}

function packedIn(parts: readonly ReceivedColumns[]): Headers {
  const find = <T>(record: number, read: (bytes: Uint8Array, start: number) => T): T => {
    let [at, own] = [0, record]
    while (own >= parts[at]!.count) own -= parts[at++]!.count
    const { bytes, headers } = parts[at]!
    return read(bytes, headers[own]!)
  }
  return {
    hasSome: () =>
      parts.some(({ headers, count }) => headers.some((start, i) => i < count && start >= 0)),
    of: record => find(record, unpackHeaders),
    context: (record, finder) => find(record, (bytes, start) => packedContext(finder, bytes, start))
  }
}
