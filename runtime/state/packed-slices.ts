import type { KeyedState, PackedSlicedDefinition, StateChange } from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { PackedChanges } from './packed-changes.ts'
import { NO_GROUP, STORED } from './packed-groups.ts'
import { ToldSlices } from './told-slices.ts'

/** Which of its keys says where the slice, or the window, of a group ends. */
const END = 0
const WHOLE = 1

/**
 * As SlicedState, in memory, of groups of numbers alone: they stand in typed arrays, and generated code counts there. A group is the place
 * that was looked at last, until the next one is.
 */
export class PackedSlices extends PackedChanges implements KeyedState {
  readonly definition: PackedSlicedDefinition
  readonly #slices: ToldSlices<number>
  /** By place which copy follows; `NO_GROUP`: none does. */
  #next = new Int32Array(1 << 10)

  constructor(definition: PackedSlicedDefinition) {
    super(definition)
    this.definition = definition
    this.#slices = new ToldSlices<number>(definition, {
      endOf: place => this.#endOf(place),
      copy: (place, end) => this.#copy(place, end),
      merge: definition.merge,
      keep: place => this.#copy(place, this.#endOf(place)),
      plus: (kept, place) => {
        definition.merge(kept, place)
        return kept
      },
      free: place => this.#free(place),
      nextOf: place => (this.#next[place] === NO_GROUP ? null : this.#next[place]!),
      follow: (place, next) => this.#follow(place, next ?? NO_GROUP),
      leave: place => this.#leave(place),
      touch: place => this.#touch(place),
      load: saved => this.#load(saved)
    })
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#slices.size
  }

  /** The watermark up to which windows have been closed. */
  get closed(): number {
    return this.#slices.closed
  }

  /** Where the numbers of a group begin that is in the slice that ends here; -1: there is no such group. */
  find(end: number, key: unknown): number {
    const place = this.#slices.find(end, key)
    return place === undefined ? NO_GROUP : this.go(place)
  }

  /** Adds a group to the slice that was asked for last; `keys`: as a saved group has them behind `end` and `whole`. */
  add(key: unknown, end: number, ...keys: readonly unknown[]): number {
    const at = this.make([end, 1, ...keys])
    this.#slices.add(key, this.place)
    return at
  }

  /** A group that is in no slice, and goes to `spread`. */
  makeLate(...keys: readonly unknown[]): number {
    return this.make([NaN, 0, ...keys])
  }

  /** Counts the group that is looked at, of a row that came at a time, into those of its windows that end behind `after`; then it is gone. */
  spread(key: unknown, time: number, after: number): void {
    const { place } = this
    this.#slices.spread(place, key, time, after)
    this.#free(place)
  }

  /** See ToldSlices; each group is looked at. */
  *close(watermark: number): Generator<number | null> {
    for (const place of this.#slices.close(watermark)) {
      if (place !== null) this.go(place)
      yield place
    }
  }

  #endOf(place: number): number {
    this.go(place)
    return this.keyAt(END) as number
  }

  #copy(place: number, end: number): number {
    this.makeLike(place)
    this.setKey(END, end)
    this.setKey(WHOLE, 0)
    return this.place
  }

  #follow(place: number, next: number): void {
    if (place >= this.#next.length) {
      const longer = new Int32Array(Math.max(this.#next.length * 2, place + 1))
      longer.set(this.#next)
      this.#next = longer
    }
    this.#next[place] = next
  }

  #free(place: number): void {
    this.go(place)
    this.drop()
  }

  #leave(place: number): void {
    this.go(place)
    this.leave()
  }

  #touch(place: number): void {
    this.go(place)
    this.touch()
  }

  #load(saved: readonly unknown[]): number {
    this.make(saved.slice(0, this.definition.keys))
    this.load(saved)
    this.mark(STORED)
    return this.place
  }

  /** Only rows that never leave are counted into slices: no statement does. */
  begin(): void {}

  end(): void {}

  override takeChanges(limit = Infinity): StateChange[] {
    return this.#slices.withTold(super.takeChanges(limit), limit)
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const place of this.#slices) {
      this.go(place)
      yield this.encode()
    }
    yield* this.#slices.encodedTold()
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    this.#slices.restore(keyBytes, rowBytes)
  }
}
