import { fitInteger } from '../cast.ts'
import { compareDecimal, type Decimal, isDecimal, makeDecimal } from '../decimal.ts'
import { Failure } from '../failure.ts'
import type { CallTypes, Twins } from './entry.ts'
import { fullText } from './full-text.ts'

type Numeric = bigint | number | Decimal

/** Drops the digits behind a place; a place before the point leaves zeros. */
function truncate({ unscaled, scale }: Decimal, places: number): Decimal {
  if (places >= scale) {
    const added = Math.min(places, 38) - scale
    return makeDecimal(unscaled * 10n ** BigInt(added), scale + added)
  }
  const unit = 10n ** BigInt(scale - Math.max(places, -1000))
  const kept = unscaled - (unscaled % unit)
  return makeDecimal(kept / 10n ** BigInt(scale - Math.max(places, 0)), Math.max(places, 0))
}

function truncateText(value: number, places: number): number {
  if (!Number.isFinite(value) || places > 340 || Math.abs(value) * 10 ** places >= 2 ** 53) {
    return value
  }
  const sign = value < 0 ? '-' : ''
  const text = fullText(Math.abs(value))
  const [whole = '', fraction = ''] = text.split('.')
  if (places >= 0) return Number(`${sign}${whole}.${fraction.slice(0, places)}`)
  const kept = whole.slice(0, places)
  return kept === '' ? Number(`${sign}0`) : Number(`${sign}${kept}${'0'.repeat(-places)}`)
}

function oneScale(a: Decimal, b: Decimal): readonly [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale)
  return [
    a.unscaled * 10n ** BigInt(scale - a.scale),
    b.unscaled * 10n ** BigInt(scale - b.scale),
    scale
  ]
}

const size = (value: bigint): bigint => (value < 0n ? -value : value)
const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? size(a) : divisor(b, a % b))
const multiple = (a: bigint, b: bigint): bigint => (a * b === 0n ? 0n : size(a * b) / divisor(a, b))

function ofTwo(compute: (a: bigint, b: bigint) => bigint) {
  return {
    evaluate: ([a, b]: readonly [bigint | Decimal, bigint | Decimal], { result }: CallTypes) => {
      if (!isDecimal(a) || !isDecimal(b))
        return fitInteger(compute(a as bigint, b as bigint), result.kind)
      const [x, y, scale] = oneScale(a, b)
      return makeDecimal(compute(x, y), scale)
    }
  }
}

/** In which of `count` parts from `low` to `high` a number lies. */
function bucket([x, low, high, count]: readonly [Numeric, Numeric, Numeric, bigint]): bigint {
  if (count < 1n) throw new Failure('out-of-domain', 'no bucket')
  if (isDecimal(x) && isDecimal(low) && isDecimal(high)) return decimalBucket(x, low, high, count)
  return doubleBucket(Number(x), Number(low), Number(high), count)
}

function doubleBucket(x: number, low: number, high: number, count: bigint): bigint {
  if (Number.isNaN(x) || !Number.isFinite(low) || !Number.isFinite(high) || low === high) {
    throw new Failure('out-of-domain', 'no buckets')
  }
  // Downwards is upwards of the opposite numbers.
  if (low > high) return doubleBucket(-x, -low, -high, count)
  if (x < low) return 0n
  if (x >= high) return fitInteger(count + 1n, 'Int')
  const width = high - low
  const part = width === Infinity ? (x / 2 - low / 2) / (high / 2 - low / 2) : (x - low) / width
  const index = BigInt(Math.trunc(Number(count) * part))
  return (index >= count ? count - 1n : index) + 1n
}

function decimalBucket(x: Decimal, low: Decimal, high: Decimal, count: bigint): bigint {
  const order = compareDecimal(low, high)
  if (order === 0) throw new Failure('out-of-domain', 'bounds')
  if (compareDecimal(x, low) * order > 0) return 0n
  if (compareDecimal(x, high) * order <= 0) return fitInteger(count + 1n, 'Int')
  const scale = Math.max(x.scale, low.scale, high.scale)
  const [value, from, to] = [x, low, high].map(
    each => each.unscaled * 10n ** BigInt(scale - each.scale)
  ) as [bigint, bigint, bigint]
  return (size(value - from) * count) / size(to - from) + 1n
}

export const integerTwins: Twins = {
  trunc: {
    evaluate: ([x, digits]: readonly [Numeric, bigint?]) => {
      if (isDecimal(x)) return truncate(x, Number(digits ?? 0n))
      return digits === undefined ? Math.trunc(Number(x)) : truncateText(Number(x), Number(digits))
    }
  },
  div: {
    evaluate: ([a, b]: readonly [Decimal, Decimal]) => {
      const [x, y] = oneScale(a, b)
      if (y === 0n) throw new Failure('division-by-zero', 'division by zero')
      return makeDecimal(x / y, 0)
    }
  },
  gcd: ofTwo(divisor),
  lcm: ofTwo(multiple),
  width_bucket: { evaluate: bucket }
}
