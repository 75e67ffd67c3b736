import type { StateStore } from './store.ts'
import type { TableRow } from './table.ts'

/** A change that is not in its changelog yet. `row` is null where it was deleted. */
export interface StateChange {
  /** The table's name, or the groups'. */
  readonly table: string
  readonly key: Uint8Array
  readonly row: Uint8Array | null
}

/** State by key that has a changelog of its own: a table, or the groups of a GROUP BY. */
export interface KeyedState {
  readonly name: string
  /** Tells layouts apart: what one wrote, another can't read. */
  readonly fingerprint: string
  readonly size: number
  /** What changed since the last call, each key once. Who can stops near `limit` of them; fewer say that none is left. */
  takeChanges(limit?: number): StateChange[]
  /** A statement begins that may fail after its first change. */
  begin(): void
  /** The statement has ended: what it changed stays, or all is as it was before. */
  end(succeeded: boolean): void
  /** Every row as the changelog spells it, of a state that is in memory. Rows may change while this goes on: each is given as it is when it is reached. */
  encoded(): Iterable<{ readonly key: Uint8Array; readonly row: Uint8Array }>
  /** A record of the changelog, in its order: how the state comes back after a restart. */
  restore(key: Uint8Array, row: Uint8Array | null): void
  /** Rows that a checkpoint has, where the state needs no more than they hold; null or absent: it needs their keys too. */
  readonly restoreRows?: ((rows: readonly TableRow[]) => void) | null
  /** All records have been given. */
  restored?(): void
  /** The watermarks up to which time has closed it, where its rows don't tell; absent: they do, or time closes nothing. */
  readonly reached?: readonly number[]
  /** They were so at the last commit: what it has told is not told again, whatever is waited for now. */
  reach?(marks: readonly number[]): void
  /** How it does without holding all of its rows in memory; null or absent: it can't. */
  readonly spill?: Spill | null
}

/**
 * A state whose rows are in a store, and in memory those that are in use. What changes is in memory until it is committed; the store
 * has what was committed, and nothing else.
 */
export interface Spill {
  /** From now on. The state has nothing yet but what is in the store. */
  into(store: StateStore): void
  /** How many rows have changed that the changelog has not got yet. */
  unsaved(): number
  /** A record of the changelog that is committed goes into the store, in the order of the changelog. */
  put(key: Uint8Array, row: Uint8Array | null): void
  /** All that has changed is in the store. */
  settled(): void
  /** Forgets rows beyond so many that are in the store and were not asked for lately. Nobody may hold one. */
  trim(rows: number): void
}
