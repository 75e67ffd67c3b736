/** Numbers from 0 to 2^32 - 1, the same for the same seed (mulberry32). */
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

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!
}

const KEYS = ['flag', 'small', 'id', 'amount', 'price', 'note', 'doc']
const OTHER_KEYS = [
  'x',
  '',
  'flags',
  'idd',
  'not\\u0065',
  '\\u0069d',
  'é',
  'amount ',
  'a_key_of_more_than_16_bytes',
  'do\\"c',
  'fla\\ud800g'
]
const SPACES = ['', '', '', '', '', ' ', '\n', '\t ', '\r\n  ']
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '42',
  '0.5',
  '-12.340',
  '1e3',
  '1E-7',
  '2147483647',
  '2147483648',
  '-2147483648',
  '-2147483649',
  '9007199254740991',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '123456789012345678901234567890',
  '0.1',
  '3.141592653589793',
  '1.7976931348623157e308',
  '1e400',
  '-1e400',
  '1e-400',
  '4.35',
  '0.3000000000000000444',
  '123456789.123456789',
  '1706200000000',
  '1706200000123456789',
  '99999999.99',
  '99999999.995',
  '100000000',
  '1.005',
  '12.5',
  '12.50',
  '0.00',
  '-0.00'
]
const BROKEN = [
  '01',
  '-',
  '+1',
  '1.',
  '.5',
  '1e',
  '1e+',
  'tru',
  'nul',
  'NaN',
  'Infinity',
  "'x'",
  '"\\x"',
  '"\\u12g4"',
  '"\t"',
  '[1,]',
  '{"a"}',
  '{,}',
  '{"a":1,}',
  '[',
  '{',
  ']',
  '"abc'
]
const STRINGS = [
  '""',
  '"abc"',
  '"pending"',
  '"a\\"b"',
  '"\\\\"',
  '"\\/\\b\\f\\n\\r\\t"',
  '"é"',
  '"€ and 𝄞"',
  '"\\u00e9\\ud834\\udd1e"',
  '"\\ud800"',
  '"\\udd1e\\ud834"',
  '"12"',
  '"-7"',
  '"007"',
  '"1.5"',
  '"9223372036854775808"',
  '" 1"',
  '"2024-02-29T12:34:56.789Z"',
  '"2023-02-29"',
  '"2024-01-01 00:00:00+02:00"',
  '"a string of exactly 16"',
  '"a much longer string that needs more than one step of sixteen bytes"',
  '"long with an escape at the end of it \\n"',
  '"\\u0031"'
]

/** A JSON value as text; now and then it is broken. */
function randomValue(random: Random, depth: number): string {
  const kind = random(depth > 3 ? 12 : 16)
  if (kind < 4) return pick(random, NUMBERS)
  if (kind < 6) return String((random(2000000) - 1000000) / pick(random, [1, 10, 100, 3]))
  if (kind < 10) return pick(random, STRINGS)
  if (kind < 12)
    return random(40) === 0 ? pick(random, BROKEN) : pick(random, ['true', 'false', 'null'])
  const space = () => pick(random, SPACES)
  const count = random(4)
  if (kind < 14) {
    const items = Array.from(
      { length: count },
      () => space() + randomValue(random, depth + 1) + space()
    )
    return `[${items.length === 0 ? space() : items.join(',')}]`
  }
  return randomObject(random, depth + 1, count)
}

function randomObject(random: Random, depth: number, count: number): string {
  const space = () => pick(random, SPACES)
  const members = Array.from({ length: count }, () => {
    const key = random(3) === 0 ? pick(random, OTHER_KEYS) : pick(random, KEYS)
    return `${space()}"${key}"${space()}:${space()}${randomValue(random, depth)}${space()}`
  })
  return `{${members.length === 0 ? space() : members.join(',')}}`
}

const encoder = new TextEncoder()

/** A record; half of them are changed in one to three places, so that most of those are no JSON. */
export function randomRecord(random: Random): Uint8Array {
  const space = () => pick(random, SPACES)
  const record = encoder.encode(space() + randomObject(random, 0, random(7)) + space())
  return random(2) === 0 ? record : mutate(random, record)
}

const PIECES = encoder.encode('{}[]",:\\0123456789.eE+-truefalsn \u0001\u007f')

function mutate(random: Random, record: Uint8Array): Uint8Array {
  let bytes = Uint8Array.from(record)
  for (let times = random(3); times >= 0 && bytes.length > 0; times--) {
    const at = random(bytes.length)
    const piece = random(8) === 0 ? random(256) : PIECES[random(PIECES.length)]!
    switch (random(5)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = Uint8Array.from([...bytes.slice(0, at), piece, ...bytes.slice(at)])
        break
      case 2:
        bytes = Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(at + 1)])
        break
      default:
        bytes[at] = piece
    }
  }
  return bytes
}
