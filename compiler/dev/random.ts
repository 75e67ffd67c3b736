/** Numbers from 0 up to 1. */
export type Random = () => number

/** A generator of 32-bit randoms from a seed (mulberry32): the same seed, the same rows. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!
}

/** From `low` to `high`, both included. */
export function wholeNumber(low: number, high: number, random: Random): number {
  return low + Math.floor(random() * (high - low + 1))
}

/** Normally distributed around 0 with deviation 1 (Box-Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
