import { Failure } from '../failure.ts'
import type { FunctionTwin, Twins } from './entry.ts'

type Vector = readonly (number | null)[]
type Pair = readonly [a: number, b: number]

/** Of two vectors of one size; NULL where a number is NULL. */
function ofPairs(compute: (pairs: readonly Pair[]) => number): FunctionTwin {
  return {
    evaluate: ([a, b]: readonly [Vector, Vector]) => {
      if (a.length !== b.length) throw new Failure('wrong-dimensions', `${a.length}, ${b.length}`)
      if (a.includes(null) || b.includes(null)) return null
      return compute(a.map((x, i) => [x!, b[i]!]))
    }
  }
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0)
const inner = (pairs: readonly Pair[]): number => total(pairs.map(([x, y]) => x * y))

function cosineDistance(pairs: readonly Pair[]): number {
  const squares = inner(pairs.map(([x]) => [x, x])) * inner(pairs.map(([, y]) => [y, y]))
  const cosine = inner(pairs) / Math.sqrt(squares)
  return Number.isNaN(cosine) ? NaN : 1 - Math.min(1, Math.max(-1, cosine))
}

export const vectorTwins: Twins = {
  cosine_distance: ofPairs(cosineDistance),
  l2_distance: ofPairs(pairs => Math.sqrt(total(pairs.map(([x, y]) => (x - y) * (x - y))))),
  l1_distance: ofPairs(pairs => total(pairs.map(([x, y]) => Math.abs(x - y)))),
  inner_product: ofPairs(inner),
  vector_norm: {
    evaluate: ([a]: readonly [Vector]) =>
      a.includes(null) ? null : Math.sqrt(total(a.map(x => x! * x!)))
  },
  vector_dims: { evaluate: ([a]: readonly [Vector]) => BigInt(a.length) }
}
