import { isUtf8 } from 'node:buffer'
import { allocateBytes, type ByteRegion, releaseBytes } from '../codec/arena.ts'
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
  #headersOf: (record: number) => readonly RecordHeader[] = () => []
  readonly #rejected: (batch: Batch, record: number, error: RecordError) => void

  constructor(rejected: (batch: Batch, record: number, error: RecordError) => void) {
    this.#rejected = rejected
  }

  get bytes(): Uint8Array {
    return this.#region.bytes
  }

  /** Replaces the batch's records; `headersOf` is asked only for records that go to the dead letters. */
  fill(
    records: readonly ReceivedRecord[],
    headersOf: (record: number) => readonly RecordHeader[]
  ): void {
    this.#headersOf = headersOf
    this.#makeRoom(records)
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

  headers(record: number): readonly RecordHeader[] {
    return this.#headersOf(record)
  }

  reject(record: number, error: RecordError): void {
    this.#rejected(this, record, error)
  }

  /** Gives the bytes back; the batch is not to be used again. */
  release(): void {
    releaseBytes(this.#region)
  }

  #makeRoom(records: readonly ReceivedRecord[]): void {
    let size = 0
    for (const { key, value } of records) size += (value?.length ?? 0) + (key?.length ?? 0)
    if (size > this.#region.end - this.#region.start) {
      releaseBytes(this.#region)
      this.#region = allocateBytes(size * 2)
    }
    if (records.length > this.keyStart.length) this.#growRecords(records.length * 2)
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
