import { addToParts, compressParts, roundParts } from './double-parts.ts'

/** From so many on it is looked whether fewer would do, before another number is added. */
export const MANY_PARTS = 4

/** How many numbers of an array a sum takes: see runtime/state/packed-sum.ts. */
export const SUM_WIDTH = 1 + MANY_PARTS

/** A sum as a changelog keeps it: parts, how many values, and of those how many are Infinity, -Infinity and NaN. */
export type SavedSum = readonly [
  parts: readonly number[],
  count: number,
  infinite: number,
  negativeInfinite: number,
  nan: number
]

/**
 * The sum of doubles without rounding: as parts that do not overlap. What is added and taken away again leaves nothing behind, and the order
 * does not count.
 */
export class DoubleSum {
  #parts: number[] = []
  #count = 0
  /** Values that no part can hold. */
  #infinite = 0
  #negativeInfinite = 0
  #nan = 0

  add(value: number): void {
    this.#count++
    this.#take(value, 1)
  }

  remove(value: number): void {
    this.#count--
    this.#take(value, -1)
  }

  #take(value: number, sign: 1 | -1): void {
    if (Number.isFinite(value)) this.#grow(sign * value)
    else if (Number.isNaN(value)) this.#nan += sign
    else if (value > 0) this.#infinite += sign
    else this.#negativeInfinite += sign
  }

  #grow(added: number): void {
    const parts = this.#parts
    if (parts.length >= MANY_PARTS) parts.length = compressParts(parts, 0, parts.length)
    parts.length = addToParts(parts, 0, parts.length, added)
  }

  get count(): number {
    return this.#count
  }

  /** Null: no value. */
  sum(): number | null {
    if (this.#count === 0) return null
    if (this.#nan > 0 || (this.#infinite > 0 && this.#negativeInfinite > 0)) return NaN
    if (this.#infinite > 0) return Infinity
    if (this.#negativeInfinite > 0) return -Infinity
    return roundParts(this.#parts, 0, this.#parts.length)
  }

  average(): number | null {
    const sum = this.sum()
    return sum === null ? null : sum / this.#count
  }

  save(): SavedSum {
    return [[...this.#parts], this.#count, this.#infinite, this.#negativeInfinite, this.#nan]
  }

  static load(saved: unknown): DoubleSum {
    const sum = new DoubleSum()
    const [parts, count, infinite, negative, nan] = saved as SavedSum
    sum.#parts = [...parts]
    sum.#count = count
    sum.#infinite = infinite
    sum.#negativeInfinite = negative
    sum.#nan = nan
    return sum
  }
}
