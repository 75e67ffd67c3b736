import type { WrittenSet } from '../contract/index.ts'
import { tableKey } from '../state/table-key.ts'

/** The different values of rows that never leave. Each is written to the changelog once, when it is new. */
export class DistinctValues implements WrittenSet {
  /** In the order of their coming: those that are not written come last. */
  readonly #values = new Map<unknown, unknown>()
  #fresh: unknown[] = []
  /** How many the changelog or a checkpoint has. */
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
    this.#known = this.#values.size
    return fresh
  }

  takeAll(): readonly unknown[] {
    this.#known = this.#values.size
    return [...this.#values.values()]
  }

  forget(): readonly unknown[] {
    const all = [...this.#values.values()]
    const known = all.slice(0, this.#known)
    this.#fresh = all
    this.#known = 0
    return known
  }

  restore(value: unknown): void {
    this.#values.set(tableKey(value), value)
    this.#known = this.#values.size
  }
}
