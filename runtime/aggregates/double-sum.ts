/**
 * The sum of doubles without rounding: as parts that do not overlap, after J. Shewchuk, "Adaptive Precision Floating-Point
 * Arithmetic" (1997). What is added and taken away again leaves nothing behind, and the order does not count.
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
    let value = added
    let kept = 0
    for (const part of parts) {
      const [large, small] = Math.abs(value) < Math.abs(part) ? [part, value] : [value, part]
      const sum = large + small
      const rest = small - (sum - large)
      if (rest !== 0) parts[kept++] = rest
      value = sum
    }
    parts.length = kept
    if (value !== 0) parts.push(value)
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
    return this.#rounded()
  }

  /** The largest part, rounded half to even by what the smaller ones say. */
  #rounded(): number {
    const parts = this.#parts
    let at = parts.length - 1
    if (at < 0) return 0
    let high = parts[at]!
    let low = 0
    while (at > 0 && low === 0) {
      const before = high
      const part = parts[--at]!
      high = before + part
      low = part - (high - before)
    }
    const next = parts[at - 1]
    if (next !== undefined && ((low < 0 && next < 0) || (low > 0 && next > 0))) {
      const twice = 2 * low
      const nudged = high + twice
      if (twice === nudged - high) return nudged
    }
    return high
  }

  average(): number | null {
    const sum = this.sum()
    return sum === null ? null : sum / this.#count
  }

  save(): unknown {
    return [this.#parts, this.#count, this.#infinite, this.#negativeInfinite, this.#nan]
  }

  static load(saved: unknown): DoubleSum {
    const sum = new DoubleSum()
    const [parts, count, infinite, negative, nan] = saved as [number[], ...number[]]
    sum.#parts = [...parts]
    sum.#count = count!
    sum.#infinite = infinite!
    sum.#negativeInfinite = negative!
    sum.#nan = nan!
    return sum
  }
}
