import { fitInteger } from '../cast.ts'
import { compareDecimal, type Decimal, isDecimal, negateDecimal, rescale } from '../decimal.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'
import { fullText } from './full-text.ts'

type Numeric = bigint | number | Decimal
const ZERO: Decimal = { unscaled: 0n, scale: 0 }

/** To a whole number, each type in its own way; integers are whole already. */
function whole(
  doubles: (value: number) => number,
  decimals: (value: Decimal) => Decimal
): FunctionTwin {
  return {
    evaluate: ([value]: readonly [Numeric]) => {
      if (typeof value === 'bigint') return value
      return isDecimal(value) ? decimals(value) : doubles(value)
    }
  }
}

/** The decimal moved to the next whole number below (-1) or above (1). */
function towards(direction: -1 | 1) {
  return (value: Decimal): Decimal => {
    const near = rescale(value, 0)
    const off = compareDecimal(near, value)
    const step = off !== 0 && off !== direction ? BigInt(direction) : 0n
    return { unscaled: near.unscaled + step, scale: 0 }
  }
}

/** PostgreSQL rounds doubles half to even and decimals half away from zero. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest === 0.5) return floor % 2 === 0 ? floor : floor + 1
  return rest < 0.5 ? floor : floor + 1
}

/** With digits, a double rounds as its shortest text does. */
function roundText(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 400) return value
  const [whole = '', fraction = ''] = fullText(Math.abs(value)).split('.')
  if (digits >= fraction.length) return value
  const unit = 10n ** BigInt(fraction.length - Math.max(digits, -400))
  const rounded = (BigInt(whole + fraction) + unit / 2n) / unit
  return Number(`${value < 0 ? '-' : ''}${rounded}e${-digits}`)
}

export const mathTwins: Twins = {
  abs: {
    evaluate: ([value]: readonly [Numeric], { result }: CallTypes) => {
      if (typeof value === 'bigint') return fitInteger(value < 0n ? -value : value, result.kind)
      if (!isDecimal(value)) return Math.abs(value)
      return compareDecimal(value, ZERO) < 0 ? negateDecimal(value) : value
    }
  },
  ceil: whole(Math.ceil, towards(1)),
  floor: whole(Math.floor, towards(-1)),
  round: {
    evaluate: ([value, ...digits]: readonly [Numeric, bigint?]) => {
      const [scale = 0n] = digits
      if (typeof value === 'bigint') return value
      // More digits than a DECIMAL has change nothing.
      if (isDecimal(value)) return rescale(value, Math.max(-99, Math.min(Number(scale), 99)))
      return digits.length === 0 ? roundHalfEven(value) : roundText(value, Number(scale))
    }
  }
}
