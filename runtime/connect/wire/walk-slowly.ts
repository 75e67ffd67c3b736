import { isUtf8 } from 'node:buffer'
import type { RecordColumns } from './record-columns.ts'
import type { RecordRun } from './record-run.ts'

/** As `walkRecords`, for bytes outside of the arena. */
export function walkSlowly(
  run: RecordRun,
  from: number,
  columns: RecordColumns,
  rows: number
): boolean {
  const cursor = new VarintCursor(run.bytes, run.pos)
  for (const last = columns.count + rows; run.left > 0 && columns.count < last; run.left--) {
    const record = cursor.part(run.end)
    if (record === undefined || record.start < 0) return false
    const after = record.end
    // The attributes: none are in use.
    cursor.pos = record.start + 1
    const timestamp = run.baseTime + cursor.number()
    const offset = run.baseOffset + cursor.number()
    const key = cursor.part(after)
    const value = key === undefined ? undefined : cursor.part(after)
    if (key === undefined || value === undefined || cursor.pos >= after) return false
    if (offset >= from) add(columns, run.bytes, { offset, timestamp, key, value })
    cursor.pos = after
  }
  run.pos = cursor.pos
  return true
}

interface Part {
  readonly start: number
  readonly end: number
}

interface WalkedRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: Part
  readonly value: Part
}

function add(columns: RecordColumns, bytes: Uint8Array, record: WalkedRecord): void {
  const { key, value } = record
  const row = columns.count++
  columns.offset[row] = record.offset
  columns.timestamp[row] = record.timestamp
  columns.keyStart[row] = key.start
  columns.keyEnd[row] = key.end
  columns.valueStart[row] = value.start
  columns.valueEnd[row] = value.end
  columns.headers[row] = bytes[value.end] === 0 ? -1 : value.end
  if (key.start >= 0) columns.size += key.end - key.start
  if (value.start < 0) return
  columns.size += value.end - value.start
  columns.utf8 &&= isUtf8(bytes.subarray(value.start, value.end))
}

/** Reads zigzag varints: https://kafka.apache.org/documentation/#recordheader has the encoding. */
export class VarintCursor {
  readonly #bytes: Uint8Array
  pos: number

  constructor(bytes: Uint8Array, pos: number) {
    this.#bytes = bytes
    this.pos = pos
  }

  /** Exact below 2^53. */
  number(): number {
    let value = 0n
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.#bytes[this.pos++] ?? 0
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    value = BigInt.asUintN(64, value)
    return Number((value >> 1n) ^ -(value & 1n))
  }

  /** Bytes with their length before them, passed by; a start of -1: null. Undefined: they do not end before `end`. */
  part(end: number): Part | undefined {
    const length = this.number()
    if (length < 0) return { start: -1, end: this.pos }
    if (length > end - this.pos) return undefined
    const start = this.pos
    this.pos += length
    return { start, end: this.pos }
  }
}
