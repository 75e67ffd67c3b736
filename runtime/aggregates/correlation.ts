/** Two numbers' means and how they vary together, by Welford's method. */
export class Correlation {
  #count = 0
  #meanA = 0
  #meanB = 0
  #squaresA = 0
  #squaresB = 0
  #products = 0

  add(a: number, b: number): void {
    this.#count++
    const deltaA = a - this.#meanA
    const deltaB = b - this.#meanB
    this.#meanA += deltaA / this.#count
    this.#meanB += deltaB / this.#count
    this.#squaresA += deltaA * (a - this.#meanA)
    this.#squaresB += deltaB * (b - this.#meanB)
    this.#products += deltaA * (b - this.#meanB)
  }

  /** Takes the pairs of another in: see `Moments.merge`. */
  merge(other: Correlation): void {
    if (other.#count === 0) return
    const count = this.#count + other.#count
    const weight = (this.#count * other.#count) / count
    const deltaA = other.#meanA - this.#meanA
    const deltaB = other.#meanB - this.#meanB
    this.#meanA += (deltaA * other.#count) / count
    this.#meanB += (deltaB * other.#count) / count
    this.#squaresA += other.#squaresA + deltaA * deltaA * weight
    this.#squaresB += other.#squaresB + deltaB * deltaB * weight
    this.#products += other.#products + deltaA * deltaB * weight
    this.#count = count
  }

  /** Pearson's coefficient; null where one of them does not vary. */
  coefficient(): number | null {
    if (this.#squaresA === 0 || this.#squaresB === 0) return null
    return this.#products / Math.sqrt(this.#squaresA * this.#squaresB)
  }

  save(): unknown {
    return [
      ...[this.#count, this.#meanA, this.#meanB],
      ...[this.#squaresA, this.#squaresB, this.#products]
    ]
  }

  static load(saved: unknown): Correlation {
    const one = new Correlation()
    const [count, meanA, meanB, squaresA, squaresB, products] = saved as number[]
    one.#count = count!
    one.#meanA = meanA!
    one.#meanB = meanB!
    one.#squaresA = squaresA!
    one.#squaresB = squaresB!
    one.#products = products!
    return one
  }
}

/** As `Correlation`, of pairs that come and go. */
export function correlationOf(pairs: readonly (readonly [number, number])[]): number | null {
  const all = new Correlation()
  for (const [a, b] of pairs) all.add(a, b)
  return all.coefficient()
}
