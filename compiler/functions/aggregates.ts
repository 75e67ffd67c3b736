import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  isNumeric,
  isOrdered,
  type SqlType,
  TEXT
} from '../types/index.ts'

/** A function of many rows. Its accumulator is in `runtime/query/aggregates.ts`, by the same name. */
export interface AggregateEntry {
  readonly name: string
  readonly aliases: readonly string[]
  /** How many arguments; COUNT takes none as COUNT(*). */
  readonly arguments: number
  /** The type of the result; null where the arguments do not fit. */
  result(args: readonly SqlType[]): SqlType | null
  /** Whether it is NULL where no row counts. */
  readonly nullable: boolean
  readonly doc: string
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

function entry(
  name: string,
  count: number,
  result: AggregateEntry['result'],
  doc: string,
  aliases: readonly string[] = []
): AggregateEntry {
  return Object.freeze({ name, aliases, arguments: count, result, nullable: name !== 'count', doc })
}

/** Every aggregate that queries over tables have. */
export const aggregates: readonly AggregateEntry[] = [
  entry('count', 1, () => BIGINT, 'How many rows, or how many values that are not NULL.'),
  entry('sum', 1, numbers(sumType), 'The exact sum; of integers and decimals it has every digit.'),
  entry('avg', 1, numbers(averageType), 'The mean: of integers a DOUBLE, from the exact sum.'),
  entry('min', 1, ordered, 'The smallest value.'),
  entry('max', 1, ordered, 'The largest value.'),
  entry('bool_and', 1, truth, 'Whether all values are true.', ['every']),
  entry('bool_or', 1, truth, 'Whether one value is true.'),
  entry(
    'string_agg',
    2,
    ([a, b]) => (a?.kind === 'Text' && b?.kind === 'Text' ? TEXT : null),
    'The texts, with the second argument between them.'
  ),
  entry('var_samp', 1, double, 'The variance of a sample.', ['variance']),
  entry('var_pop', 1, double, 'The variance of a population.'),
  entry('stddev_samp', 1, double, 'The standard deviation of a sample.', ['stddev']),
  entry('stddev_pop', 1, double, 'The standard deviation of a population.')
]

const byName = new Map(
  aggregates.flatMap(one => [one.name, ...one.aliases].map(name => [name, one] as const))
)

/** The aggregate that a script calls by this name, in lower case; null where there is none. */
export function findAggregate(name: string): AggregateEntry | null {
  return byName.get(name) ?? null
}

/** How a sum is kept: see runtime/query/aggregates.ts. */
export function sumForm({ kind }: SqlType): 'int' | 'bigint' | 'decimal' | 'double' {
  if (kind === 'SmallInt' || kind === 'Int') return 'int'
  if (kind === 'BigInt') return 'bigint'
  return kind === 'Decimal' ? 'decimal' : 'double'
}
