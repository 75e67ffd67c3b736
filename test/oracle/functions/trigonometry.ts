import { Failure } from '../failure.ts'
import type { FunctionTwin, Twins } from './entry.ts'

// The same functions of the platform; what is checked is which arguments fail, and that degrees are exact where they should.

const PER_DEGREE = Math.PI / 180

function ofDouble(compute: (x: number) => number, accepts: (x: number) => boolean = () => true) {
  return {
    evaluate: ([x]: readonly [number]) => {
      if (Number.isNaN(x)) return NaN
      if (!accepts(x)) throw new Failure('out-of-domain', String(x))
      return compute(x)
    }
  }
}

const isFinite = (x: number): boolean => Math.abs(x) !== Infinity
const isUnit = (x: number): boolean => x >= -1 && x <= 1

/** Sine and cosine of degrees from 0 to 90, as PostgreSQL has them: exact at 0, 30, 60 and 90. */
const sine = (x: number): number =>
  x <= 30 ? Math.sin(x * PER_DEGREE) / Math.sin(30 * PER_DEGREE) / 2 : cosine(90 - x)
const cosine = (x: number): number =>
  x <= 60 ? 1 - (1 - Math.cos(x * PER_DEGREE)) / (1 - Math.cos(60 * PER_DEGREE)) / 2 : sine(90 - x)

/** Brings an angle to 0 to 90 degrees: which signs sine and cosine get. */
function turn(x: number): { angle: number; sine: number; cosine: number } {
  const rest = Math.abs(x % 360)
  const sign = x % 360 < 0 ? -1 : 1
  if (rest <= 90) return { angle: rest, sine: sign, cosine: 1 }
  if (rest <= 180) return { angle: 180 - rest, sine: sign, cosine: -1 }
  if (rest < 270) return { angle: rest - 180, sine: -sign, cosine: -1 }
  return { angle: 360 - rest, sine: -sign, cosine: 1 }
}

const sind = (x: number): number => turn(x).sine * sine(turn(x).angle)
const cosd = (x: number): number => turn(x).cosine * cosine(turn(x).angle)

/** A ratio whose value at 45 degrees is 1; zero has no sign. */
function ratio(above: (x: number) => number, below: (x: number) => number) {
  return (x: number): number => {
    const at = turn(x)
    const size = above(at.angle) / below(at.angle) / (above(45) / below(45))
    const signed = at.sine * at.cosine * size
    return signed === 0 ? 0 : signed
  }
}

const asine = (x: number): number =>
  x <= 0.5 ? (Math.asin(x) / Math.asin(0.5)) * 30 : 90 - (Math.acos(x) / Math.acos(0.5)) * 60
const acosine = (x: number): number =>
  x <= 0.5 ? 90 - (Math.asin(x) / Math.asin(0.5)) * 30 : (Math.acos(x) / Math.acos(0.5)) * 60

const ofTwo = (compute: (y: number, x: number) => number): FunctionTwin => ({
  evaluate: ([y, x]: readonly [number, number]) => compute(y, x)
})

function inRange(result: number, x: number): number {
  const lost = Math.abs(result) === Infinity ? isFinite(x) : result === 0 && x !== 0
  if (lost) throw new Failure('out-of-range', String(x))
  return result
}

export const trigonometricTwins: Twins = {
  sin: ofDouble(Math.sin, isFinite),
  cos: ofDouble(Math.cos, isFinite),
  tan: ofDouble(Math.tan, isFinite),
  cot: ofDouble(x => 1 / Math.tan(x), isFinite),
  asin: ofDouble(Math.asin, isUnit),
  acos: ofDouble(Math.acos, isUnit),
  atan: ofDouble(Math.atan),
  atan2: ofTwo(Math.atan2),
  sinh: ofDouble(Math.sinh),
  cosh: ofDouble(Math.cosh),
  tanh: ofDouble(Math.tanh),
  coth: ofDouble(x => 1 / Math.tanh(x)),
  asinh: ofDouble(Math.asinh),
  acosh: ofDouble(Math.acosh, x => x >= 1),
  atanh: ofDouble(Math.atanh, isUnit),
  sind: ofDouble(sind, isFinite),
  cosd: ofDouble(cosd, isFinite),
  tand: ofDouble(ratio(sine, cosine), isFinite),
  cotd: ofDouble(ratio(cosine, sine), isFinite),
  asind: ofDouble(x => (x < 0 ? -asine(-x) : asine(x)), isUnit),
  acosd: ofDouble(x => (x < 0 ? 90 + asine(-x) : acosine(x)), isUnit),
  atand: ofDouble(x => (Math.atan(x) / Math.atan(1)) * 45),
  atan2d: ofTwo((y, x) => (Math.atan2(y, x) / Math.atan(1)) * 45),
  degrees: {
    evaluate: ([x]: readonly [number]) => {
      const result = x / PER_DEGREE
      if (!isFinite(result) && isFinite(x)) throw new Failure('out-of-range', String(x))
      return result
    }
  },
  radians: { evaluate: ([x]: readonly [number]) => inRange(x * PER_DEGREE, x) },
  pi: { evaluate: () => 3.141592653589793 }
}
