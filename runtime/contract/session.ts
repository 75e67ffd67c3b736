import type { Group } from './group.ts'
import type { StageDefinition } from './stage.ts'
import type { WrittenSet } from './written-set.ts'

/** As a Map, of any number of them. */
export interface KeyedGroups<G> {
  readonly size: number
  get(key: unknown): G | undefined
  set(key: unknown, group: G): void
  clear(): void
  values(): Iterable<G>
  [Symbol.iterator](): Iterator<[unknown, G]>
}

/** Rows of one partition that follow each other by less than a gap. */
export interface Session<G extends SessionGroup = SessionGroup> {
  /** Tells it from all others. */
  readonly id: number
  readonly partition: unknown
  /** The times of its first and last row, in ms. */
  first: number
  last: number
  /** By key: what a query groups by beside the session. */
  readonly groups: KeyedGroups<G>
  /** False: another session has taken its rows, or it is complete. */
  isOpen: boolean
}

/** A group of the rows of a session. */
export interface SessionGroup extends Group {
  session: Session
  /** The times of its own first and last row: those of all its groups make the session's. */
  first: number
  last: number
  /** When its last row came, counted over all rows. */
  arrival: number
  /** What was told of it at the last barrier; null where it was not told yet. */
  readonly told: readonly unknown[] | null
}

/**
 * The groups of a GROUP BY of sessions. A saved group is a tuple: the session's id, its keys without those that the session
 * gives, then first, last and arrival, then what its aggregates keep.
 */
export interface SessionDefinition<G extends SessionGroup = SessionGroup> extends StageDefinition {
  /** How many values of a saved group tell it from the others: the id and the keys. */
  readonly keys: number
  /** Rows that are closer than this are of one session, in ms. */
  readonly gap: number
  /** How far behind its end, in ms, the watermark is when a session is complete; Infinity: it never is. */
  readonly lag: number
  save(group: G): unknown[]
  /** What a group keeps that is written apart from it, always in the same order; null: nothing. */
  readonly sets: ((group: G) => readonly WrittenSet[]) | null
  load(session: Session<G>, saved: readonly unknown[]): G
  /** What tells partitions apart. */
  partitionOf(saved: readonly unknown[]): unknown
  /** What tells groups of one session apart. */
  keyOf(saved: readonly unknown[]): unknown
  /** Counts into a group what is in another. */
  merge(into: G, from: G): void
  /** Takes what a group comes to as what was told of it; null: sessions are told when they are complete. */
  readonly retell: ((group: G) => void) | null
}
