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
  /** What changed since the last call, each key once. */
  takeChanges(): StateChange[]
  /** A statement begins that may fail after its first change. */
  begin(): void
  /** The statement has ended: what it changed stays, or all is as it was before. */
  end(succeeded: boolean): void
  /** Every row as the changelog spells it. Rows may change while this goes on: each is given as it is when it is reached. */
  encoded(): Iterable<{ readonly key: Uint8Array; readonly row: Uint8Array }>
  /** A record of the changelog, in its order: how the state comes back after a restart. */
  restore(key: Uint8Array, row: Uint8Array | null): void
  /** All records have been given. */
  restored?(): void
}
