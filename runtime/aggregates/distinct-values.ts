import type { WrittenSet } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { KeySet } from '../state/key-set.ts'
import { tableKey } from '../state/table-key.ts'

/** The different values of rows that never leave. Each is written to the changelog once, when it is new. */
export class DistinctValues implements WrittenSet {
  readonly #values = new KeyMap<unknown, unknown>()
  #fresh: unknown[] = []
  /** How many of those a checkpoint has. */
  #known = 0

  /** Answers whether it is the first of its kind. */
  add(value: unknown): boolean {
    const key = tableKey(value)
    if (this.#values.has(key)) return false
    this.#values.set(key, value)
    this.#fresh.push(value)
    return true
  }

  /** Takes the values of another in; answers those that are new here. */
  mergeNew(other: DistinctValues): never[] {
    return [...other.#values.values()].filter(value => this.add(value)) as never[]
  }

  takeFresh(): readonly unknown[] {
    const fresh = this.#fresh
    this.#fresh = []
    this.#known = 0
    return fresh
  }

  takeAll(): readonly unknown[] {
    this.#known = this.#fresh.length
    return [...this.#values.values()]
  }

  forget(): readonly unknown[] {
    const unknown = new KeySet<unknown>(
      this.#fresh.slice(this.#known).map(value => tableKey(value))
    )
    const known = [...this.#values].filter(([key]) => !unknown.has(key))
    this.#fresh = [...this.#values.values()]
    this.#known = 0
    return known.map(([, value]) => value)
  }

  restore(value: unknown): void {
    this.#values.set(tableKey(value), value)
  }
}
