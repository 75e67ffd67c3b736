/** What librdkafka's statistics say of a partition that is consumed; offsets below 0 are not known. */
export interface PartitionStatistics {
  /** Behind the last record that was handed out. */
  readonly app_offset?: number
  /** What is fetched next. */
  readonly next_offset?: number
  /** Behind what is committed. */
  readonly ls_offset?: number
  /** What waits to be handed out, of all partitions. */
  readonly fetchq_cnt?: number
}

interface PartitionEnd {
  /** Behind the last record before the end; null: there was none. */
  readonly next: number | null
  readonly end: number
  /** How many records have been handed out when it is sure that no other stands before the end. */
  readonly handed: number
}

/**
 * Where partitions end. Behind the last record of a transaction stands a mark that is no record: only the client knows that
 * nothing is left, and says so in its statistics.
 */
export class PartitionEnds {
  readonly #ends = new Map<number, PartitionEnd>()
  #handed = 0

  /** Records have been handed out. */
  count(records: number): void {
    this.#handed += records
  }

  read(partitions: Readonly<Record<string, PartitionStatistics>>): void {
    for (const [partition, statistics] of Object.entries(partitions)) {
      const { app_offset: next = -1, next_offset: end = -1, ls_offset: last = -1 } = statistics
      const waiting = statistics.fetchq_cnt ?? 0
      if (last < 0 || end < last) this.#ends.delete(Number(partition))
      else {
        const handed = this.#handed + waiting
        this.#ends.set(Number(partition), { next: next < 0 ? null : next, end, handed })
      }
    }
  }

  /** Where a partition goes on that is consumed up to `next`. */
  after(partition: number, next: number): number {
    const found = this.#ends.get(partition)
    if (found === undefined || this.#handed < found.handed) return next
    return found.next === null || found.next === next ? Math.max(found.end, next) : next
  }

  /** The partition begins anew, somewhere else. */
  forget(partition: number): void {
    this.#ends.delete(partition)
  }
}
