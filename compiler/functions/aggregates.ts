import type { AggregateCall } from '../ir/index.ts'
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  isNumeric,
  isOrdered,
  type SqlType,
  TEXT
} from '../types/index.ts'

/** A function of many rows. Its accumulator is in `accumulators.ts`, by the same name. */
export interface AggregateEntry {
  readonly name: string
  readonly aliases: readonly string[]
  /** How many arguments; COUNT takes none as COUNT(*). Of `within` those in WITHIN GROUP. */
  readonly arguments: number
  /** `may`: ORDER BY says in which order values count; `must`: it has to; `within`: the values stand in WITHIN GROUP. */
  readonly order: 'may' | 'must' | 'within'
  /** Whether it takes a fraction from 0 to 1, in front of its values. */
  readonly fraction: boolean
  /** Whether NULLs count. */
  readonly takesNull: boolean
  /** The type of the result; null where the arguments do not fit. */
  result(args: readonly SqlType[]): SqlType | null
  /** Whether it is NULL where no row counts. */
  readonly nullable: boolean
  readonly doc: string
  /** How it is written. */
  readonly example: string
}

const numbers =
  (result: (type: SqlType) => SqlType): AggregateEntry['result'] =>
  ([type]) =>
    type !== undefined && isNumeric(type) ? result(type) : null

function sumType(type: SqlType): SqlType {
  if (type.kind === 'SmallInt' || type.kind === 'Int') return BIGINT
  return type.kind === 'BigInt' || type.kind === 'Decimal' ? DECIMAL : DOUBLE
}

function averageType(type: SqlType): SqlType {
  return type.kind === 'Decimal' ? DECIMAL : DOUBLE
}

const ordered: AggregateEntry['result'] = ([type]) =>
  type !== undefined && isOrdered(type) ? type : null

const truth: AggregateEntry['result'] = ([type]) => (type?.kind === 'Boolean' ? BOOLEAN : null)

const double = numbers(() => DOUBLE)

const twoNumbers: AggregateEntry['result'] = ([a, b]) =>
  a !== undefined && b !== undefined && isNumeric(a) && isNumeric(b) ? DOUBLE : null

const any: AggregateEntry['result'] = ([type]) => type ?? null

type Options = Partial<Pick<AggregateEntry, 'aliases' | 'order' | 'fraction' | 'takesNull'>>

function entry(
  name: string,
  count: number,
  result: AggregateEntry['result'],
  doc: string,
  options: Options = {}
): AggregateEntry {
  const { order = 'may', fraction = false } = options
  return Object.freeze({
    ...{ aliases: [], order: 'may', fraction: false, takesNull: false },
    ...options,
    name,
    arguments: count,
    result,
    nullable: name !== 'count' && name !== 'approx_count_distinct',
    doc,
    example: exampleOf(name, count, order, fraction)
  })
}

function exampleOf(
  name: string,
  count: number,
  order: AggregateEntry['order'],
  fraction: boolean
): string {
  const args = ['a', 'b'].slice(0, count).join(', ')
  if (order === 'within')
    return `${name}(${fraction ? '0.95' : ''}) WITHIN GROUP (ORDER BY ${args})`
  return order === 'must' ? `${name}(${args} ORDER BY ts)` : `${name}(${args})`
}

/** Every aggregate. */
export const aggregates: readonly AggregateEntry[] = [
  entry('count', 1, () => BIGINT, 'How many rows, or how many values that are not NULL.'),
  entry('sum', 1, numbers(sumType), 'The exact sum; of integers and decimals it has every digit.'),
  entry('avg', 1, numbers(averageType), 'The mean: of integers a DOUBLE, from the exact sum.'),
  entry('min', 1, ordered, 'The smallest value.'),
  entry('max', 1, ordered, 'The largest value.'),
  entry('bool_and', 1, truth, 'Whether all values are true.', { aliases: ['every'] }),
  entry('bool_or', 1, truth, 'Whether one value is true.'),
  entry(
    'string_agg',
    2,
    ([a, b]) => (a?.kind === 'Text' && b?.kind === 'Text' ? TEXT : null),
    'The texts, with the second argument between them.'
  ),
  entry('var_samp', 1, double, 'The variance of a sample.', { aliases: ['variance'] }),
  entry('var_pop', 1, double, 'The variance of a population.'),
  entry('stddev_samp', 1, double, 'The standard deviation of a sample.', { aliases: ['stddev'] }),
  entry('stddev_pop', 1, double, 'The standard deviation of a population.'),
  entry('corr', 2, twoNumbers, "The correlation of two numbers: Pearson's coefficient."),
  entry(
    'array_agg',
    1,
    ([type]) => (type === undefined ? null : arrayOf(type)),
    'All values, NULLs too, as an array.',
    {
      takesNull: true
    }
  ),
  entry(
    'first_value',
    1,
    any,
    'The value that comes first by ORDER BY; of equals the one that came first.',
    {
      order: 'must',
      takesNull: true
    }
  ),
  entry(
    'last_value',
    1,
    any,
    'The value that comes last by ORDER BY; of equals the one that came last.',
    {
      order: 'must',
      takesNull: true
    }
  ),
  entry('mode', 1, ordered, 'The most frequent value; of several the first by ORDER BY.', {
    order: 'within'
  }),
  entry(
    'percentile_cont',
    1,
    double,
    'The value that a fraction of all is not above, between two of them where it falls there. Exact.',
    {
      order: 'within',
      fraction: true
    }
  ),
  entry(
    'percentile_disc',
    1,
    ordered,
    'The first value that a fraction of all is not above. Exact.',
    {
      order: 'within',
      fraction: true
    }
  ),
  entry(
    'approx_count_distinct',
    1,
    () => BIGINT,
    'About how many different values there are, within a standard error of 1.6 %, in 4 KB. Up to 512 values, and of rows that change, exactly.'
  ),
  entry(
    'approx_percentile',
    1,
    double,
    'The value that a fraction of all is not above, at most 1 % of it off: from counts of values that differ by less than 2 %. Also written approx_percentile(x, 0.95).',
    {
      order: 'within',
      fraction: true
    }
  )
]

const byName = new Map(
  aggregates.flatMap(one => [one.name, ...one.aliases].map(name => [name, one] as const))
)

/** The aggregate that a script calls by this name, in lower case; null where there is none. */
export function findAggregate(name: string): AggregateEntry | null {
  return byName.get(name) ?? null
}

/** Those of which it makes no difference in which order rows come, and groups merge, but for the rounding of doubles. */
const unordered: ReadonlySet<string> = new Set([
  ...['count', 'sum', 'avg', 'min', 'max', 'bool_and', 'bool_or', 'corr'],
  ...['var_samp', 'var_pop', 'stddev_samp', 'stddev_pop'],
  ...['approx_count_distinct', 'approx_percentile']
])

/** Whether an aggregate of a group can be put together of what parts of its rows come to, in little space. */
export function mergesInAnyOrder({ name, distinct }: AggregateCall): boolean {
  return unordered.has(name) && !distinct
}
