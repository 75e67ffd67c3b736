import type { Batch } from '../../contract/index.ts'

/** What librdkafka's statistics say of a partition that is consumed; offsets below 0 are not known. */
export interface PartitionStatistics {
  /** Behind what was handed out, marks of transactions included. */
  readonly app_offset?: number
  /** What is fetched next. */
  readonly next_offset?: number
  /** Behind what is committed. */
  readonly ls_offset?: number
  /** What waits to be handed out, of all partitions. */
  readonly fetchq_cnt?: number
  /** `none`: nothing is asked for, as the client does not know where to go on. */
  readonly fetch_state?: string
}

/**
 * Where partitions end. Behind the last record of a transaction stands a mark that is no record: only the client knows that
 * nothing is left, and says so in its statistics.
 */
export class PartitionEnds {
  /** Behind the last record that was handed out. */
  readonly #handed = new Map<number, number>()
  readonly #ends = new Map<number, number>()

  hand({ count, partition, offset }: Batch): void {
    for (let i = 0; i < count; i++) {
      if (i + 1 < count && partition[i] === partition[i + 1]) continue
      this.#handed.set(partition[i]!, offset[i]! + 1)
    }
  }

  read(partitions: Readonly<Record<string, PartitionStatistics>>): void {
    for (const [name, statistics] of Object.entries(partitions)) {
      const partition = Number(name)
      const { app_offset: app = -1, next_offset: next = -1, ls_offset: last = -1 } = statistics
      const isNew = !this.#handed.has(partition) && statistics.fetchq_cnt === 0
      const end = isNew ? Math.max(app, next) : app
      if (last >= 0 && end >= last) this.#ends.set(partition, end)
      else this.#ends.delete(partition)
    }
  }

  /** Where a partition goes on that is consumed up to `next`. */
  after(partition: number, next: number): number {
    const isAll = (this.#handed.get(partition) ?? next) === next
    return isAll ? Math.max(this.#ends.get(partition) ?? next, next) : next
  }

  /** Behind the last record that was handed out; null: none was. */
  handed(partition: number): number | null {
    return this.#handed.get(partition) ?? null
  }

  /** The partition begins anew, somewhere else. */
  forget(partition: number): void {
    this.#handed.delete(partition)
    this.#ends.delete(partition)
  }
}
