import type { TypeKind } from '../../../compiler/types/index.ts'

/** Numbers from 0 up to a limit, the same for the same seed (mulberry32). */
export type Random = (below: number) => number

export function makeRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), state | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) % below
  }
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!
}

/** What makes values of a type: their text, as a cast from TEXT reads it. */
interface Source {
  readonly extremes: readonly string[]
  /** Which only a script can write: JSON has no such number. */
  readonly notInJson?: readonly string[]
  readonly random: (random: Random) => string
}

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => random(10)).join('')

const signed = (random: Random, text: string): string => (random(2) === 0 ? `-${text}` : text)

function integers(bits: bigint, extra: readonly string[] = []): Source {
  const limit = 2n ** (bits - 1n)
  return {
    extremes: ['0', '1', '-1', '2', String(-limit), String(limit - 1n), ...extra],
    random(random) {
      // Small ones are lengths, positions and counts.
      if (random(2) === 0) return String(random(12) - 3)
      const size = random(Number(bits) - 1)
      return signed(random, String(BigInt(random(2 ** 32)) % 2n ** BigInt(size)))
    }
  }
}

const LETTERS = [
  ...'aAbBxyzé ß',
  'Σ',
  '日',
  '😀',
  '1',
  '0',
  ',',
  '.',
  '-',
  '_',
  '%',
  "'",
  '"',
  '\\'
]

const texts: Source = {
  extremes: [
    '',
    ' ',
    'a',
    '42',
    '-1.5',
    'true',
    'NaN',
    '%',
    '\\',
    "o'b\\n",
    '😀é',
    'ab'.repeat(150),
    'SELECT'
  ],
  random: random => Array.from({ length: random(10) }, () => pick(random, LETTERS)).join('')
}

const decimals: Source = {
  extremes: [
    '0',
    '0.00',
    '1',
    '-1',
    '0.5',
    '1.50',
    '-2.5',
    '10',
    '9'.repeat(38),
    `-${'9'.repeat(38)}`,
    `0.${'0'.repeat(37)}1`,
    '99999999999999999999.999999999999999999'
  ],
  random(random) {
    const whole = digits(random, random(8)).replace(/^0+/, '') || '0'
    const fraction = digits(random, random(6))
    return signed(random, fraction === '' ? whole : `${whole}.${fraction}`)
  }
}

const doubles: Source = {
  extremes: [
    '0',
    '-0',
    '1',
    '-1',
    '0.5',
    '2.5',
    '-3.5',
    '1e15',
    '1e-5',
    '5e-324',
    '1.7976931348623157e308',
    '-1e200',
    '360',
    '0.1'
  ],
  notInJson: ['NaN', 'Infinity', '-Infinity'],
  random: random =>
    signed(
      random,
      String(random(2) === 0 ? random(2000) / 8 : (random(1e9) / 997) * 10 ** (random(30) - 15))
    )
}

function moment(random: Random): string {
  const year = 1 + random(random(2) === 0 ? 9999 : 60) + (random(2) === 0 ? 1970 : 0)
  return new Date(
    Date.UTC(
      2000,
      random(12),
      1 + random(31),
      random(24),
      random(60),
      random(60),
      random(3) === 0 ? random(1000) : 0
    )
  )
    .toISOString()
    .replace(/^\d{4}/, String(Math.min(year, 9999)).padStart(4, '0'))
    .replace('-02-29', '-02-28')
}

const timestamps: Source = {
  extremes: [
    '0001-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
    '1970-01-01T00:00:00.000Z',
    '2024-02-29T12:00:00.500Z',
    '1969-12-31T23:59:59.999Z'
  ],
  random: moment
}

const documents = [
  'null',
  '1',
  '-2.50',
  '"x"',
  'true',
  '[]',
  '{}',
  '[1,[2,null],{"a":3}]',
  '{"a":{"b":[1,2,"x"]},"a b":"\\u00e9","n":null}',
  ' {"a" : 1 , "a" : 2} '
]

/** By kind. A kind without values here fails the test of the functions that take it. */
export const sources: Readonly<Partial<Record<TypeKind, Source>>> = {
  Boolean: { extremes: ['true', 'false'], random: random => pick(random, ['true', 'false']) },
  SmallInt: integers(16n),
  Int: integers(32n),
  BigInt: integers(64n, ['9007199254740991', '9007199254740993', '-9007199254740993']),
  Decimal: decimals,
  Real: {
    extremes: ['0', '-0', '1.5', '-2.5', '3.4e38', '1e-45', '16777217'],
    random: r => String(Math.fround(Number(doubles.random(r)) % 1e30))
  },
  Double: doubles,
  Text: texts,
  Json: { extremes: documents, random: random => pick(random, documents) },
  Timestamp: timestamps,
  TimestampTz: timestamps,
  Date: {
    extremes: ['0001-01-01', '9999-12-31', '1970-01-01', '2024-02-29'],
    random: random => moment(random).slice(0, 10)
  },
  Time: {
    extremes: ['00:00:00', '23:59:59.999', '12:00:00'],
    random: random => moment(random).slice(11, 23)
  },
  Interval: {
    extremes: [
      '0 seconds',
      '1 month',
      '-1 day',
      '1 year 2 months 3 days 04:05:06.789',
      '30 days',
      '24 hours'
    ],
    random: random =>
      `${random(40) - 20} months ${random(80) - 40} days ${signed(random, String(random(1e7) / 100))} seconds`
  },
  Bytes: {
    extremes: ['', '\\x', '\\x00ff80', 'abc', '\\xc3a9'],
    random: random =>
      `\\x${Array.from({ length: random(6) }, () => random(256).toString(16).padStart(2, '0')).join('')}`
  }
}

/** A value's text, for a record or for a literal; null for NULL. */
export function randomValue(
  kind: TypeKind,
  use: 'field' | 'literal',
  random: Random
): string | null {
  const source = sources[kind]
  if (source === undefined) throw new Error(`no values of ${kind}: add some here`)
  const dice = random(20)
  if (dice < 2) return null
  if (dice > 8) return source.random(random)
  const more = use === 'literal' ? (source.notInJson ?? []) : []
  return pick(random, [...source.extremes, ...more])
}
