import type { Batch, RecordError, RecordHeader } from '../contract/index.ts'

const FIRST_ROWS = 1024

/** Rows that came in one record together. */
interface Run {
  readonly first: number
  /** The record's value with this row of the run only. */
  readonly slice: ((row: number) => Uint8Array | null) | null
}

/** A batch whose records are the rows of records: each has the key, the place and the headers of its own. */
export class RowBatch implements Batch {
  count = 0
  keyStart = new Int32Array(FIRST_ROWS)
  keyEnd = new Int32Array(FIRST_ROWS)
  valueStart = new Int32Array(FIRST_ROWS)
  valueEnd = new Int32Array(FIRST_ROWS)
  partition = new Int32Array(FIRST_ROWS)
  offset = new Float64Array(FIRST_ROWS)
  timestamp = new Float64Array(FIRST_ROWS)
  #record = new Int32Array(FIRST_ROWS)
  #records!: Batch
  readonly #runs: Run[] = []

  /** Forgets its rows; those that come are of records of `batch`. */
  begin(batch: Batch): void {
    this.#records = batch
    this.#runs.length = 0
    this.count = 0
  }

  /** Rows of a record. */
  add(record: number, rows: number, slice: Run['slice']): void {
    const first = this.count
    const end = first + rows
    if (end > this.#record.length) this.#grow(Math.max(end, this.#record.length * 2))
    const { keyStart, keyEnd, valueStart, valueEnd, partition, offset, timestamp } = this.#records
    this.keyStart.fill(keyStart[record]!, first, end)
    this.keyEnd.fill(keyEnd[record]!, first, end)
    this.valueStart.fill(valueStart[record]!, first, end)
    this.valueEnd.fill(valueEnd[record]!, first, end)
    this.partition.fill(partition[record]!, first, end)
    this.offset.fill(offset[record]!, first, end)
    this.timestamp.fill(timestamp[record]!, first, end)
    this.#record.fill(record, first, end)
    this.#runs.push({ first, slice })
    this.count = end
  }

  /** A row that stands for a record as a whole: answers its number. */
  addRecord(record: number): number {
    this.add(record, 1, null)
    return this.count - 1
  }

  /** Forgets the rows from `count` on. */
  truncate(count: number): void {
    while ((this.#runs.at(-1)?.first ?? -1) >= count) this.#runs.pop()
    this.count = count
  }

  get bytes(): Uint8Array {
    return this.#records.bytes
  }

  get size(): number {
    return this.#records.size
  }

  get utf8(): boolean {
    return this.#records.utf8
  }

  get hasHeaders(): boolean {
    return this.#records.hasHeaders
  }

  headers(row: number): readonly RecordHeader[] {
    return this.#records.headers(this.#record[row]!)
  }

  traceContext(row: number): Uint8Array | null {
    return this.#records.traceContext(this.#record[row]!)
  }

  /** What is handed over is the row, as a value of its own: the others of its record are used. */
  reject(row: number, error: RecordError): void {
    const { first, slice } = this.#runs.findLast(run => run.first <= row)!
    const value = slice?.(row - first) ?? null
    this.#records.reject(this.#record[row]!, value === null ? error : { ...error, value })
  }

  #grow(rows: number): void {
    this.keyStart = longer(this.keyStart, new Int32Array(rows))
    this.keyEnd = longer(this.keyEnd, new Int32Array(rows))
    this.valueStart = longer(this.valueStart, new Int32Array(rows))
    this.valueEnd = longer(this.valueEnd, new Int32Array(rows))
    this.partition = longer(this.partition, new Int32Array(rows))
    this.offset = longer(this.offset, new Float64Array(rows))
    this.timestamp = longer(this.timestamp, new Float64Array(rows))
    this.#record = longer(this.#record, new Int32Array(rows))
  }
}

function longer<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from)
  return to
}
