import { failure } from '../sql/failure.ts'
import { divisionByZero } from './small-integer.ts'

// REAL arithmetic: computed as DOUBLE, which holds sums and products of two exactly enough to round once, then rounded to
// single precision. Overflow and underflow fail, as in PostgreSQL.

export function addReal(a: number, b: number, site: number): number {
  return checkReal(a + b, a, b, false, site)
}
export function subtractReal(a: number, b: number, site: number): number {
  return checkReal(a - b, a, b, false, site)
}
export function multiplyReal(a: number, b: number, site: number): number {
  return checkReal(a * b, a, b, a !== 0 && b !== 0, site)
}
export function divideReal(a: number, b: number, site: number): number {
  if (b === 0 && !Number.isNaN(a)) throw divisionByZero(site)
  return checkReal(a / b, a, b, a !== 0 && Number.isFinite(b), site)
}

function checkReal(
  exact: number,
  a: number,
  b: number,
  mayUnderflow: boolean,
  site: number
): number {
  const result = Math.fround(exact)
  const overflows = Math.abs(result) === Infinity && Number.isFinite(a) && Number.isFinite(b)
  if (overflows || (mayUnderflow && result === 0)) {
    const size = overflows ? 'large' : 'small'
    throw failure(site, 'out-of-range', `the result is too ${size} for REAL`)
  }
  return result
}
