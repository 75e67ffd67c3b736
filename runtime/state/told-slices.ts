import type { SlicedStage, StateChange } from '../contract/index.ts'
import { KeyedSlices, type Slices } from './keyed-slices.ts'
import type { KeptGroups } from './slice-groups.ts'
import { decodeRow, encodeRow } from './state-codec.ts'

/** The key of what says how far windows have been told: shorter than that of any group. */
const CLOSED = encodeRow(['closed'])

/**
 * The groups of windows that overlap, by slice, and how far windows have been told: a row costs one update, however many windows it is
 * in. A row that is late for some of its windows counts in each of the others.
 */
export class ToldSlices<G> {
  readonly #stage: SlicedStage
  readonly #groups: KeptGroups<G>
  readonly #inMemory: KeyedSlices<G>
  #slices: Slices<G>
  #closed = -Infinity
  /** Whether a window was told since the last commit, and whether one ever was. */
  #tells = false
  #hasTold = false

  constructor(stage: SlicedStage, groups: KeptGroups<G>) {
    this.#stage = stage
    this.#groups = groups
    this.#slices = this.#inMemory = new KeyedSlices(stage.windows, groups)
  }

  /** Slices are there from now on. */
  use(slices: Slices<G>): void {
    this.#slices = slices
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

  /** To be called before a group changes. */
  touch(group: G): void {
    this.#slices.touch(group)
    this.#groups.touch(group)
  }

  /** Counts what came at a time, and is in no slice, into those of its windows that end behind `after`. */
  spread(group: G, key: unknown, time: number, after: number): void {
    const { windows } = this.#stage
    const last = windows.lastEnd(time)
    for (let end = windows.firstEnd(time); end <= last; end += windows.step) {
      if (end > after) this.#countInto(end, key, group)
    }
  }

  #countInto(end: number, key: unknown, group: G): void {
    const known = this.#slices.findOther(end, key)
    const into = known ?? this.#slices.addOther(key, this.#groups.copy(group, end))
    this.touch(into)
    if (known !== undefined) this.#groups.merge(into, group)
  }

  /**
   * The groups of each window that is complete at this watermark, in the order of the windows, each until the next one is asked for;
   * what no other window needs is gone then. Null: others may get a turn.
   */
  *close(watermark: number): Generator<G | null> {
    // At Infinity all sources were dropped, and nobody tells time any more.
    if (watermark === Infinity || watermark <= this.#closed) return
    const { lag } = this.#stage
    const before = this.#closed - lag
    this.#closed = watermark
    const leaves = (group: G): void => this.#groups.leave(group)
    for (let end = this.#next(before); end + lag <= watermark; end = this.#next(end)) {
      yield* this.#slices.take(end, leaves)
      this.#tells = true
      this.#hasTold = true
    }
  }

  /** The end of the first window behind another that has something in it; Infinity: none has. */
  #next(after: number): number {
    const { windows } = this.#stage
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

  /** `changes`, and how far windows have been told where there is room for that. */
  withTold(changes: StateChange[], limit: number): StateChange[] {
    if (!this.#tells || changes.length >= limit) return changes
    this.#tells = false
    return [...changes, { table: this.#stage.name, key: CLOSED, row: encodeRow([this.#closed]) }]
  }

  /** How far windows have been told, as the changelog spells it. */
  *encodedTold(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    if (this.#hasTold) yield { key: CLOSED, row: encodeRow([this.#closed]) }
  }

  /** Those in memory. */
  [Symbol.iterator](): Generator<G> {
    return this.#inMemory[Symbol.iterator]()
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const saved = decodeRow(rowBytes ?? keyBytes)
    if (decodeRow(keyBytes).length === 1) return this.reach(saved)
    const [end, whole] = saved as [number, number]
    const key = this.#stage.keyOf(saved)
    const before = this.#inMemory.remove(end, whole, key)
    if (before !== undefined) this.#groups.free(before)
    if (rowBytes === null) return
    const group = this.#groups.load(saved)
    if (whole === 0) this.#inMemory.addOther(key, group)
    else {
      // Says where `add` adds.
      this.#inMemory.find(end, key)
      this.#inMemory.add(key, group)
    }
  }

  /** A row of the changelog that says how far windows have been told. */
  reach([closed]: readonly unknown[]): void {
    this.#closed = Math.max(this.#closed, closed as number)
    this.#hasTold = true
  }
}
