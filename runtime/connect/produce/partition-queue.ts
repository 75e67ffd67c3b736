import type { SpareMemory } from '../spare-memory.ts'
import { BatchWriter } from './batch-writer.ts'

export interface BatchLimits {
  /** Of the records of a batch, unpacked. One record may be larger, alone. */
  readonly bytes: number
  readonly records: number
  /** How long a batch that is not full waits behind what was sent before it, in ms. */
  readonly linger: number
}

/** Batches for one partition, in the order that they are sent in: one at a time, so that none overtakes another. */
export class PartitionQueue {
  readonly partition: number
  /** The number of the next record, as the broker counts. */
  sequence = 0
  /** The node of the broker that leads it; -1: not known. */
  leader = -1
  /** How often the first batch was sent in vain. */
  attempts = 0
  /** Since when brokers say that its topic is not there, as `performance.now` counts; null: they say something else. */
  missingSince: number | null = null
  /** Not to be sent before. */
  notBefore = 0
  #batches: BatchWriter[] = []
  readonly #memory: SpareMemory<Uint8Array>

  /** `memory`: of batches that have arrived, here or in other queues. */
  constructor(partition: number, memory: SpareMemory<Uint8Array>) {
    this.partition = partition
    this.#memory = memory
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0
  }

  /** The batch that takes another record of so many bytes. */
  open(size: number, limits: BatchLimits): BatchWriter {
    const last = this.#batches.at(-1)
    // What was sent stays as it is: the broker answers for what it got, and knows it by the number of its records.
    const isFree = last !== undefined && !last.isSealed
    if (isFree && last.count < limits.records && last.size + size <= limits.bytes) return last
    const opened = new BatchWriter(Date.now(), this.#memory.take())
    this.#batches.push(opened)
    return opened
  }

  get batches(): readonly BatchWriter[] {
    return this.#batches
  }

  get first(): BatchWriter | null {
    return this.#batches[0] ?? null
  }

  /** When the first batch is to be sent; null: there is none. `sent`: when its broker was sent something before. */
  dueAt({ linger }: BatchLimits, isFlushing: boolean, sent: number): number | null {
    if (this.isEmpty) return null
    const isFull = this.#batches.length > 1 || this.attempts > 0
    return Math.max(this.notBefore, isFull || isFlushing ? 0 : sent + linger)
  }

  /** The first batch has arrived. */
  arrived(): void {
    if (this.first !== null) this.#memory.give(this.first.memory)
    this.replaceFirst()
  }

  /** The first batch is done with: others stand in its place. */
  replaceFirst(others: readonly BatchWriter[] = []): void {
    this.#batches.splice(0, 1, ...others)
    this.attempts = 0
    this.missingSince = null
    this.notBefore = 0
  }

  /** Answers how many bytes and records are given up. */
  clear(): { readonly bytes: number; readonly records: number } {
    const batches = this.#batches
    this.#batches = []
    this.replaceFirst()
    return {
      bytes: batches.reduce((sum, { size }) => sum + size, 0),
      records: batches.reduce((sum, { count }) => sum + count, 0)
    }
  }
}
