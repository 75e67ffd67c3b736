import type {
  Group,
  GroupDefinition,
  GroupWindow,
  KeyedState,
  StateChange
} from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { KeyedWindows } from './keyed-windows.ts'
import { decodeRow, encodeRow } from './state-codec.ts'

/**
 * The groups of one GROUP BY, in memory. Groups that changed since the last `takeChanges` are remembered, so that one that
 * changes often is written once per barrier; one that came and went between two barriers is not written at all.
 */
export class GroupState<G extends Group = Group> implements KeyedState {
  readonly definition: GroupDefinition<G>
  readonly #windows: KeyedWindows<G>
  #touched: G[] = []
  /** Keys of stored groups that left, as the changelog spells them. */
  #left: Uint8Array[] = []
  /** What groups were before the statement that runs, null for new ones; null: nobody may want them back. */
  #journal: Map<G, readonly unknown[] | null> | null = null

  constructor(definition: GroupDefinition<G>) {
    this.definition = definition
    this.#windows = new KeyedWindows(definition.closesAt)
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#windows.size
  }

  /** The watermark up to which windows have been closed. */
  get closed(): number {
    return this.#windows.closed
  }

  find(window: GroupWindow, key: unknown): G | undefined {
    return this.#windows.find(window, key)
  }

  /** Adds a group to the window that was asked for last. */
  add(key: unknown, group: G): G {
    this.#journal?.set(group, null)
    return this.#windows.add(key, group)
  }

  /** To be called before a group changes. */
  touch(group: G): void {
    if (this.#journal?.has(group) === false) this.#journal.set(group, this.definition.save(group))
    if (group.touched) return
    group.touched = true
    this.#touched.push(group)
  }

  /** The groups that changed since the last commit, in the order of their first change. */
  changed(): readonly G[] {
    return this.#touched.filter(({ touched }) => touched)
  }

  /** A statement begins that may fail after its first change. */
  begin(): void {
    this.#journal = new Map()
  }

  /** The statement has ended: what it counted stays, or the groups are as they were before. */
  end(succeeded: boolean): void {
    const journal = this.#journal ?? new Map<G, null>()
    this.#journal = null
    if (succeeded) return
    for (const [group, saved] of journal) {
      if (saved === null) this.remove(group)
      else this.#reset(group, saved)
    }
  }

  /** What was told of it is no part of what is saved. */
  #reset(group: G, saved: readonly unknown[]): void {
    const { stored, touched, told } = group as G & { readonly told?: unknown }
    Object.assign(group, this.definition.load(saved), { stored, touched })
    if (told !== undefined) Object.assign(group, { told })
  }

  /** Takes out a group that no row counts into any more. */
  remove(group: G): void {
    const saved = this.definition.save(group)
    this.#windows.delete(this.definition.windowOf(saved), this.definition.keyOf(saved))
    this.#leave(group)
  }

  /** The groups of each window that is complete at this watermark, in the order of the windows; then they are gone. */
  *close(watermark: number): Generator<G> {
    for (const group of this.#windows.close(watermark)) {
      yield group
      this.#leave(group)
    }
  }

  #leave(group: G): void {
    if (group.stored) this.#left.push(this.#keyBytes(this.definition.save(group)))
    group.stored = false
    group.touched = false
  }

  #keyBytes(saved: readonly unknown[]): Uint8Array {
    return encodeRow(saved.slice(0, this.definition.keys))
  }

  /** What changed since the last call, each group once, for the changelog. */
  takeChanges(): StateChange[] {
    const { name, save } = this.definition
    const changes: StateChange[] = this.#left.map(key => ({ table: name, key, row: null }))
    for (const group of this.#touched) {
      if (!group.touched) continue
      const saved = save(group)
      changes.push({ table: name, key: this.#keyBytes(saved), row: encodeRow(saved) })
      group.touched = false
      group.stored = true
    }
    this.#touched = []
    this.#left = []
    return changes
  }

  /** Every group as the changelog spells it. */
  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const group of this.#windows) {
      const saved = this.definition.save(group)
      // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
      group.stored = true
      yield { key: this.#keyBytes(saved), row: encodeRow(saved) }
    }
  }

  /** A record of the changelog, in its order: how groups come back after a restart. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const { windowOf, keyOf, load } = this.definition
    const saved = decodeRow(rowBytes ?? keyBytes)
    const window = windowOf(saved)
    const key = keyOf(saved)
    if (rowBytes === null) return this.#windows.delete(window, key)
    const group = load(saved)
    group.stored = true
    this.#windows.find(window, key)
    this.#windows.add(key, group)
  }
}
