import type { Group, StateChange } from '../contract/index.ts'
import { encodeRow } from './state-codec.ts'

/** How groups are written to their changelog. */
export interface SavedGroups<G extends Group> {
  readonly name: string
  /** How many values of a saved group tell it from the others. */
  readonly keys: number
  save(group: G): readonly unknown[]
}

/**
 * What changed of groups since the last commit: a group that changes often is written once per barrier; one that came and
 * went between two barriers is not written at all.
 */
export class GroupChanges<G extends Group> {
  readonly #groups: SavedGroups<G>
  readonly #touched = new Set<G>()
  /** Keys of stored groups that left, as the changelog spells them. */
  #left: Uint8Array[] = []

  constructor(groups: SavedGroups<G>) {
    this.#groups = groups
  }

  touch(group: G): void {
    if (group.touched) return
    group.touched = true
    this.#touched.add(group)
  }

  /** The groups that changed, in the order of their first change. */
  changed(): Iterable<G> {
    return this.#touched
  }

  /** The group is gone, or goes on under another key; to be called while it still has its own. */
  leave(group: G): void {
    if (group.stored) this.#left.push(this.#keyBytes(this.#groups.save(group)))
    group.stored = false
    if (!group.touched) return
    group.touched = false
    this.#touched.delete(group)
  }

  take(): StateChange[] {
    const { name, save } = this.#groups
    const changes: StateChange[] = this.#left.map(key => ({ table: name, key, row: null }))
    for (const group of this.#touched) {
      const saved = save(group)
      changes.push({ table: name, key: this.#keyBytes(saved), row: encodeRow(saved) })
      group.touched = false
      group.stored = true
    }
    this.#touched.clear()
    this.#left = []
    return changes
  }

  /** A group as the changelog spells it, for a checkpoint. */
  encode(group: G): { readonly key: Uint8Array; readonly row: Uint8Array } {
    const saved = this.#groups.save(group)
    // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
    group.stored = true
    return { key: this.#keyBytes(saved), row: encodeRow(saved) }
  }

  #keyBytes(saved: readonly unknown[]): Uint8Array {
    return encodeRow(saved.slice(0, this.#groups.keys))
  }
}
