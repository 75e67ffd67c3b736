import type {
  KeyedState,
  SlicedDefinition,
  SlicedGroup,
  Spill,
  StateChange
} from '../contract/index.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { GroupChanges } from './group-changes.ts'
import { objectGroups } from './slice-groups.ts'
import { spillSlices } from './stored/spill-slices.ts'
import { ToldSlices } from './told-slices.ts'

/** The groups of a GROUP BY of windows that overlap: see ToldSlices. */
export class SlicedState<G extends SlicedGroup = SlicedGroup> implements KeyedState {
  readonly definition: SlicedDefinition<G>
  readonly spill: Spill
  readonly #changes: GroupChanges<G>
  readonly #slices: ToldSlices<G>

  constructor(definition: SlicedDefinition<G>) {
    this.definition = definition
    this.#changes = new GroupChanges({ ...definition, sets: null })
    this.#slices = new ToldSlices<G>(definition, {
      ...objectGroups(definition),
      leave: group => this.#changes.leave(group),
      touch: group => this.#changes.touch(group),
      load: saved => loadStored(definition, saved)
    })
    this.spill = spillSlices(definition, {
      unsaved: () => this.#changes.count,
      use: slices => this.#slices.use(slices),
      reach: row => this.#slices.reach(row)
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
    return this.#slices.closed
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
    if (group.whole === 1) this.#slices.touch(group)
  }

  /** Counts what came at a time into those of its windows that end behind `after`. */
  spread(group: G, key: unknown, time: number, after: number): void {
    this.#slices.spread(group, key, time, after)
  }

  /** See ToldSlices. */
  close(watermark: number): Generator<G | null> {
    return this.#slices.close(watermark)
  }

  /** Only rows that never leave are counted into slices: no statement does. */
  begin(): void {}

  end(): void {}

  takeChanges(limit = Infinity): StateChange[] {
    return this.#slices.withTold(this.#changes.take(limit), limit)
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const group of this.#slices) yield* this.#changes.encode(group)
    yield* this.#slices.encodedTold()
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    this.#slices.restore(keyBytes, rowBytes)
  }
}

function loadStored<G extends SlicedGroup>(
  { load }: SlicedDefinition<G>,
  saved: readonly unknown[]
): G {
  const group = load(saved)
  group.stored = true
  return group
}
