/** Count, mean and squared deviations, by Welford's method: no difference of large sums. */
export class Moments {
  #count = 0
  #mean = 0
  #squares = 0

  add(value: number): void {
    this.#count++
    const delta = value - this.#mean
    this.#mean += delta / this.#count
    this.#squares += delta * (value - this.#mean)
  }

  /** Takes the values of another in, after T. Chan, G. Golub and R. LeVeque, "Updating Formulae" (1979). */
  merge(other: Moments): void {
    if (other.#count === 0) return
    const count = this.#count + other.#count
    const delta = other.#mean - this.#mean
    this.#mean += (delta * other.#count) / count
    this.#squares += other.#squares + (delta * delta * this.#count * other.#count) / count
    this.#count = count
  }

  /** Null: fewer values than it takes. */
  variance(isSample: boolean): number | null {
    const divisor = isSample ? this.#count - 1 : this.#count
    return divisor < 1 ? null : this.#squares / divisor
  }

  deviation(isSample: boolean): number | null {
    const variance = this.variance(isSample)
    return variance === null ? null : Math.sqrt(variance)
  }

  save(): unknown {
    return [this.#count, this.#mean, this.#squares]
  }

  static load(saved: unknown): Moments {
    const moments = new Moments()
    const [count, mean, squares] = saved as readonly [number, number, number]
    moments.#count = count
    moments.#mean = mean
    moments.#squares = squares
    return moments
  }
}

/** The variance of values that come and go: from the beginning, so that nothing of what left stays. */
export function varianceOf(values: readonly number[], isSample: boolean): number | null {
  const moments = new Moments()
  for (const value of values) moments.add(value)
  return moments.variance(isSample)
}

export function deviationOf(values: readonly number[], isSample: boolean): number | null {
  const variance = varianceOf(values, isSample)
  return variance === null ? null : Math.sqrt(variance)
}
