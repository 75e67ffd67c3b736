import { asciiText, RecordWriter } from '../codec/index.ts'
import type { OutputBatch, RecordError, ValueColumn } from '../contract/index.ts'
import { encodeSchema } from './arrow-schema.ts'
import { encodeColumn } from './encode-column.ts'
import { type Measure, measureOf } from './measure-value.ts'
import { BatchParts, END_OF_STREAM, writeBatch } from './write-message.ts'

/** What the rows of a record come to, in bytes: half of what brokers take by default. A row that is larger is a record by itself. */
const MOST_BYTES = 1 << 19

/** Rows that are one record. */
interface Group {
  readonly rows: number[]
  readonly op: number
  bytes: number
}

/**
 * Rows that leave as Arrow IPC streams: those that are there when they are taken become one record for each key, of one record batch. Rows
 * of one key stay in their order; the changes of a table are told apart, since each record has the header of one kind.
 */
export class ArrowWriter extends RecordWriter {
  readonly #columns: readonly ValueColumn[]
  readonly #mostRows: number
  readonly #measures: readonly Measure[]
  readonly #schema: Uint8Array
  readonly #values: unknown[][]
  readonly #sizes: number[] = []
  readonly #records = new RecordWriter()
  #size = 0
  #isGrouped = false

  constructor(columns: readonly ValueColumn[], mostRows: number) {
    super()
    this.#columns = columns
    this.#mostRows = mostRows
    this.#measures = columns.map(({ type }) => measureOf(type))
    this.#schema = encodeSchema(columns)
    this.#values = columns.map(() => [])
  }

  /** The value of a column in the row that was begun; NULL is null. To be called for each column, in their order. */
  set(column: number, value: unknown): void {
    if (column === 0) this.#size = 0
    this.#values[column]![this.count] = value
    const size = this.#measures[column]!(value)
    this.#size = size < 0 || this.#size < 0 ? -1 : this.#size + size
  }

  /** False, and the row is taken back, if Arrow can't say a value. */
  override end(): boolean {
    if (this.#size < 0) {
      this.abort()
      return false
    }
    this.#sizes[this.count] = this.#size
    return super.end()
  }

  override get size(): number {
    this.#group()
    return this.#records.size
  }

  override take(): OutputBatch {
    this.#group()
    return this.#records.take()
  }

  override takeWithHeaders(packedOf: (record: number) => Uint8Array): OutputBatch {
    this.#group()
    return this.#records.takeWithHeaders(packedOf)
  }

  override clear(): void {
    super.clear()
    this.#records.clear()
    this.#isGrouped = false
  }

  /** Makes records of the rows, once. */
  #group(): void {
    if (this.#isGrouped) return
    this.#isGrouped = true
    const rows = super.take()
    for (const group of this.#groupsOf(rows)) this.#write(rows, group)
  }

  #groupsOf({ bytes, count, keyStart, keyEnd, op }: OutputBatch): Group[] {
    const groups: Group[] = []
    const open = new Map<string, Group>()
    for (let row = 0; row < count; row++) {
      const start = keyStart[row]!
      // No key is another one than the empty one.
      const key = start < 0 ? '' : `=${asciiText(bytes, start, keyEnd[row]!)}`
      const size = this.#sizes[row]!
      let group = open.get(key)
      if (group === undefined || group.op !== op[row] || this.#isFull(group, size)) {
        group = { rows: [], op: op[row]!, bytes: 0 }
        groups.push(group)
        open.set(key, group)
      }
      group.rows.push(row)
      group.bytes += size
    }
    return groups
  }

  #isFull({ rows, bytes }: Group, size: number): boolean {
    return rows.length === this.#mostRows || bytes + size > MOST_BYTES
  }

  #write(from: OutputBatch, { rows, op }: Group): void {
    const { bytes, keyStart, keyEnd } = from
    const out = this.#records
    const first = rows[0]!
    if (op === 0) out.beginAt(...originOf(from, rows))
    else out.beginChange(String.fromCharCode(op) as 'c')
    if (keyStart[first]! >= 0) {
      out.raw(bytes.subarray(keyStart[first], keyEnd[first]))
      out.endKey()
    }
    const parts = new BatchParts()
    this.#columns.forEach(({ type }, i) => {
      const values = this.#values[i]!
      encodeColumn(
        type,
        rows.map(row => values[row]),
        parts
      )
    })
    out.raw(this.#schema)
    out.raw(writeBatch(rows.length, parts))
    out.raw(END_OF_STREAM)
    out.end()
  }
}

/** The input record that all of the rows came of; where they came of several, of none, and of the time of the first. */
function originOf(
  { partition, offset, timestamp }: OutputBatch,
  rows: readonly number[]
): [partition: number, offset: number, timestamp: number] {
  const first = rows[0]!
  const isOne = rows.every(
    row => offset[row] === offset[first] && partition[row] === partition[first]
  )
  return isOne
    ? [partition[first]!, offset[first]!, timestamp[first]!]
    : [-1, -1, timestamp[first]!]
}

/** A value that Arrow has no way to say; `site` is the place in the SQL that writes it. */
export function notInArrow(site: number): RecordError {
  const message =
    "Arrow can't say the value: a text with half of a surrogate pair, an INTERVAL beyond 292 years of time, or a DECIMAL beyond its digits"
  return { code: 'not-in-arrow', message, column: null, site }
}
