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

const TEN: Decimal = { unscaled: 10n, scale: 0 }

export const powerTwins: Twins = {
  sqrt: ofOne(sqrtOf, x => {
    domain(!(x < 0))
    return Math.sqrt(x)
  }),
  cbrt: { evaluate: ([x]: readonly [number]) => Math.cbrt(x) },
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
