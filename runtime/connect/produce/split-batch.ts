import type { RecordHeader } from '../../contract/index.ts'
import { readHeaders } from '../wire/read-headers.ts'
import { VarintCursor } from '../wire/walk-slowly.ts'
import { BatchWriter } from './batch-writer.ts'
import { encodeHeaders } from './record-headers.ts'

/** A record that did not arrive. */
export interface LostRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
}

/** The records of a batch, in their order. */
export function recordsOf({ records, count }: BatchWriter): readonly LostRecord[] {
  const cursor = new VarintCursor(records, 0)
  const part = (): Buffer | null => {
    const { start, end } = cursor.part(records.length)!
    return start < 0 ? null : Buffer.from(records.subarray(start, end))
  }
  return Array.from({ length: count }, () => {
    cursor.number()
    // Attributes and time.
    cursor.pos += 2
    cursor.number()
    const [key, value] = [part(), part()]
    return { key, value, headers: readHeaders(records, cursor) }
  })
}

/** Batches of the given records, each of at most `most`. */
export function batchesOf(records: readonly LostRecord[], most: number): readonly BatchWriter[] {
  const batches: BatchWriter[] = []
  records.forEach((record, i) => {
    if (i % most === 0) batches.push(new BatchWriter(Date.now()))
    addRecord(batches.at(-1)!, record)
  })
  return batches
}

export function addRecord(batch: BatchWriter, { key, value, headers }: LostRecord): void {
  const bytes = Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)])
  const keyEnd = key?.length ?? 0
  const [keyStart, valueStart] = [key === null ? -1 : 0, value === null ? -1 : keyEnd]
  batch.add(bytes, keyStart, keyEnd, valueStart, bytes.length, encodeHeaders(headers))
}
