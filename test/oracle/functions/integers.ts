import { fitInteger } from '../cast.ts'
import { compareDecimal, type Decimal, isDecimal, makeDecimal } from '../decimal.ts'
import { compareValues } from '../compare.ts'
import { Failure } from '../failure.ts'
import type { Value } from '../value.ts'
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
  width_bucket: {
    evaluate: (args: readonly never[], types: CallTypes) =>
      args.length === 2
        ? bucketAmong(args as unknown as readonly [Value, readonly Value[]], types)
        : bucket(args as unknown as Parameters<typeof bucket>[0])
  },
  scale: { evaluate: ([value]: readonly [Decimal]) => BigInt(value.scale) },
  min_scale: { evaluate: ([value]: readonly [Decimal]) => BigInt(withoutZeros(value).scale) },
  trim_scale: { evaluate: ([value]: readonly [Decimal]) => withoutZeros(value) }
}

/** How many bounds of an array, which should ascend, are not above a value: each half is looked at in turn. */
function bucketAmong(
  [value, bounds]: readonly [Value, readonly Value[]],
  { types }: CallTypes
): bigint {
  if (bounds.includes(null)) throw new Failure('null-bound', 'a bound is NULL')
  const find = (from: number, to: number): number => {
    if (from === to) return from
    const middle = (from + to) >> 1
    const isAbove = compareValues(bounds[middle]! as never, value as never, types[0]!) > 0
    return isAbove ? find(from, middle) : find(middle + 1, to)
  }
  return BigInt(find(0, bounds.length))
}

function withoutZeros(value: Decimal): Decimal {
  const { unscaled, scale } = value
  return scale > 0 && unscaled % 10n === 0n
    ? withoutZeros(makeDecimal(unscaled / 10n, scale - 1))
    : value
}
