import { KeyMap } from '../state/key-map.ts'
import { tableKey } from '../state/table-key.ts'

type Comparer = (a: never, b: never) => number

interface Counted {
  readonly value: unknown
  count: number
}

/** Values with how often each is there: they come and go in any order. */
export class ValueBag {
  readonly #values = new KeyMap<unknown, Counted>()
  #size = 0

  /** How many different ones. */
  get distinct(): number {
    return this.#values.size
  }

  get size(): number {
    return this.#size
  }

  /** Answers whether it is the first of its kind. */
  add(value: unknown): boolean {
    this.#size++
    const key = tableKey(value)
    const known = this.#values.get(key)
    if (known !== undefined) known.count++
    else this.#values.set(key, { value, count: 1 })
    return known === undefined
  }

  /** Answers whether it was the last of its kind. */
  remove(value: unknown): boolean {
    const key = tableKey(value)
    const known = this.#values.get(key)
    if (known === undefined) return false
    this.#size--
    known.count--
    if (known.count > 0) return false
    this.#values.delete(key)
    return true
  }

  /** Takes the values of another in. */
  merge(other: ValueBag): void {
    for (const [key, { value, count }] of other.#values) {
      this.#size += count
      const known = this.#values.get(key)
      if (known === undefined) this.#values.set(key, { value, count })
      else known.count += count
    }
  }

  /** Each value as often as it is there, in order. */
  sorted(compare: Comparer, descending = false): unknown[] {
    const distinct = [...this.#values.values()]
    const sign = descending ? -1 : 1
    distinct.sort((a, b) => sign * compare(a.value as never, b.value as never))
    return distinct.flatMap(({ value, count }) => new Array<unknown>(count).fill(value))
  }

  /** Each value as often as it is there. */
  all(): never[] {
    return [...this.#values.values()].flatMap(({ value, count }) =>
      new Array<never>(count).fill(value as never)
    )
  }

  /** The smallest, of the type that the values have; null: there is none. */
  least(compare: Comparer): never {
    return this.#best(compare, -1)
  }

  greatest(compare: Comparer): never {
    return this.#best(compare, 1)
  }

  #best(compare: Comparer, sign: 1 | -1): never {
    let best: unknown = null
    for (const { value } of this.#values.values()) {
      if (best === null || compare(value as never, best as never) * sign > 0) best = value
    }
    return best as never
  }

  save(): unknown {
    return Array.from(this.#values.values(), ({ value, count }) => [value, count])
  }

  static load(saved: unknown): ValueBag {
    const bag = new ValueBag()
    for (const [value, count] of saved as readonly (readonly [unknown, number])[]) {
      bag.#values.set(tableKey(value), { value, count })
      bag.#size += count
    }
    return bag
  }
}
