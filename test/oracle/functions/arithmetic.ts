import type { SqlType } from '../../../compiler/types/index.ts'
import { fitInteger } from '../cast.ts'
import {
  addDecimal,
  type Decimal,
  divideDecimal,
  isDecimal,
  multiplyDecimal,
  negateDecimal,
  remainderDecimal
} from '../decimal.ts'
import { Failure } from '../failure.ts'
import { isInterval, negate } from '../interval.ts'
import type { Value } from '../value.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'
import { addTimes, scaleInterval, subtractTimes } from './time-arithmetic.ts'

type Present = Exclude<Value, null>

type Numeric = bigint | number | Decimal

interface Operations {
  readonly integers: (a: bigint, b: bigint) => bigint
  readonly doubles: (a: number, b: number) => number
  readonly decimals: (a: Decimal, b: Decimal) => Decimal
}

/** Integers stay in their width, doubles do not overflow into infinity, decimals are exact. */
function arithmetic({ integers, doubles, decimals }: Operations) {
  return {
    evaluate: ([a, b]: readonly [Numeric, Numeric], { result }: CallTypes): Numeric => {
      if (typeof a === 'bigint' && typeof b === 'bigint') {
        return fitInteger(integers(a, b), result.kind)
      }
      if (isDecimal(a) && isDecimal(b)) return decimals(a, b)
      const exact = fitDouble(doubles(Number(a), Number(b)), Number(a), Number(b))
      return result.kind === 'Real' ? fitReal(exact, Number(a), Number(b)) : exact
    }
  }
}

/** An infinity that did not come in is an overflow. */
function fitDouble(result: number, ...args: readonly number[]): number {
  if (Math.abs(result) === Infinity && args.every(Number.isFinite)) {
    throw new Failure('out-of-range', 'overflow')
  }
  return result
}

/** To single precision. */
function fitReal(exact: number, ...args: readonly number[]): number {
  const result = fitDouble(Math.fround(exact), ...args)
  if (result === 0 && exact !== 0) throw new Failure('out-of-range', 'underflow')
  return result
}

/** A zero that non-zero numbers give is an underflow. */
function fitSmall(result: number, ...args: readonly number[]): number {
  if (result === 0 && args.every(arg => arg !== 0 && Number.isFinite(arg))) {
    throw new Failure('out-of-range', 'underflow')
  }
  return result
}

function nonZero<T extends bigint | number>(divisor: T): T {
  if (Number(divisor) === 0) throw new Failure('division-by-zero', 'division by zero')
  return divisor
}

/** Operators of dates, times and intervals share their names with those of numbers. */
function orTimes(
  numbers: FunctionTwin,
  times: (args: readonly Present[], types: readonly SqlType[]) => Value | undefined
): FunctionTwin {
  return {
    evaluate: (args: readonly Present[], types: CallTypes) =>
      times(args, types.types) ?? numbers.evaluate(args as never, types)
  }
}

/** The interval and the number of a product or quotient; undefined for two numbers. */
function scaled(
  [a, b]: readonly Present[],
  scale: (part: number, by: number) => number
): Value | undefined {
  if (isInterval(a)) return scaleInterval(a, part => scale(part, Number(b)))
  return isInterval(b) ? scaleInterval(b, part => scale(part, Number(a))) : undefined
}

const numberTwins: Twins = {
  add: arithmetic({
    integers: (a, b) => a + b,
    doubles: (a, b) => a + b,
    decimals: addDecimal
  }),
  subtract: arithmetic({
    integers: (a, b) => a - b,
    doubles: (a, b) => a - b,
    decimals: (a, b) => addDecimal(a, negateDecimal(b))
  }),
  multiply: arithmetic({
    integers: (a, b) => a * b,
    doubles: (a, b) => fitSmall(a * b, a, b),
    decimals: multiplyDecimal
  }),
  divide: arithmetic({
    integers: (a, b) => a / nonZero(b),
    doubles: (a, b) => fitSmall(a / nonZero(b), a, b),
    decimals: divideDecimal
  }),
  modulo: arithmetic({
    integers: (a, b) => a % nonZero(b),
    doubles: (a, b) => a % nonZero(b),
    decimals: remainderDecimal
  }),
  negate: {
    evaluate: ([a]: readonly [Numeric], { result }: CallTypes): Numeric => {
      if (typeof a === 'bigint') return fitInteger(-a, result.kind)
      return isDecimal(a) ? negateDecimal(a) : -a
    }
  }
}

export const arithmeticTwins: Twins = {
  ...numberTwins,
  add: orTimes(numberTwins['add']!, addTimes),
  subtract: orTimes(numberTwins['subtract']!, subtractTimes),
  multiply: orTimes(numberTwins['multiply']!, args => scaled(args, (part, by) => part * by)),
  divide: orTimes(numberTwins['divide']!, args => scaled(args, (part, by) => part / nonZero(by))),
  negate: orTimes(numberTwins['negate']!, ([a]) => (isInterval(a) ? negate(a) : undefined))
}
