/** An answer is at most so much of the value off it. */
const ACCURACY = 0.01
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
const LOG_GAMMA = Math.log(GAMMA)

/** The bucket of 1. Those of all doubles are within 38,000 of it: in their order, with the negative ones below zero. */
const ONE = 100_000
const INFINITE = 2 * ONE
/** As in PostgreSQL, behind all others. */
const NOT_A_NUMBER = 3 * ONE

/**
 * Values by how large they are, in buckets of which each is 2 % wider than the one before it: DDSketch, of C. Masson, J. Rim and H.
 * Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees" (VLDB 2019). What comes may leave again,
 * and neither the order of values nor of merges counts. A bucket takes some 40 bytes; values from 1 to a million fall into 691.
 */
export class QuantileSketch {
  readonly #counts = new Map<number, number>()
  #size = 0

  add(value: number): void {
    this.#change(bucketOf(value), 1)
  }

  remove(value: number): void {
    this.#change(bucketOf(value), -1)
  }

  merge(other: QuantileSketch): void {
    for (const [bucket, count] of other.#counts) this.#change(bucket, count)
  }

  #change(bucket: number, by: number): void {
    this.#size += by
    const count = (this.#counts.get(bucket) ?? 0) + by
    if (count === 0) this.#counts.delete(bucket)
    else this.#counts.set(bucket, count)
  }

  /** About the value that this fraction of all is below, or above where they go down; null: there is none. */
  quantile(fraction: number, descending: boolean): number | null {
    if (this.#size === 0) return null
    const sign = descending ? -1 : 1
    const buckets = [...this.#counts.keys()].sort((a, b) => sign * (a - b))
    const rank = Math.floor(fraction * (this.#size - 1))
    let seen = 0
    const found = buckets.find(bucket => (seen += this.#counts.get(bucket)!) > rank)
    return valueOf(found!)
  }

  save(): unknown {
    return [...this.#counts]
  }

  static load(saved: unknown): QuantileSketch {
    const sketch = new QuantileSketch()
    for (const [bucket, count] of saved as readonly (readonly [number, number])[]) {
      sketch.#change(bucket, count)
    }
    return sketch
  }
}

function bucketOf(value: number): number {
  if (Number.isNaN(value)) return NOT_A_NUMBER
  if (!Number.isFinite(value)) return value > 0 ? INFINITE : -INFINITE
  if (value === 0) return 0
  const index = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA) + ONE
  return value > 0 ? index : -index
}

/** In the middle of a bucket: as far from both of its ends, in parts of them. */
function valueOf(bucket: number): number {
  if (bucket === NOT_A_NUMBER) return NaN
  if (Math.abs(bucket) === INFINITE) return bucket > 0 ? Infinity : -Infinity
  if (bucket === 0) return 0
  const size = (2 * Math.exp((Math.abs(bucket) - ONE) * LOG_GAMMA)) / (GAMMA + 1)
  return bucket > 0 ? size : -size
}
