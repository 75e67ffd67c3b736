import type { GroupWindow, KeyedState, PackedDefinition } from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { KeyMap } from './key-map.ts'
import { KeyedWindows } from './keyed-windows.ts'
import { PackedChanges } from './packed-changes.ts'
import { KEPT, NO_GROUP, STORED, UNTOLD } from './packed-groups.ts'
import { decodeRow } from './state-codec.ts'

/**
 * The groups of one GROUP BY in memory, of numbers alone: they stand in typed arrays, and generated code counts there. A group is the place that
 * `find`, `add` or `go` looked at last, until the next one is.
 */
export class PackedState extends PackedChanges implements KeyedState {
  readonly definition: PackedDefinition
  readonly restoreRows: (rows: readonly (readonly unknown[])[]) => void
  readonly #windows: KeyedWindows<number>
  /** Those that changed since they were told, in the order of their first change. */
  #untold: number[] = []
  /** By place what groups were before the statement that runs; null: nobody may want them back. */
  #journal: KeyMap<number, readonly unknown[]> | null = null

  constructor(definition: PackedDefinition) {
    super(definition)
    this.definition = definition
    this.#windows = new KeyedWindows(definition.closesAt)
    this.restoreRows = rows => rows.forEach(saved => this.#restoreGroup(saved))
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

  /** Where its numbers begin; -1: there is no such group. */
  find(window: GroupWindow, key: unknown): number {
    const place = this.#windows.find(window, key)
    return place === undefined ? NO_GROUP : this.go(place)
  }

  /** Adds a group to the window that was asked for last; `keys`: as a saved group has them. */
  add(key: unknown, ...keys: readonly unknown[]): number {
    const at = this.make(keys)
    this.#windows.add(key, this.place)
    if (this.definition.tells) this.remember(null)
    return at
  }

  /** To be called before the group changes. */
  override touch(): void {
    if (this.#journal !== null && !this.isMarked(KEPT)) this.#keep(this.#journal)
    super.touch()
  }

  #keep(journal: KeyMap<number, readonly unknown[]>): void {
    this.mark(KEPT)
    journal.set(this.place, this.save())
  }

  /** The keys of the group at a place. */
  keysOf(place: number): readonly unknown[] {
    this.go(place)
    return this.saveKeys()
  }

  /** Whether what the group is has been told: before it changes its row is to be remembered. */
  get isTold(): boolean {
    return !this.isMarked(UNTOLD)
  }

  /** `row`: what was told of it; null: nothing. */
  remember(row: unknown): void {
    this.mark(UNTOLD)
    this.told = row
    this.#untold.push(this.place)
  }

  /** The places of groups that changed since they were told, in the order of their first change. Who tells one calls `tell`. */
  *changed(): Generator<number> {
    for (let i = 0; i < this.#untold.length; i++) {
      const place = this.#untold[i]!
      if (this.isThere(place, UNTOLD)) yield place
    }
    this.#untold = []
  }

  /** What was told of a group, null: nothing. What it is now is told. */
  tell(place: number): unknown {
    this.go(place)
    const { told } = this
    this.told = undefined
    this.unmark(UNTOLD)
    return told
  }

  /** The places of the groups of each window that is complete at this watermark, in the order of the windows; then they are gone. */
  *close(watermark: number): Generator<number> {
    for (const place of this.#windows.close(watermark)) {
      yield place
      this.go(place)
      this.leave()
    }
  }

  /** As `close`, of groups that have been told. */
  free(watermark: number): void {
    for (const place of this.close(watermark)) void place
  }

  /** A statement begins that may fail after its first change. */
  begin(): void {
    this.#journal = new KeyMap()
  }

  /** The statement has ended: what it counted stays, or the groups are as they were before: one that it made has no rows. */
  end(succeeded: boolean): void {
    for (const [place, saved] of this.#journal ?? []) {
      this.go(place)
      this.unmark(KEPT)
      if (!succeeded) this.load(saved)
    }
    this.#journal = null
  }

  /** Takes out a group that no row counts into any more. */
  remove(place: number): void {
    const { window, key } = this.#nameOf(this.keysOf(place))
    this.#windows.delete(window, key)
    this.leave()
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const place of this.#windows) {
      this.go(place)
      yield this.encode()
    }
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    if (rowBytes !== null) return this.#restoreGroup(decodeRow(rowBytes))
    const saved = decodeRow(keyBytes)
    const { window, key } = this.#nameOf(saved)
    if (this.find(window, key) === NO_GROUP) return
    this.drop()
    this.#windows.delete(window, key)
  }

  #restoreGroup(saved: readonly unknown[]): void {
    const { window, key } = this.#nameOf(saved)
    if (this.find(window, key) === NO_GROUP) {
      this.make(saved.slice(0, this.definition.keys))
      this.#windows.add(key, this.place)
    }
    this.load(saved)
    this.mark(STORED)
  }

  #nameOf(saved: readonly unknown[]): { readonly window: GroupWindow; readonly key: unknown } {
    const { windowOf, keyOf } = this.definition
    return { window: windowOf(saved), key: keyOf(saved) }
  }
}
