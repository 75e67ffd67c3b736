import type { Session, SessionGroup } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'

/** The sessions of each partition, in the order of time; between any two lies a gap. */
export interface SessionLists<G extends SessionGroup> {
  /** Those of a partition, to be changed in place. */
  of(partition: unknown): Session<G>[]
  /** The partition has none any more. */
  end(partition: unknown): void
  /** Sessions that nobody watches, among them those that are complete at this watermark. */
  due(watermark: number): Iterable<Session<G>>
  values(): Iterable<readonly Session<G>[]>
}

/** All in memory, where each is watched from its beginning. */
export class KeptSessions<G extends SessionGroup> implements SessionLists<G> {
  readonly #partitions = new KeyMap<unknown, Session<G>[]>()

  of(partition: unknown): Session<G>[] {
    const known = this.#partitions.get(partition)
    if (known !== undefined) return known
    const sessions: Session<G>[] = []
    this.#partitions.set(partition, sessions)
    return sessions
  }

  end(partition: unknown): void {
    this.#partitions.delete(partition)
  }

  due(): readonly never[] {
    return []
  }

  values(): Iterable<readonly Session<G>[]> {
    return this.#partitions.values()
  }
}
