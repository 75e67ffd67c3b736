import type {
  KeyedState,
  SlicedDefinition,
  SlicedGroup,
  Spill,
  StateChange
} from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { GroupChanges } from './group-changes.ts'
import { KeyedSlices, type Slices } from './keyed-slices.ts'
import { decodeRow, encodeRow } from './state-codec.ts'
import { spillSlices } from './stored/spill-slices.ts'

/** The key of what says how far windows have been told: shorter than that of any group. */
const CLOSED = encodeRow(['closed'])

/**
 * The groups of a GROUP BY of windows that overlap, by slice: a row costs one update, however many windows it is in. A row that is
 * late for some of its windows counts in each of the others.
 */
export class SlicedState<G extends SlicedGroup = SlicedGroup> implements KeyedState {
  readonly definition: SlicedDefinition<G>
  readonly spill: Spill
  readonly #changes: GroupChanges<G>
  readonly #inMemory: KeyedSlices<G>
  #slices: Slices<G>
  #closed = -Infinity
  /** Whether a window was told since the last commit, and whether one ever was. */
  #tells = false
  #hasTold = false

  constructor(definition: SlicedDefinition<G>) {
    this.definition = definition
    this.#changes = new GroupChanges({ ...definition, sets: null })
    this.#slices = this.#inMemory = new KeyedSlices(definition)
    this.spill = spillSlices(definition, {
      unsaved: () => this.#changes.count,
      use: slices => {
        this.#slices = slices
      },
      reach: row => this.#reach(row)
    })
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#slices.size
  }

  /** The watermark up to which windows have been closed. */
  get closed(): number {
    return this.#closed
  }

  /** In the slice that ends here. */
  find(end: number, key: unknown): G | undefined {
    return this.#slices.find(end, key)
  }

  /** Adds a group to the slice that was asked for last. */
  add(key: unknown, group: G): G {
    return this.#slices.add(key, group)
  }

  /** To be called before a group of a slice changes; one that is in none yet goes to `spread`. */
  touch(group: G): void {
    if (group.whole === 1) this.#touch(group)
  }

  #touch(group: G): void {
    this.#slices.touch(group)
    this.#changes.touch(group)
  }

  /** Counts what came at a time into those of its windows that end behind `after`. */
  spread(group: G, key: unknown, time: number, after: number): void {
    const { windows, make, merge } = this.definition
    const slices = this.#slices
    const last = windows.lastEnd(time)
    for (let end = windows.firstEnd(time); end <= last; end += windows.step) {
      if (end <= after) continue
      const into = slices.findOther(end, key) ?? slices.addOther(key, make(end, group))
      this.#touch(into)
      merge(into, group)
    }
  }

  /**
   * The groups of each window that is complete at this watermark, in the order of the windows; what no other needs is gone then.
   * Null: others may get a turn.
   */
  *close(watermark: number): Generator<G | null> {
    // At Infinity all sources were dropped, and nobody tells time any more.
    if (watermark === Infinity || watermark <= this.#closed) return
    const { lag } = this.definition
    const before = this.#closed - lag
    this.#closed = watermark
    const leaves = (group: G): void => this.#changes.leave(group)
    for (let end = this.#next(before); end + lag <= watermark; end = this.#next(end)) {
      yield* this.#slices.take(end, leaves)
      this.#tells = true
      this.#hasTold = true
    }
  }

  /** The end of the first window behind another that has something in it; Infinity: none has. */
  #next(after: number): number {
    const { windows } = this.definition
    const { firstSlice, firstOther } = this.#slices
    const whole =
      firstSlice === Infinity
        ? Infinity
        : // A slice that is there is in a window that was not told: in the next one, or it begins later.
          Math.max(
            windows.firstEnd(firstSlice - 1),
            after === -Infinity ? after : windows.firstEnd(after)
          )
    return Math.min(whole, firstOther)
  }

  /** Only rows that never leave are counted into slices: no statement does. */
  begin(): void {}

  end(): void {}

  takeChanges(limit = Infinity): StateChange[] {
    const changes = this.#changes.take(limit)
    if (!this.#tells || changes.length >= limit) return changes
    this.#tells = false
    return [...changes, { table: this.name, key: CLOSED, row: encodeRow([this.#closed]) }]
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const group of this.#inMemory) yield* this.#changes.encode(group)
    if (this.#hasTold) yield { key: CLOSED, row: encodeRow([this.#closed]) }
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const { load, keyOf } = this.definition
    const saved = decodeRow(rowBytes ?? keyBytes)
    if (decodeRow(keyBytes).length === 1) return this.#reach(saved)
    const [end, whole] = saved as [number, number]
    const key = keyOf(saved)
    this.#inMemory.remove(end, whole, key)
    if (rowBytes === null) return
    const group = load(saved)
    group.stored = true
    if (whole === 0) this.#inMemory.addOther(key, group)
    else {
      // Says where `add` adds.
      this.#inMemory.find(end, key)
      this.#inMemory.add(key, group)
    }
  }

  /** Windows have been told so far. */
  #reach([closed]: readonly unknown[]): void {
    this.#closed = Math.max(this.#closed, closed as number)
    this.#hasTold = true
  }
}
