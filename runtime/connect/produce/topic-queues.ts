import type { SpareMemory } from '../spare-memory.ts'
import type { BatchWriter } from './batch-writer.ts'
import { partitionOf } from './murmur2.ts'
import { type BatchLimits, PartitionQueue } from './partition-queue.ts'
import { addRecord, batchesOf, type LostRecord, recordsOf } from './split-batch.ts'

const NO_KEY = new Uint8Array(0)

/** Keys as columns: a start of -1: null. */
export interface KeyColumns {
  readonly bytes: Uint8Array
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
}

/** All that waits to be sent to a topic, or to be acknowledged: a queue per partition, and where records go. */
export class TopicQueues {
  readonly #limits: BatchLimits
  readonly #memory: SpareMemory<Uint8Array>
  /** Whether the first batch of a queue is on its way. */
  readonly #isSending: (queue: PartitionQueue) => boolean
  readonly #queues: PartitionQueue[] = []
  #bytes = 0
  /** The partition that records without a key go to until its batch is full. */
  #sticky = 0
  /** Who sends says to which partition. */
  #isPlaced = false

  constructor(
    limits: BatchLimits,
    memory: SpareMemory<Uint8Array>,
    isSending: (queue: PartitionQueue) => boolean
  ) {
    this.#limits = limits
    this.#memory = memory
    this.#isSending = isSending
  }

  /** By partition. */
  get all(): readonly PartitionQueue[] {
    return this.#queues
  }

  get isEmpty(): boolean {
    return this.#queues.every(({ isEmpty }) => isEmpty)
  }

  /** Of records that wait. */
  get bytes(): number {
    return this.#bytes
  }

  /** The queue of a partition, which may be new. */
  of(partition: number): PartitionQueue {
    return (this.#queues[partition] ??= new PartitionQueue(partition, this.#memory))
  }

  /** Adds a record of so many bytes by `add`. `partition`: where it goes; null: where its key says. */
  add(
    { bytes, keyStart, keyEnd }: KeyColumns,
    record: number,
    size: number,
    add: (batch: BatchWriter, record: number) => void,
    partition: number | null
  ): void {
    const start = keyStart[record]!
    const at = partition ?? this.#partitionFor(bytes, start, keyEnd[record]!)
    this.#isPlaced ||= partition !== null
    const queue = this.#queues[at]!
    const batch = queue.open(size, this.#limits)
    const before = batch.size
    add(batch, record)
    this.#bytes += batch.size - before
    // A new batch: what has no key goes elsewhere from the next one on.
    if (before === 0 && start < 0) this.#sticky++
  }

  /** As `add`, of one that stood in a batch before. */
  #addAgain(record: LostRecord): void {
    const { key, value } = record
    const [bytes, start] = key === null ? [NO_KEY, -1] : [key, 0]
    const keys = { bytes, keyStart: Int32Array.of(start), keyEnd: Int32Array.of(bytes.length) }
    const size = bytes.length + (value?.length ?? 0)
    this.add(keys, 0, size, batch => addRecord(batch, record), null)
  }

  #partitionFor(bytes: Uint8Array, start: number, end: number): number {
    const { length } = this.#queues
    return start < 0 ? this.#sticky % length : partitionOf(bytes, start, end, length)
  }

  /** The first batch of a queue has arrived. */
  arrived(queue: PartitionQueue, batch: BatchWriter): void {
    this.#bytes -= batch.size
    queue.arrived()
  }

  /** Gives up all that waits. */
  clear(): void {
    for (const queue of this.#queues) this.#bytes -= queue.clear().bytes
  }

  /** Brokers count anew from now on. */
  restart(): void {
    for (const queue of this.#queues) queue.sequence = 0
  }

  /** The first batch of a queue becomes several of at most so many records: those behind wait until all have arrived. */
  split(queue: PartitionQueue, batch: BatchWriter, most: number): void {
    this.#replace(queue, batch, batchesOf(recordsOf(batch), most))
  }

  /** The first batch of a queue goes on without some of its records, which are answered. */
  leaveOut(
    queue: PartitionQueue,
    batch: BatchWriter,
    blamed: readonly number[]
  ): readonly LostRecord[] {
    const records = recordsOf(batch)
    const rest = records.filter((_, i) => !blamed.includes(i))
    this.#replace(queue, batch, rest.length === 0 ? [] : batchesOf(rest, rest.length))
    return blamed.flatMap(i => records[i] ?? [])
  }

  /** The first batch of a queue is given up: its records. */
  giveUp(queue: PartitionQueue, batch: BatchWriter): readonly LostRecord[] {
    this.#replace(queue, batch, [])
    return recordsOf(batch)
  }

  #replace(queue: PartitionQueue, batch: BatchWriter, others: readonly BatchWriter[]): void {
    this.#bytes += others.reduce((sum, { size }) => sum + size, 0) - batch.size
    queue.replaceFirst(others)
  }

  /**
   * The topic has so many partitions. One that was deleted and made anew may have fewer: what waits for those that are gone goes
   * where its keys say now. That they are gone says who leads them, too: others may only not know yet of partitions that are new.
   */
  shrink(partitions: number): void {
    const gone = this.#queues.slice(partitions)
    if (this.#isPlaced || gone.some(this.#isSending)) return
    if (gone.every(({ attempts }) => attempts === 0)) return
    this.#queues.splice(partitions)
    const records = gone.flatMap(({ batches }) => batches.flatMap(recordsOf))
    for (const queue of gone) this.#bytes -= queue.clear().bytes
    for (const record of records) this.#addAgain(record)
  }
}
