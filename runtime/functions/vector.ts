import { failure } from '../sql/failure.ts'

// Distances of vectors, in double precision. A VECTOR is a Float64Array; arrays of numbers do as well.

type Vector = Float64Array | readonly (number | null)[]

function checkSizes(a: Vector, b: Vector, site: number): void {
  if (a.length === b.length) return
  const message = `vectors of ${a.length} and ${b.length} numbers have no distance`
  throw failure(site, 'wrong-dimensions', message)
}

/** The sum over both vectors' elements; NULL where one of them is. */
function sum(
  a: Vector,
  b: Vector,
  site: number,
  term: (x: number, y: number) => number
): number | null {
  checkSizes(a, b, site)
  let total = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!
    const y = b[i]!
    if (x === null || y === null) return null
    total += term(x, y)
  }
  return total
}

const product = (x: number, y: number): number => x * y
const square = (x: number, y: number): number => (x - y) * (x - y)
const distance = (x: number, y: number): number => Math.abs(x - y)

export function innerProduct(a: Vector, b: Vector, site: number): number | null {
  return sum(a, b, site, product)
}
/** Euclid's. */
export function l2Distance(a: Vector, b: Vector, site: number): number | null {
  const total = sum(a, b, site, square)
  return total === null ? null : Math.sqrt(total)
}
/** Along the axes. */
export function l1Distance(a: Vector, b: Vector, site: number): number | null {
  return sum(a, b, site, distance)
}
/** 1 less the cosine of the angle; NaN where one of them is all zeros. */
export function cosineDistance(a: Vector, b: Vector, site: number): number | null {
  const dot = sum(a, b, site, product)
  const squareA = sum(a, a, site, product)
  const squareB = sum(b, b, site, product)
  if (dot === null || squareA === null || squareB === null) return null
  const cosine = dot / Math.sqrt(squareA * squareB)
  // Rounding may leave the range of a cosine.
  return 1 - Math.max(-1, Math.min(1, cosine))
}
/** The length of a vector. */
export function vectorNorm(a: Vector): number | null {
  const total = sum(a, a, -1, product)
  return total === null ? null : Math.sqrt(total)
}
