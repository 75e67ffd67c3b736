import type { TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { type Queue, type Timed, TimeQueue } from '../time/time-queue.ts'
import type { OverPartition, OverRow } from './over-partition.ts'

/** When somebody looks at a partition. */
export interface Look<Row extends TableRow> extends Timed {
  readonly partition: OverPartition<Row>
}

/** Partitions by their key, and the rows that wait. */
export interface OverRows<Row extends TableRow> {
  readonly size: number
  /** Rows whose time has not come. Some may be complete. */
  readonly waiting: Queue<OverRow<Row>>
  /** When a row may be told that also waits for time behind its own. Its partition may be gone: then it has no rows. */
  readonly later: Queue<Look<Row>>
  /** When time may have passed the frames of a partition's last row. It may be gone. */
  readonly done: Queue<Look<Row>>
  partition(key: unknown): OverPartition<Row> | undefined
  open(partition: OverPartition<Row>): void
  close(partition: OverPartition<Row>): void
  came(row: OverRow<Row>): void
  left(row: OverRow<Row>): void
  /** It is another one than at the last commit. */
  touch(partition: OverPartition<Row>): void
  /** A row has come into it, at this processing time. */
  use(partition: OverPartition<Row>, elapsed: number): void
  /** All partitions. */
  readonly partitions: Iterable<OverPartition<Row>>
  /** Partitions that no row came into for so many ms, the one that has waited longest first. */
  idle(elapsed: number, ttl: number): Iterable<OverPartition<Row>>
}

/** When a row came into a partition before a restart nobody knows: it counts from then. */
const RESTORED = -1

/** All in memory. */
export class OverMemory<Row extends TableRow> implements OverRows<Row> {
  readonly waiting = new TimeQueue<OverRow<Row>>()
  readonly later = new TimeQueue<Look<Row>>()
  readonly done = new TimeQueue<Look<Row>>()
  readonly #partitions = new KeyMap<unknown, OverPartition<Row>>()
  readonly #rows = new KeyMap<number, OverRow<Row>>()
  readonly #used = new KeyMap<OverPartition<Row>, number>()

  get size(): number {
    return this.#rows.size + this.#partitions.size
  }

  get rows(): Iterable<OverRow<Row>> {
    return this.#rows.values()
  }

  get partitions(): Iterable<OverPartition<Row>> {
    return this.#partitions.values()
  }

  partition(key: unknown): OverPartition<Row> | undefined {
    return this.#partitions.get(key)
  }

  open(partition: OverPartition<Row>): void {
    this.#partitions.set(partition.key, partition)
  }

  close(partition: OverPartition<Row>): void {
    this.#partitions.delete(partition.key)
    this.#used.delete(partition)
  }

  came(row: OverRow<Row>): void {
    this.#rows.set(row.number, row)
  }

  left({ number }: OverRow<Row>): void {
    this.#rows.delete(number)
  }

  touch(): void {}

  use(partition: OverPartition<Row>, elapsed: number): void {
    this.#used.delete(partition)
    this.#used.set(partition, elapsed)
  }

  /** A restart has found it. */
  restored(partition: OverPartition<Row>): void {
    this.#used.set(partition, RESTORED)
  }

  *idle(elapsed: number, ttl: number): Generator<OverPartition<Row>> {
    for (const [partition, since] of this.#used) {
      if (since === RESTORED) this.#used.set(partition, elapsed)
      else if (since + ttl > elapsed) break
      else yield partition
    }
  }
}
