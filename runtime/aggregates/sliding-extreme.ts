type Comparer = (a: never, b: never) => number

/** So many values that are gone stand in front of the others before they are cut off. */
const SLACK = 64

/**
 * The best of values that leave in the order in which they came. One that a better one follows is never the best again, and goes
 * at once: each value is looked at twice, however many there are.
 */
export class SlidingExtreme {
  /** From the best to the latest, each at least as good as those behind it. */
  #values: unknown[] = []
  #first = 0

  /** `sign`: 1 where the greatest is the best, -1 where the smallest is. */
  add(value: unknown, compare: Comparer, sign: 1 | -1): void {
    const values = this.#values
    while (
      values.length > this.#first &&
      compare(value as never, values.at(-1) as never) * sign > 0
    ) {
      values.pop()
    }
    values.push(value)
  }

  /** The oldest of all that have come and not left. */
  remove(value: unknown, compare: Comparer): void {
    const values = this.#values
    if (values.length === this.#first) return
    if (compare(value as never, values[this.#first] as never) !== 0) return
    this.#first++
    if (this.#first <= SLACK || 2 * this.#first <= values.length) return
    values.splice(0, this.#first)
    this.#first = 0
  }

  /** Of the type that the values have; null: there is none. */
  best(): never {
    return (this.#values[this.#first] ?? null) as never
  }

  save(): unknown {
    return this.#values.slice(this.#first)
  }

  static load(saved: unknown): SlidingExtreme {
    const extreme = new SlidingExtreme()
    extreme.#values = [...(saved as readonly unknown[])]
    return extreme
  }
}
