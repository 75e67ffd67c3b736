import { during } from '../../observe/doing.ts'
import { walkRecords } from '../wire/walk-records.ts'
import type { FetchedBatch } from './fetched-batch.ts'
import { type BatchRun, CorruptRecords, type FetchedPart } from './fetched-part.ts'

/** Parts that were fetched and wait to be read, in the order that they came in. */
export class RecordQueue {
  #parts: FetchedPart[] = []
  /** Of the first part. */
  #batch: BatchRun | null = null
  /** Parts whose records are in the batch that was handed out last. */
  #read: FetchedPart[] = []
  readonly #corrupt: (part: FetchedPart, error: CorruptRecords) => void

  /** `corrupt` is told of a part that can't be read on. */
  constructor(corrupt: (part: FetchedPart, error: CorruptRecords) => void) {
    this.#corrupt = corrupt
  }

  get isEmpty(): boolean {
    return this.#parts.length === 0
  }

  add(part: FetchedPart): void {
    this.#parts.push(part)
  }

  /** The batch that was handed out last is not needed any more. */
  free(): void {
    for (const part of this.#read) part.release()
    this.#read = []
  }

  /** Puts records into the batch until it has `rows`, or there are no more that can stand in it. */
  async fill(batch: FetchedBatch, rows: number): Promise<void> {
    for (let part = this.#parts[0]; part !== undefined; part = this.#parts[0]) {
      if (part.isOld) {
        this.#end(part)
        continue
      }
      try {
        this.#batch ??= await part.next()
        // While the next was unpacked the partition may have gone.
        if (part.isOld) continue
        if (this.#batch === null) this.#end(part)
        else if (!this.#walk(part, this.#batch, batch, rows)) return
      } catch (error) {
        if (!(error instanceof CorruptRecords)) throw error
        this.#end(part)
        this.#corrupt(part, error)
      }
    }
  }

  /** False: nothing more fits into the batch. */
  #walk({ cursor }: FetchedPart, { run, head }: BatchRun, batch: FetchedBatch, rows: number) {
    const { columns } = batch
    const before = columns.count
    if (before >= rows || (before > 0 && batch.bytes !== run.bytes)) return false
    batch.bytes = run.bytes
    if (!during('reading', () => walkRecords(run, cursor.read, columns, rows - before)))
      throw new CorruptRecords(`a record behind offset ${cursor.read} has no sense`)
    const { count } = columns
    columns.partition.fill(cursor.partition, before, count)
    if (head.isAppendTime) columns.timestamp.fill(head.maxTime, before, count)
    if (count > before) cursor.read = cursor.handed = columns.offset[count - 1]! + 1
    if (run.left === 0) {
      cursor.read = head.lastOffset + 1
      this.#batch = null
    }
    return true
  }

  #end(part: FetchedPart): void {
    this.#parts.shift()
    this.#batch = null
    this.#read.push(part)
  }

  clear(): void {
    for (const part of this.#parts) part.release()
    this.#parts = []
    this.#batch = null
    this.free()
  }
}
