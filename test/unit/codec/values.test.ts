import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decimal, formatDecimal } from '../../../runtime/sql/decimal.ts'
import {
  Bad,
  bigintAt,
  rangeBigInt,
  rangeDecimal,
  rangeDouble,
  rangeInt,
  rangeJson,
  rangeText,
  readBigInt,
  readBoolean,
  readDecimal,
  readDouble,
  readInt,
  readText,
  textAt,
  textConstant,
  textEquals
} from '../../../runtime/codec/index.ts'
import { places, type Placed } from './places.ts'

const encoder = new TextEncoder()
const number = new Float64Array(1)
const range = new Int32Array(2)
const wide: (bigint | null)[] = [null]
const text: (string | null)[] = [null]
const decimal: (Decimal | null)[] = [null]

/** Reads `json` in both places, each followed by digits that are not part of it. Answers the value, or the reason. */
function read<T>(json: string, primitive: (place: Placed) => number, value: (place: Placed) => T) {
  const answers = Object.values(places).map(put => {
    const place = put(encoder.encode(json), '99,')
    const next = primitive(place)
    if (next >= 0) assert.equal(next, place.end, json)
    return next < 0 ? next : value(place)
  })
  assert.deepEqual(answers[0], answers[1], json)
  return answers[0]!
}

const copied = ({ bytes }: Placed) =>
  range[0] === -1 ? null : Buffer.from(bytes.subarray(range[0], range[1])).toString()

const int = (json: string) =>
  read(
    json,
    p => readInt(p.bytes, p.start, p.end, number, 0),
    () => number[0]
  )
const intRange = (json: string) =>
  read(json, p => rangeInt(p.bytes, p.start, p.end, range, 0), copied)
const bigint = (json: string) =>
  read(
    json,
    p => readBigInt(p.bytes, p.start, p.end, number, wide, 0),
    () => (Number.isNaN(number[0]) ? NaN : bigintAt(number, wide, 0))
  )
const bigintRange = (json: string) =>
  read(json, p => rangeBigInt(p.bytes, p.start, p.end, range, 0), copied)
const double = (json: string) =>
  read(
    json,
    p => readDouble(p.bytes, p.start, p.end, number, 0),
    () => number[0]
  )
const doubleRange = (json: string) =>
  read(json, p => rangeDouble(p.bytes, p.start, p.end, range, 0), copied)
const boolean = (json: string) =>
  read(
    json,
    p => readBoolean(p.bytes, p.start, p.end, number, 0),
    () => number[0]
  )
const string = (json: string) =>
  read(
    json,
    p => readText(p.bytes, p.start, p.end, text, 0),
    () => text[0]
  )
const stringRange = (json: string) =>
  read(json, p => rangeText(p.bytes, p.start, p.end, range, 0), copied)
const jsonRange = (json: string) =>
  read(json, p => rangeJson(p.bytes, p.start, p.end, range, 0), copied)

test('INT is a whole number of 32 bits, written as one', () => {
  for (const primitive of [int, (json: string) => Number(intRange(json))]) {
    assert.equal(primitive('2147483647'), 2147483647)
    assert.equal(primitive('-2147483648'), -2147483648)
    assert.equal(primitive('-0'), 0)
    for (const json of ['2147483648', '-2147483649', '99999999999999999999'])
      assert.equal(primitive(json), Bad.outOfRange, json)
    for (const json of ['1.0', '1e3', '0.5']) assert.equal(primitive(json), Bad.notInteger, json)
    for (const json of ['"1"', 'true', '[1]', '{}']) assert.equal(primitive(json), Bad.wrongType)
    for (const json of ['01', 'nil']) assert.equal(primitive(json), Bad.malformed, json)
    for (const json of ['-', '1.']) assert.equal(primitive(json), Bad.truncated, json)
  }
  assert.equal(int('null'), NaN)
  assert.equal(intRange('null'), null)
  assert.equal(intRange('-0'), '0')
})

test('BIGINT is exact over 64 bits, in quotes or not', () => {
  assert.equal(bigint('9007199254740991'), 9007199254740991)
  assert.equal(bigint('9007199254740993'), 9007199254740993n)
  assert.equal(bigint('-9223372036854775808'), -9223372036854775808n)
  assert.equal(bigint('"9223372036854775807"'), 9223372036854775807n)
  assert.equal(bigint('"-12"'), -12)
  assert.equal(bigint('null'), NaN)
  assert.equal(bigintRange('null'), null)
  assert.equal(bigintRange('"9223372036854775807"'), '9223372036854775807')
  assert.equal(bigintRange('-9223372036854775808'), '-9223372036854775808')
  assert.equal(bigintRange('-0'), '0')
  for (const primitive of [bigint, bigintRange]) {
    for (const json of ['9223372036854775808', '-9223372036854775809', '"1000000000000000000000"'])
      assert.equal(primitive(json), Bad.outOfRange, json)
    for (const json of [
      '1.0',
      '1e3',
      '"1.0"',
      '""',
      '"-"',
      '"01"',
      '" 1"',
      '"1 "',
      '"+1"',
      '"\\u0031"'
    ])
      assert.equal(primitive(json), Bad.notInteger, json)
    for (const json of ['true', '{}']) assert.equal(primitive(json), Bad.wrongType)
  }
})

test('DOUBLE is the nearest double, and finite', () => {
  const digits = [
    '0',
    '-0',
    '0.1',
    '4.35',
    '123456789012345',
    '1234567890123456',
    '9007199254740993',
    '0.30000000000000004',
    '1e23',
    '5e-324',
    '1e-400',
    '179769313486231570000',
    '12345678.90123456',
    '999999999999999.9',
    '1.7976931348623157e308',
    `${'9'.repeat(308)}.5`
  ]
  for (const json of digits) {
    assert.ok(Object.is(double(json), Number(json)), json)
    assert.equal(doubleRange(json), json)
  }
  for (const json of ['1e400', '-1e400', '9'.repeat(400), '1e0000000000000000309'])
    for (const primitive of [double, doubleRange])
      assert.equal(primitive(json), Bad.outOfRange, json)
  assert.equal(double('null'), NaN)
  assert.equal(doubleRange('null'), null)
  for (const json of ['"1"', 'false']) assert.equal(double(json), Bad.wrongType)
})

test('BOOLEAN is true or false', () => {
  assert.deepEqual(['true', 'false', 'null'].map(boolean), [1, 0, NaN])
  assert.deepEqual(['1', '"true"'].map(boolean), [Bad.wrongType, Bad.wrongType])
})

test('TEXT is a string, or the raw text of an object or array', () => {
  assert.equal(string('"a\\"\\u00e9\\ud834\\udd1e\\n"'), 'a"é\u{1d11e}\n')
  assert.equal(string('"é€\u{1d11e}"'), 'é€\u{1d11e}')
  assert.equal(string('{"a": [1]}'), '{"a": [1]}')
  assert.equal(string('null'), null)
  assert.equal(stringRange('"a\\n"'), '"a\\n"')
  assert.equal(stringRange('[1, 2]'), '[1, 2]')
  assert.equal(stringRange('null'), null)
  for (const primitive of [string, stringRange]) {
    for (const json of [
      '"\\ud800"',
      '"\\udc00"',
      '"\\ud800\\ud800\\udc00"',
      '"\\udc00\\ud800"',
      '"\\ud800x"'
    ])
      assert.equal(primitive(json), Bad.surrogate, json)
    for (const json of ['1', 'true']) assert.equal(primitive(json), Bad.wrongType)
  }
  assert.equal(jsonRange('"\\ud800"'), '"\\ud800"')
})

test('text constants are compared as bytes, in every spelling', () => {
  const equals = (json: string, constant: string) =>
    read(
      json,
      p => rangeText(p.bytes, p.start, p.end, range, 0),
      p => {
        const answer = textEquals(p.bytes, range[0]!, range[1]!, textConstant(constant))
        if (range[0] !== -1)
          assert.equal(answer, textAt(p.bytes, range[0]!, range[1]!) === constant)
        return answer
      }
    )
  for (const [json, constant] of [
    ['"BLOCK"', 'BLOCK'],
    ['"\\u0042LOCK"', 'BLOCK'],
    ['"a\\"b"', 'a"b'],
    ['"\\\\n"', '\\n'],
    ['"é"', 'é'],
    ['"\\u00e9"', 'é'],
    ['{"a":1}', '{"a":1}'],
    ['""', '']
  ] as const)
    assert.equal(equals(json, constant), true, json)
  for (const [json, constant] of [
    ['"BLOCKS"', 'BLOCK'],
    ['"block"', 'BLOCK'],
    ['"\\n"', '\\n'],
    ['"\\u0042"', 'C'],
    ['null', 'null'],
    ['null', '']
  ] as const)
    assert.equal(equals(json, constant), false, json)
})

test('DECIMAL is exact and has the scale of the column', () => {
  const value = (json: string, precision: number, scale: number) =>
    read(
      json,
      p => readDecimal(p.bytes, p.start, p.end, decimal, 0, precision, scale),
      () => (decimal[0] === null ? null : formatDecimal(decimal[0]!))
    )
  const only = (json: string, precision: number, scale: number) =>
    read(
      json,
      p => rangeDecimal(p.bytes, p.start, p.end, range, 0, decimal, 0, precision, scale),
      p => (range[0] === -2 ? formatDecimal(decimal[0]!) : copied(p))
    )
  for (const primitive of [value, only]) {
    assert.equal(primitive('12.50', 10, 2), '12.50')
    assert.equal(primitive('12.5', 10, 2), '12.50')
    assert.equal(primitive('12', 10, 2), '12.00')
    assert.equal(primitive('1.005', 10, 2), '1.01')
    assert.equal(primitive('-1.005', 10, 2), '-1.01')
    assert.equal(primitive('-0.00', 10, 2), '0.00')
    assert.equal(primitive('1.5e3', 10, 2), '1500.00')
    assert.equal(primitive('"12.50"', 10, 2), '12.50')
    assert.equal(primitive('99999999.99', 10, 2), '99999999.99')
    assert.equal(primitive('null', 10, 2), null)
    assert.equal(primitive('1.50', 0, 0), '1.50')
    assert.equal(primitive('1'.repeat(38), 0, 0), '1'.repeat(38))
    for (const json of ['99999999.995', '100000000', '1e8'])
      assert.equal(primitive(json, 10, 2), Bad.outOfRange, json)
    for (const json of ['1'.repeat(39), '1e38', '1e999999999'])
      assert.equal(primitive(json, 0, 0), Bad.outOfRange, json)
    for (const json of ['true', '"abc"', '"1,5"', '"01"', '""'])
      assert.equal(primitive(json, 10, 2), Bad.wrongType, json)
  }
})
