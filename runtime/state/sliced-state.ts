import type { KeyedState, SlicedDefinition, SlicedGroup, StateChange } from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { GroupChanges } from './group-changes.ts'
import { SliceMerge } from './slice-merge.ts'
import { decodeRow, encodeRow } from './state-codec.ts'

/** The key of what says how far windows have been told: shorter than that of any group. */
const CLOSED = encodeRow(['closed'])

/**
 * The groups of a GROUP BY of windows that overlap, in memory, by slice: a row costs one update, however many windows it is in. A
 * slice stays until the last window that has it is told. A row that is late for some of its windows counts in each of the others.
 */
export class SlicedState<G extends SlicedGroup = SlicedGroup> implements KeyedState {
  readonly definition: SlicedDefinition<G>
  readonly #changes: GroupChanges<G>
  readonly #merge: SliceMerge<G>
  readonly #slices = new Map<number, Map<unknown, G>>()
  /** The ends of the slices, ascending. */
  readonly #ends: number[] = []
  /** By the end of a window what is in it, and in no slice. */
  readonly #others = new Map<number, Map<unknown, G>>()
  /** The slice that was asked for last: most rows come in the same one. */
  #end = NaN
  #slice: Map<unknown, G> = new Map()
  #size = 0
  #closed = -Infinity
  /** Whether a window was told since the last commit, and whether one ever was. */
  #tells = false
  #hasTold = false

  constructor(definition: SlicedDefinition<G>) {
    this.definition = definition
    this.#changes = new GroupChanges({ ...definition, sets: null })
    this.#merge = new SliceMerge(definition)
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#size
  }

  /** The watermark up to which windows have been closed. */
  get closed(): number {
    return this.#closed
  }

  /** In the slice that ends here. */
  find(end: number, key: unknown): G | undefined {
    if (end !== this.#end) {
      this.#end = end
      this.#slice = this.#slices.get(end) ?? new Map<unknown, G>()
    }
    return this.#slice.get(key)
  }

  /** Adds a group to the slice that was asked for last. */
  add(key: unknown, group: G): G {
    if (this.#slice.size === 0) this.#open(this.#end, this.#slice)
    this.#slice.set(key, group)
    this.#size++
    return group
  }

  #open(end: number, slice: Map<unknown, G>): void {
    this.#slices.set(end, slice)
    let at = this.#ends.length
    while (at > 0 && this.#ends[at - 1]! > end) at--
    this.#ends.splice(at, 0, end)
  }

  /** To be called before a group of a slice changes; one that is in none yet goes to `spread`. */
  touch(group: G): void {
    if (group.whole === 1) this.#changes.touch(group)
  }

  /** Counts what came at a time into those of its windows that end behind `after`. */
  spread(group: G, key: unknown, time: number, after: number): void {
    const { windows, make, merge } = this.definition
    const last = windows.lastEnd(time)
    for (let end = windows.firstEnd(time); end <= last; end += windows.step) {
      if (end <= after) continue
      const groups = this.#groupsAt(end)
      const into = groups.get(key) ?? this.#addOther(groups, key, make(end, group))
      this.#changes.touch(into)
      merge(into, group)
    }
  }

  #groupsAt(end: number): Map<unknown, G> {
    const known = this.#others.get(end)
    if (known !== undefined) return known
    const groups = new Map<unknown, G>()
    this.#others.set(end, groups)
    return groups
  }

  #addOther(groups: Map<unknown, G>, key: unknown, group: G): G {
    groups.set(key, group)
    this.#size++
    return group
  }

  /** The groups of each window that is complete at this watermark, in the order of the windows; what no other needs is gone then. */
  *close(watermark: number): Generator<G> {
    // At Infinity all sources were dropped, and nobody tells time any more.
    if (watermark === Infinity || watermark <= this.#closed) return
    const { lag } = this.definition
    const before = this.#closed - lag
    this.#closed = watermark
    const slices = { ends: this.#ends, of: (end: number) => this.#slices.get(end)! }
    for (let end = this.#next(before); end + lag <= watermark; end = this.#next(end)) {
      yield* this.#merge.windowAt(end, slices, this.#others.get(end) ?? new Map<unknown, G>())
      this.#tells = true
      this.#hasTold = true
      this.#free(end)
    }
  }

  /** The end of the first window behind another that has something in it; Infinity: none has. */
  #next(after: number): number {
    const { windows } = this.definition
    const [first = Infinity] = this.#ends
    const whole =
      first === Infinity
        ? Infinity
        : // A slice that is there is in a window that was not told: in the next one, or it begins later.
          Math.max(
            windows.firstEnd(first - 1),
            after === -Infinity ? after : windows.firstEnd(after)
          )
    return Math.min(whole, ...this.#others.keys())
  }

  /** This window has been told. */
  #free(end: number): void {
    const { windows } = this.definition
    while (this.#ends.length > 0 && windows.lastEnd(this.#ends[0]! - 1) <= end) {
      const slice = this.#ends.shift()!
      this.#drop(this.#slices.get(slice)!)
      this.#slices.delete(slice)
    }
    this.#end = NaN
    const others = this.#others.get(end)
    if (others === undefined) return
    this.#drop(others)
    this.#others.delete(end)
  }

  #drop(groups: ReadonlyMap<unknown, G>): void {
    for (const group of groups.values()) this.#changes.leave(group)
    this.#size -= groups.size
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
    for (const all of [this.#slices, this.#others]) {
      for (const groups of all.values()) {
        for (const group of groups.values()) yield* this.#changes.encode(group)
      }
    }
    if (this.#hasTold) yield { key: CLOSED, row: encodeRow([this.#closed]) }
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const { load, keyOf } = this.definition
    const saved = decodeRow(rowBytes ?? keyBytes)
    if (decodeRow(keyBytes).length === 1) {
      this.#closed = saved[0] as number
      this.#hasTold = true
      return
    }
    const [end, whole] = saved as [number, number]
    const key = keyOf(saved)
    if (rowBytes === null) return this.#remove(end, whole, key)
    const group = load(saved)
    group.stored = true
    const groups = this.#restoredAt(end, whole)
    if (!groups.has(key)) this.#size++
    groups.set(key, group)
  }

  #restoredAt(end: number, whole: number): Map<unknown, G> {
    if (whole === 0) return this.#groupsAt(end)
    this.find(end, null)
    if (this.#slice.size === 0) this.#open(end, this.#slice)
    return this.#slice
  }

  #remove(end: number, whole: number, key: unknown): void {
    const all = whole === 1 ? this.#slices : this.#others
    const groups = all.get(end)
    if (groups?.delete(key) !== true) return
    this.#size--
    if (groups.size > 0) return
    all.delete(end)
    if (whole === 1) this.#ends.splice(this.#ends.indexOf(end), 1)
    this.#end = NaN
  }
}
