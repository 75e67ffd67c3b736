import type { Batch, RecordError } from '../contract/index.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import type { ArrowColumn } from './arrow-column.ts'
import { ArrowFault, WrongType } from './arrow-fault.ts'
import type { ArrowVector } from './arrow-vector.ts'
import { type ReadContext, readContext } from './read-context.ts'
import {
  findBatches,
  type FoundBatch,
  NotLoaded,
  orMalformed,
  SchemaReader
} from './record-batches.ts'
import { RowBatch } from './row-batch.ts'
import { sliceRow } from './slice-row.ts'
import { Unpackers } from './unpack-buffer.ts'

/** So many rows are worked on at once, and those of the record that has the last of them. */
const FULL = 8192

/** Reads records whose values are Arrow IPC streams or files: each row of their record batches is an event. */
export class ArrowRows {
  readonly #columns: readonly ArrowColumn<unknown>[]
  readonly #unit: TimestampUnit
  readonly #schemas = new SchemaReader()
  readonly #unpackers = new Unpackers()
  readonly #rows = new RowBatch()
  /** What is wrong with rows that can't be used. */
  readonly #errors = new Map<number, RecordError>()

  constructor(columns: readonly ArrowColumn<unknown>[], unit: TimestampUnit) {
    this.#columns = columns
    this.#unit = unit
  }

  /** The rows of a batch of records, as batches of which each record is a row. Each is the caller's until it asks for the next. */
  async *read(batch: Batch): AsyncGenerator<Batch> {
    this.#begin(batch)
    for (let record = 0; record < batch.count; record++) {
      try {
        this.#add(batch, record)
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error
        await this.#unpackers.load()
        this.#add(batch, record)
      }
      if (this.#rows.count < FULL && record < batch.count - 1) continue
      yield this.#rows
      this.#begin(batch)
    }
  }

  /** True: the row can't be used, and its record was told so. */
  refuses(row: number): boolean {
    if (this.#errors.size === 0) return false
    const error = this.#errors.get(row)
    if (error === undefined) return false
    this.#rows.reject(row, error)
    return true
  }

  #begin(batch: Batch): void {
    this.#rows.begin(batch)
    this.#errors.clear()
  }

  #add(batch: Batch, record: number): void {
    const first = this.#rows.count
    try {
      for (const found of this.#find(batch, record)) this.#addRows(record, found)
    } catch (error) {
      this.#rows.truncate(first)
      for (const row of this.#errors.keys()) if (row >= first) this.#errors.delete(row)
      if (error instanceof NotLoaded) throw error
      if (!(error instanceof ArrowFault || error instanceof ColumnFault)) throw error
      // Rows before it come first, as do their letters: it stands among them as a row without values.
      this.#errors.set(this.#rows.addRecord(record), toRecordError(error))
    }
  }

  #find({ bytes, valueStart, valueEnd }: Batch, record: number): FoundBatch[] {
    const start = valueStart[record]!
    const end = valueEnd[record]!
    if (start < 0) throw new ArrowFault('null-value', 'the record has no value')
    if (start === end) throw new ArrowFault('empty-value', 'the value is empty')
    return findBatches(bytes, start, end, this.#schemas, this.#unpackers)
  }

  #addRows(record: number, found: FoundBatch): void {
    if (found.rows === 0) return
    const first = this.#rows.count
    const cx = readContext(this.#unit)
    orMalformed(() => this.#readColumns(found, first, cx))
    this.#checkNotNull(first, found.rows)
    this.#rows.add(record, found.rows, row => sliceRow(found, row))
  }

  /** In the order of the record's fields: the first that does not fit is what is told of a row. */
  #readColumns(found: FoundBatch, first: number, cx: ReadContext): void {
    const { fields, rows } = found
    const vectors = this.#readVectors(found)
    const refuse = (row: number, error: RecordError): void => {
      if (!this.#errors.has(row)) this.#errors.set(row, error)
    }
    const placed = this.#columns.map(column => ({ column, at: column.fieldIn(fields) }))
    const inOrder = placed.toSorted((a, b) => placeOf(a.at) - placeOf(b.at))
    for (const { column, at } of inOrder) {
      try {
        column.read(vectors.get(at) ?? null, first, rows, cx, refuse)
      } catch (error) {
        throw error instanceof WrongType ? new ColumnFault(column.errorOf(error)) : error
      }
    }
  }

  /** Those of fields that a column reads. */
  #readVectors({ fields, rows, open }: FoundBatch): Map<number, ArrowVector> {
    const needed = new Set(this.#columns.map(column => column.fieldIn(fields)))
    const vectors = new Map<number, ArrowVector>()
    const reader = open()
    for (const [i, field] of fields.entries()) {
      if (!needed.has(i)) reader.skip(field)
      else {
        const vector = reader.read(field)
        if (vector.length !== rows) throw new RangeError('a column of another length')
        vectors.set(i, vector)
      }
    }
    return vectors
  }

  #checkNotNull(first: number, rows: number): void {
    for (const column of this.#columns) {
      if (!column.definition.notNull) continue
      const { values } = column
      for (let row = first; row < first + rows; row++) {
        if (values[row] === null && !this.#errors.has(row)) this.#errors.set(row, column.missing())
      }
    }
  }
}

/** A column that no row of the record has a value for. */
class ColumnFault extends Error {
  readonly error: RecordError

  constructor(error: RecordError) {
    super(error.message)
    this.error = error
  }
}

function toRecordError(fault: ArrowFault | ColumnFault): RecordError {
  if (fault instanceof ColumnFault) return fault.error
  return { code: fault.code, message: fault.message, column: null, site: -1 }
}

/** A field that is missing comes behind all others. */
function placeOf(field: number): number {
  return field < 0 ? Infinity : field
}
