import type {
  Group,
  GroupDefinition,
  GroupWindow,
  KeyedState,
  Spill,
  StateChange
} from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { GroupChanges, ReadSets } from './group-changes.ts'
import { KeyMap } from './key-map.ts'
import { KeyedWindows, type Windows } from './keyed-windows.ts'
import { decodeRow } from './state-codec.ts'
import { type IdleGroups, spillGroups } from './stored/spill-groups.ts'
import { TOLD_AT_ONCE } from './told-at-once.ts'

/** When a group was told before a restart nobody knows: it counts from then. */
const RESTORED = -1

/** The groups of one GROUP BY. */
export class GroupState<G extends Group = Group> implements KeyedState {
  readonly definition: GroupDefinition<G>
  readonly spill: Spill
  readonly restoreRows: ((rows: readonly (readonly unknown[])[]) => void) | null
  #windows: Windows<G>
  readonly #changes: GroupChanges<G>
  readonly #readSets: ReadSets
  /** When each group was last told, the oldest first, where somebody asks which are idle and all are in memory. */
  readonly #used = new KeyMap<G, number>()
  /** When groups were last told. */
  #toldAt: number | null = null
  /** Of groups in a store; null: they are in memory. */
  #idle: IdleGroups<G> | null = null
  /** What groups were before the statement that runs, null for new ones; null: nobody may want them back. */
  #journal: KeyMap<G, readonly unknown[] | null> | null = null

  constructor(definition: GroupDefinition<G>) {
    this.definition = definition
    this.#windows = new KeyedWindows(definition.closesAt)
    this.spill = spillGroups(definition, {
      unsaved: () => this.#changes.count,
      use: (windows, idle) => {
        this.#windows = windows
        this.#idle = idle
      },
      toldAt: () => this.#toldAt
    })
    this.#changes = new GroupChanges(definition)
    this.#readSets = new ReadSets(definition.keys)
    // What is in a set stands in keys.
    this.restoreRows =
      definition.sets === null ? rows => rows.forEach(saved => this.#restoreGroup(saved)) : null
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

  get reached(): readonly number[] {
    return [this.closed]
  }

  reach([closed]: readonly number[]): void {
    this.#windows.reach(closed!)
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
    this.#changes.touch(group)
  }

  /** The groups that changed since the last commit, in the order of their first change. */
  changed(): Iterable<G> {
    return this.#changes.changed()
  }

  /** A statement begins that may fail after its first change. */
  begin(): void {
    this.#journal = new KeyMap()
  }

  /** The statement has ended: what it counted stays, or the groups are as they were before. */
  end(succeeded: boolean): void {
    const journal = this.#journal ?? new KeyMap<G, null>()
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
    this.#changes.leave(group)
    this.#used.delete(group)
  }

  /** The groups of each window that is complete at this watermark, in the order of the windows; then they are gone. */
  *close(watermark: number): Generator<G> {
    for (const group of this.#windows.close(watermark)) {
      yield group
      this.#changes.leave(group)
    }
  }

  /** As `close`, of groups that have been told. */
  free(watermark: number): void {
    for (const group of this.close(watermark)) void group
  }

  /** What has changed has been told now: see `idle`. */
  told(elapsed: number): void {
    this.#toldAt = elapsed
    if (this.#idle !== null) return
    for (const group of this.#changes.changed()) {
      this.#used.delete(group)
      this.#used.set(group, elapsed)
    }
  }

  /**
   * The groups of which nothing was told for so many ms, nor is to be told; what it gives is to be removed. Null: others may get a turn.
   */
  *idle(elapsed: number, ttl: number): Generator<G | null> {
    if (this.#idle !== null) return yield* this.#idle(elapsed, ttl)
    const used = this.#used
    let passed = 0
    for (const [group, since] of used) {
      if (++passed % TOLD_AT_ONCE === 0) yield null
      if (since === RESTORED) used.set(group, elapsed)
      else if (since + ttl > elapsed) break
      else if (group.touched < 0) yield group
    }
  }

  /** See KeyedState; for the changelog. */
  takeChanges(limit?: number): StateChange[] {
    return this.#changes.take(limit)
  }

  /** Every group as the changelog spells it. */
  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const group of this.#windows) yield* this.#changes.encode(group)
  }

  /** A record of the changelog, in its order: how groups come back after a restart. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const { windowOf, keyOf, sets } = this.definition
    if (sets !== null && this.#readSets.take(keyBytes, rowBytes)) return
    if (rowBytes !== null) return this.#restoreGroup(decodeRow(rowBytes))
    const saved = decodeRow(keyBytes)
    const window = windowOf(saved)
    const key = keyOf(saved)
    const before = this.#windows.find(window, key)
    if (before !== undefined) this.#used.delete(before)
    this.#windows.delete(window, key)
  }

  #restoreGroup(saved: readonly unknown[]): void {
    const { windowOf, keyOf, load, expires } = this.definition
    const key = keyOf(saved)
    // Also for `add`, which takes the window that was asked for last.
    const before = this.#windows.find(windowOf(saved), key)
    if (before !== undefined) this.#used.delete(before)
    const group = load(saved)
    group.stored = true
    this.#windows.add(key, group)
    if (expires) this.#used.set(group, RESTORED)
  }

  restored(): void {
    const { windowOf, keyOf, sets } = this.definition
    this.#readSets.restore(keys => {
      const group = this.find(windowOf(keys), keyOf(keys))
      return group === undefined ? undefined : sets!(group)
    })
  }
}
