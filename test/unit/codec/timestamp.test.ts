import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bad, readTimestamp, RecordWriter } from '../../../runtime/codec/index.ts'
import { formatTimestamp, type TimestampUnit } from '../../../runtime/sql/timestamp.ts'
import { inBuffer } from './places.ts'
import { makeRandom } from './random.ts'

const time = new Float64Array(1)

function read(json: string, unit: TimestampUnit = 'auto'): number {
  const { bytes, start, end } = inBuffer(new TextEncoder().encode(json))
  const next = readTimestamp(bytes, start, end, time, 0, unit)
  return next < 0 ? next : time[0]!
}

test('ISO 8601 with and without zone, fraction and time', () => {
  const noon = Date.UTC(2024, 1, 29, 12, 34, 56)
  const iso: readonly (readonly [string, number])[] = [
    ['2024-02-29T12:34:56Z', noon],
    ['2024-02-29T12:34:56', noon],
    ['2024-02-29 12:34:56', noon],
    ['2024-02-29T12:34:56.7', noon + 700],
    ['2024-02-29T12:34:56.789Z', noon + 789],
    ['2024-02-29T12:34:56.789999999Z', noon + 789],
    ['2024-02-29T12:34:56.0001Z', noon],
    ['2024-02-29T14:34:56+02:00', noon],
    ['2024-02-29T14:34:56+0200', noon],
    ['2024-02-29T14:34:56+02', noon],
    ['2024-02-29T07:04:56.789-05:30', noon + 789],
    ['2024-02-29T12:34', noon - 56_000],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2024-02-29t12:34:56z', noon],
    ['2024-02-29T24:00:00', Date.UTC(2024, 2, 1)],
    ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0001-01-01', -62135596800000],
    ['9999-12-31T23:59:59.999Z', 253402300799999]
  ]
  for (const [text, expected] of iso) assert.equal(read(`"${text}"`), expected, text)
})

test('what is no timestamp', () => {
  const texts = [
    '',
    '2024',
    '2023-02-29',
    '2024-13-01',
    '2024-00-01',
    '2024-01-32',
    '2024-01-00',
    '2024-01-01T',
    '2024-01-01T25:00',
    '2024-01-01T24:00:01',
    '2024-01-01T12',
    '2024-01-01T12:60',
    '2024-01-01T12:00:61',
    '2024-01-01T12:00:00.',
    '2024-01-01T12:00:00X',
    '2024-01-01T12:00:00+2',
    '2024-01-01T12:00:00+02:0',
    '2024-01-01T12:00:00+02:00Z',
    '2024/01/01',
    '0000-01-01',
    '0001-01-01T00:00:00+01:00',
    ' 2024-01-01',
    '2024-01-01Z',
    '24-01-01',
    '1706200000'
  ]
  for (const text of texts) assert.equal(read(`"${text}"`), Bad.timestamp, text)
  for (const json of ['true', '[]']) assert.equal(read(json), Bad.wrongType, json)
  assert.equal(read('null'), NaN)
})

test('epoch numbers by magnitude, or in the unit given', () => {
  assert.equal(read('1706200000'), 1706200000000)
  assert.equal(read('1706200000.123'), 1706200000123)
  assert.equal(read('99999999999'), 99999999999000)
  assert.equal(read('100000000000'), 100000000000)
  assert.equal(read('1706200000123'), 1706200000123)
  assert.equal(read('1706200000123999'), 1706200000123)
  assert.equal(read('1706200000123999999'), 1706200000123)
  assert.equal(read('-1'), -1000)
  assert.equal(read('-1', 'ms'), -1)
  assert.equal(read('-1', 'us'), -1)
  assert.equal(read('0'), 0)
  assert.ok(Object.is(read('-0'), 0))
  assert.equal(read('1706200000', 'ms'), 1706200000)
  assert.equal(read('1706200000000', 's'), Bad.timestamp)
  assert.equal(read('253402300800000', 'ms'), Bad.timestamp)
  assert.equal(read('1e300'), Bad.timestamp)
})

test('written as Date does', () => {
  const random = makeRandom(7)
  const writer = new RecordWriter()
  const check = (value: number) => {
    writer.clear()
    writer.beginAt(0, 0, 0)
    writer.timestamp(value)
    writer.end()
    const { bytes, valueEnd } = writer.take()
    assert.equal(
      Buffer.from(bytes.subarray(0, valueEnd[0])).toString(),
      JSON.stringify(formatTimestamp(value))
    )
    assert.equal(read(JSON.stringify(formatTimestamp(value))), value)
  }
  for (const value of [0, -1, -62135596800000, 253402300799999, 951782400000, -2203891200000])
    check(value)
  for (let i = 0; i < 5000; i++)
    check(Math.floor((random(4294967296) / 4294967296) * 315537897599999) - 62135596800000)
})
