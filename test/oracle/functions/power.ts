import { compareDecimal, type Decimal, isDecimal, makeDecimal } from '../decimal.ts'
import { expOf, lnOf, logOf, powerOf, sqrtOf } from '../decimal-analysis.ts'
import { Failure } from '../failure.ts'
import type { Value } from '../value.ts'
import type { FunctionTwin, Twins } from './entry.ts'

type Real = number | Decimal

function ofOne(decimals: (x: Decimal) => Decimal, doubles: (x: number) => number): FunctionTwin {
  return { evaluate: ([x]: readonly [Real]) => (isDecimal(x) ? decimals(x) : doubles(x)) }
}

function domain(holds: boolean): void {
  if (!holds) throw new Failure('out-of-domain', 'no such value')
}

/** An overflow or underflow: finite arguments, but no number that a double could hold. */
function inRange(result: number, ...args: readonly number[]): number {
  if (args.every(Number.isFinite) && (result === 0 || !Number.isFinite(result))) {
    throw new Failure('out-of-range', String(result))
  }
  return result
}

function log(x: number): number {
  domain(!(x <= 0))
  return Math.log(x)
}

function log10(x: number): number {
  domain(!(x <= 0))
  return Math.log10(x)
}

function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1
  if (Number.isNaN(x + y) && (Number.isNaN(x) || Number.isNaN(y))) return NaN
  domain(x !== 0 || y > 0)
  domain(x >= 0 || Math.trunc(y) === y)
  if (x === -1 && Math.abs(y) === Infinity) return 1
  return x === 0 ? Math.pow(x, y) : inRange(Math.pow(x, y), x, y)
}

/** Lanczos' approximation with g = 7 and nine terms. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7
]

function logGamma(x: number): number {
  if (x < 0.5) {
    return Math.log(Math.PI) - Math.log(Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x)
  }
  const t = x + 6.5
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (x - 1 + i)), 0)
  return Math.log(2 * Math.PI) / 2 + (x - 0.5) * Math.log(t) - t + Math.log(sum)
}

function isPole(x: number): boolean {
  return x <= 0 && Math.trunc(x) === x
}

function gamma(x: number): number {
  if (Number.isNaN(x) || x === Infinity) return x
  if (isPole(x)) throw new Failure('out-of-range', 'a pole')
  const sign = x > 0 || Math.floor(x) % 2 === 0 ? 1 : -1
  return inRange(sign * Math.exp(logGamma(x)), x)
}

function lgamma(x: number): number {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? x : Infinity
  if (isPole(x) || x > 2.55e305) throw new Failure('out-of-range', 'a pole')
  return x === 1 || x === 2 ? 0 : logGamma(x)
}

function squareRoot(x: number): number {
  domain(!(x < 0))
  return Math.sqrt(x)
}

const TEN: Decimal = { unscaled: 10n, scale: 0 }

export const powerTwins: Twins = {
  sqrt: ofOne(sqrtOf, squareRoot),
  cbrt: { evaluate: ([x]: readonly [number]) => Math.cbrt(x) },
  square_root: ofOne(sqrtOf, squareRoot),
  cube_root: { evaluate: ([x]: readonly [number]) => Math.cbrt(x) },
  exp: ofOne(expOf, x => inRange(Math.exp(x), x)),
  ln: ofOne(lnOf, log),
  log10: ofOne(x => logOf(TEN, x), log10),
  log: {
    evaluate: ([a, b]: readonly [Real, Real?]) => {
      if (isDecimal(a)) return isDecimal(b) ? logOf(a, b) : logOf(TEN, a)
      if (b === undefined) return log10(a)
      domain(a > 0 || Number.isNaN(a))
      domain(Number(b) > 0 || Number.isNaN(b))
      if (a === 1) throw new Failure('division-by-zero', 'base 1')
      if (a === 2) return Math.log2(Number(b))
      return a === 10 ? log10(Number(b)) : log(Number(b)) / log(a)
    }
  },
  power: {
    evaluate: ([x, y]: readonly [Real, Real]) =>
      isDecimal(x) ? powerOf(x, y as Decimal) : power(x, Number(y))
  },
  gamma: { evaluate: ([x]: readonly [number]) => gamma(x) },
  lgamma: { evaluate: ([x]: readonly [number]) => lgamma(x) },
  factorial: {
    evaluate: ([n]: readonly [bigint]): Value => {
      domain(n >= 0n)
      if (n > 1000n) throw new Failure('out-of-range', 'more than 38 digits')
      const factors = Array.from({ length: Number(n) }, (_, i) => BigInt(i + 1))
      return makeDecimal(
        factors.reduce((product, factor) => product * factor, 1n),
        0
      )
    }
  },
  sign: {
    evaluate: ([x]: readonly [Real]) => {
      if (!isDecimal(x)) return Math.sign(x) || 0
      return { unscaled: BigInt(compareDecimal(x, { unscaled: 0n, scale: 0 })), scale: 0 }
    }
  },
  // Volatile: nothing is compared but that it lies in its range.
  random: { evaluate: () => 0.5 }
}
