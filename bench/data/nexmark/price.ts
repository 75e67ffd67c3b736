import type { NexmarkRandom } from './random.ts'

/** Bits of u, as fine as a price can show. */
const BITS = 24

/** 10^(6 / 2^k) by k: with square roots, which IEEE 754 rounds the same everywhere, as it does not `Math.pow`. */
const roots: readonly number[] = Array.from({ length: BITS }).reduce<number[]>(
  found => [...found, Math.sqrt(found.at(-1) ?? 1e6)],
  []
)

/** From 1 to 1,000,000 in cents, each order of magnitude as likely: 100 * 10^(6u), rounded. */
export function nextPrice(random: NexmarkRandom): number {
  let u = random.below(2 ** BITS)
  let price = 100
  for (let k = BITS - 1; k >= 0; k--) {
    if (u % 2 === 1) price *= roots[k]!
    u = Math.floor(u / 2)
  }
  return Math.round(price)
}
