import { setImmediate } from 'node:timers/promises'
import type { KeyedState, StateChange } from '../contract/index.ts'
import { during } from '../observe/doing.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { StateSizes } from './state-sizes.ts'

/** So many changes are encoded for their changelog at a time, in some 10 ms: others wait meanwhile. */
const TAKEN_BETWEEN = 10_000

/** Changes of states that were taken for a commit which has not succeeded yet. */
export class TakenChanges {
  readonly #sizes: StateSizes
  readonly #samples: RecordSamples | null
  /** Emptied, not made anew: V8 would have to learn each time what a new one holds. */
  readonly #changes: StateChange[] = []

  constructor(sizes: StateSizes, samples: RecordSamples | null) {
    this.#sizes = sizes
    this.#samples = samples
  }

  get isEmpty(): boolean {
    return this.#changes.length === 0
  }

  /** What has changed in these states since they were taken last, behind what was taken before. Gives way to other work now and then. */
  async take(states: readonly KeyedState[]): Promise<readonly StateChange[]> {
    for (const state of states) await this.#takeOf(state)
    return this.#changes
  }

  async #takeOf(state: KeyedState): Promise<void> {
    for (;;) {
      // Who commits holds the lock: nothing changes meanwhile. The first part comes behind a batch.
      await setImmediate()
      const changes = during('committing', () => state.takeChanges(TAKEN_BETWEEN))
      // No spread: there may be more changes than a call may have arguments.
      for (const change of changes) {
        this.#changes.push(change)
        this.#sizes.count(change)
      }
      this.#sample(state.name, changes)
      if (changes.length < TAKEN_BETWEEN) return
    }
  }

  /** The first change of a commit stands for the others. */
  #sample(state: string, [first]: readonly StateChange[]): void {
    if (first === undefined) return
    this.#samples?.take(`state ${state}`, () => ({ key: first.key, value: first.row }))
  }

  /** The commit has succeeded: they are forgotten, and answered. */
  committed(): readonly StateChange[] {
    return this.#changes.splice(0)
  }
}
