import type { FetchPartition, FetchRequest } from '../wire/fetch.ts'
import type { PartitionCursor } from './partition-cursor.ts'

const MOST = 0x7fffffff

/**
 * What one broker knows of what is fetched from it, so that a request names only what has changed, and an answer only what there is:
 * KIP-227.
 */
export class FetchSession {
  #id = 0
  #epoch = 0
  /** What it was asked for last, and for whom. */
  readonly #sent = new Map<
    number,
    { readonly cursor: PartitionCursor; readonly asked: FetchPartition }
  >()

  /** The next request's part of it, for these partitions. */
  next(
    cursors: readonly PartitionCursor[]
  ): Pick<FetchRequest, 'session' | 'sessionEpoch' | 'partitions' | 'forgotten'> {
    // Brokers answer for what has changed since they answered last: who begins anew would not be told how a partition stands.
    if (cursors.some(cursor => (this.#sent.get(cursor.partition)?.cursor ?? cursor) !== cursor))
      this.reset()
    const changed = cursors
      .map(cursor => ({ cursor, asked: askFor(cursor) }))
      .filter(({ asked }) => !isSame(asked, this.#sent.get(asked.partition)?.asked))
    for (const one of changed) this.#sent.set(one.asked.partition, one)
    const wanted = new Set(cursors.map(({ partition }) => partition))
    const forgotten = [...this.#sent.keys()].filter(partition => !wanted.has(partition))
    for (const partition of forgotten) this.#sent.delete(partition)
    const partitions = changed.map(({ asked }) => asked)
    return { session: this.#id, sessionEpoch: this.#epoch, partitions, forgotten }
  }

  /** The broker has answered, and says which session it was. */
  answered(id: number): void {
    // A broker that keeps no session for us is told all each time.
    if (id === 0) return this.reset()
    this.#id = id
    this.#epoch = this.#epoch === MOST ? 1 : this.#epoch + 1
  }

  /** The broker knows nothing any more. */
  reset(): void {
    this.#id = 0
    this.#epoch = 0
    this.#sent.clear()
  }
}

function askFor(cursor: PartitionCursor): FetchPartition {
  const { partition, leaderEpoch, fetched, lastEpoch } = cursor
  return { partition, leaderEpoch, offset: fetched, lastEpoch }
}

function isSame(one: FetchPartition, other: FetchPartition | undefined): boolean {
  return (
    one.offset === other?.offset &&
    one.leaderEpoch === other.leaderEpoch &&
    one.lastEpoch === other.lastEpoch
  )
}
