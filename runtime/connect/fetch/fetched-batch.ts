import type { Batch, RecordError, RecordHeader } from '../../contract/index.ts'
import { TraceContextFinder } from '../../codec/index.ts'
import { readHeaders, readTraceContext } from '../wire/read-headers.ts'
import { RecordColumns } from '../wire/record-columns.ts'
import { VarintCursor } from '../wire/walk-slowly.ts'

const NO_HEADERS: readonly RecordHeader[] = []

/** The batch that fetched records are handed out as, reused: they stay where they were received. */
export class FetchedBatch implements Batch {
  columns: RecordColumns
  bytes: Uint8Array = new Uint8Array()
  readonly #context = new TraceContextFinder()
  readonly #rejected: (batch: Batch, record: number, error: RecordError) => void

  constructor(rows: number, rejected: (batch: Batch, record: number, error: RecordError) => void) {
    this.columns = new RecordColumns(rows)
    this.#rejected = rejected
  }

  /** Begins a batch of `rows` records at most. */
  clear(rows: number): void {
    if (rows > this.columns.capacity) {
      this.columns.release()
      this.columns = new RecordColumns(rows)
    }
    this.columns.clear()
  }

  get count(): number {
    return this.columns.count
  }

  get size(): number {
    return this.columns.size
  }

  get utf8(): boolean {
    return this.columns.utf8
  }

  get keyStart(): Int32Array {
    return this.columns.keyStart
  }

  get keyEnd(): Int32Array {
    return this.columns.keyEnd
  }

  get valueStart(): Int32Array {
    return this.columns.valueStart
  }

  get valueEnd(): Int32Array {
    return this.columns.valueEnd
  }

  get partition(): Int32Array {
    return this.columns.partition
  }

  get offset(): Float64Array {
    return this.columns.offset
  }

  get timestamp(): Float64Array {
    return this.columns.timestamp
  }

  /** Copies: headers outlive the batch. */
  headers(record: number): readonly RecordHeader[] {
    const start = this.columns.headers[record]!
    if (start < 0) return NO_HEADERS
    return readHeaders(this.bytes, new VarintCursor(this.bytes, start))
  }

  get hasHeaders(): boolean {
    const { count, headers } = this.columns
    for (let i = 0; i < count; i++) if (headers[i]! >= 0) return true
    return false
  }

  traceContext(record: number): Uint8Array | null {
    const start = this.columns.headers[record]!
    return start < 0 ? null : readTraceContext(this.#context, this.bytes, start)
  }

  reject(record: number, error: RecordError): void {
    this.#rejected(this, record, error)
  }

  release(): void {
    this.columns.release()
  }
}
