import type { AggregateCall } from '../../compiler/ir/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { compareValues } from './compare.ts'
import { compareRows } from './compare-rows.ts'
import {
  addDecimal,
  type Decimal,
  divideDecimal,
  isDecimal,
  makeDecimal,
  rescale,
  showDecimal
} from './decimal.ts'
import { evalExpr, evalTest } from './eval.ts'
import type { Row, Value } from './value.ts'

type Present = Exclude<Value, null>
/** The arguments of each row that counts; none of them NULL. */
type Counted = readonly (readonly Present[])[]

/** What an aggregate is over all rows of a group, computed from the beginning. */
export function evalAggregate(call: AggregateCall, rows: readonly Row[]): Value {
  const { name, args, distinct, filter } = call
  const kept = filter === null ? rows : rows.filter(row => evalTest(filter, row))
  const counted: Present[][] = []
  for (const row of inOrder(kept, call)) {
    const values = args.map(arg => evalExpr(arg, row))
    if (takesNull.has(name) || !values.includes(null)) counted.push(values as Present[])
  }
  const types = args.map(arg => arg.type)
  return aggregates[name]!(
    distinct ? onlyFirst(counted, types[0]!) : counted,
    types,
    call.fraction!
  )
}

const takesNull: ReadonlySet<string> = new Set(['array_agg', 'first_value', 'last_value'])

/** Rows that are equal by ORDER BY stay as they came. */
function inOrder(rows: readonly Row[], { orderBy }: AggregateCall): readonly Row[] {
  return rows.toSorted((a, b) => compareRows(a, b, orderBy))
}

function onlyFirst(counted: Counted, type: SqlType): Counted {
  return counted.filter(
    ([value], i) =>
      !counted.slice(0, i).some(([other]) => compareValues(value!, other!, type) === 0)
  )
}

type Evaluate = (counted: Counted, types: readonly SqlType[], fraction: number) => Value

/** The aggregates that have a slow twin. */
export const aggregates: Readonly<Record<string, Evaluate>> = {
  count: counted => BigInt(counted.length),
  sum: (counted, [type]) => (counted.length === 0 ? null : sumOf(counted, type!)),
  avg: (counted, [type]) => (counted.length === 0 ? null : averageOf(counted, type!)),
  min: (counted, [type]) => best(counted, type!, -1),
  max: (counted, [type]) => best(counted, type!, 1),
  bool_and: counted => (counted.length === 0 ? null : counted.every(([value]) => value === true)),
  bool_or: counted => (counted.length === 0 ? null : counted.some(([value]) => value === true)),
  string_agg: counted =>
    counted.length === 0
      ? null
      : counted.map(([text, mark], i) => (i === 0 ? '' : String(mark)) + String(text)).join(''),
  array_agg: counted => (counted.length === 0 ? null : counted.map(([value]) => value!)),
  first_value: counted => counted[0]?.[0] ?? null,
  last_value: counted => counted.at(-1)?.[0] ?? null,
  mode: (counted, [type]) => mostFrequent(counted, type!),
  percentile_cont: (counted, _types, fraction) => between(counted, fraction),
  percentile_disc: (counted, _types, fraction) =>
    counted.find((_, i) => i + 1 >= fraction * counted.length)?.[0] ?? null,
  approx_count_distinct: (counted, [type]) => BigInt(onlyFirst(counted, type!).length),
  approx_percentile: (counted, _types, fraction) => {
    if (counted.length === 0) return null
    return middleOfBucket(numberOf(counted[Math.floor(fraction * (counted.length - 1))]![0]!))
  },
  corr: correlation,
  var_pop: counted => variance(counted, 0),
  var_samp: counted => variance(counted, 1),
  stddev_pop: counted => root(variance(counted, 0)),
  stddev_samp: counted => root(variance(counted, 1))
}

function isInteger({ kind }: SqlType): boolean {
  return kind === 'SmallInt' || kind === 'Int' || kind === 'BigInt'
}

function sumOf(counted: Counted, type: SqlType): Value {
  if (isInteger(type)) {
    const sum = counted.reduce((total, [value]) => total + (value as bigint), 0n)
    return type.kind === 'BigInt' ? makeDecimal(sum, 0) : sum
  }
  if (type.kind === 'Decimal') return addDecimal(sumOfDecimals(counted), makeDecimal(0n, 0))
  return counted.reduce((total, [value]) => total + (value as number), 0)
}

/** It may have more digits than a DECIMAL: what is made of it has to fit. */
function sumOfDecimals(counted: Counted): Decimal {
  const values = counted.map(([value]) => value as Decimal)
  const scale = Math.max(...values.map(value => value.scale))
  const sum = values.reduce((total, value) => total + rescale(value, scale).unscaled, 0n)
  return { unscaled: sum, scale }
}

function averageOf(counted: Counted, type: SqlType): Value {
  const count = makeDecimal(BigInt(counted.length), 0)
  if (type.kind === 'Decimal') return divideDecimal(sumOfDecimals(counted), count)
  const sum = sumOf(counted, type)
  return (isDecimal(sum) ? Number(showDecimal(sum)) : Number(sum)) / counted.length
}

function best(counted: Counted, type: SqlType, sign: 1 | -1): Value {
  return counted.reduce<Value>(
    (sofar, [value]) =>
      sofar === null || compareValues(value!, sofar, type) * sign > 0 ? value! : sofar,
    null
  )
}

function mostFrequent(counted: Counted, type: SqlType): Value {
  const frequency = (value: Present): number =>
    counted.filter(([other]) => compareValues(other!, value, type) === 0).length
  const most = Math.max(...counted.map(([value]) => frequency(value!)))
  return counted.find(([value]) => frequency(value!) === most)?.[0] ?? null
}

/** The values are in order. */
function between(counted: Counted, fraction: number): Value {
  if (counted.length === 0) return null
  const place = fraction * (counted.length - 1)
  const low = numberOf(counted[Math.floor(place)]![0]!)
  const high = numberOf(counted[Math.ceil(place)]![0]!)
  return low === high ? low : low + (place - Math.floor(place)) * (high - low)
}

/** Buckets end at powers of 1.01 / 0.99; what stands for one is as far from both of its ends, in parts of them. */
function middleOfBucket(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value
  const base = 1.01 / 0.99
  const end = base ** Math.ceil(Math.log(Math.abs(value)) / Math.log(base))
  return (Math.sign(value) * 2 * end) / (base + 1)
}

/** The sum of the products of what both are off their means, over the root of that of the squares. */
function correlation(counted: Counted): Value {
  const pairs = counted.map(pair => pair.map(numberOf))
  const mean = (i: number): number => pairs.reduce((sum, pair) => sum + pair[i]!, 0) / pairs.length
  const means = [mean(0), mean(1)]
  const products = (i: number, j: number): number =>
    pairs.reduce((sum, pair) => sum + (pair[i]! - means[i]!) * (pair[j]! - means[j]!), 0)
  const square = products(0, 0) * products(1, 1)
  return square === 0 || pairs.length === 0 ? null : products(0, 1) / Math.sqrt(square)
}

function numberOf(value: Present): number {
  return isDecimal(value) ? Number(showDecimal(value)) : Number(value)
}

/** In two passes: first the mean, then the squares of what is off it. */
function variance(counted: Counted, less: 0 | 1): number | null {
  if (counted.length <= less) return null
  const numbers = counted.map(([value]) => numberOf(value!))
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length
  const squares = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return squares / (numbers.length - less)
}

function root(value: number | null): number | null {
  return value === null ? null : Math.sqrt(value)
}
