import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ascii, RecordWriter } from '../../../runtime/codec/index.ts'
import { makeRandom } from './random.ts'

const writer = new RecordWriter()

/** The text of one value that `write` wrote. */
function written(write: (writer: RecordWriter) => void): string {
  writer.clear()
  writer.beginAt(0, 0, 0)
  write(writer)
  assert.equal(writer.end(), true)
  const { bytes, valueStart, valueEnd } = writer.take()
  return Buffer.from(bytes.subarray(valueStart[0], valueEnd[0])).toString()
}

test('doubles are written as JSON.stringify does, but -0', () => {
  const random = makeRandom(11)
  const bits = new DataView(new ArrayBuffer(8))
  const doubles = [
    0,
    1,
    -1,
    0.1,
    1e21,
    1e-7,
    123456.789,
    5e-324,
    1.7976931348623157e308,
    9007199254740991,
    -9007199254740991,
    1e9,
    999999999,
    1000000000000,
    2 ** 53
  ]
  for (let i = 0; i < 20000; i++) {
    bits.setUint32(0, random(4294967296))
    bits.setUint32(4, random(4294967296))
    doubles.push(bits.getFloat64(0), random(4294967296) - 2147483648, random(4294967296) * 2097152)
  }
  for (const value of doubles)
    if (Number.isFinite(value))
      assert.equal(
        written(w => w.double(value)),
        JSON.stringify(value)
      )
  assert.equal(
    written(w => w.double(-0)),
    '-0'
  )
})

test('strings are written as JSON.stringify does', () => {
  const random = makeRandom(12)
  const strings = [
    '',
    'abc',
    '"\\/\b\f\n\r\t\u0000\u001f\u007f',
    'é€\u{1d11e}',
    '\ud800',
    'a'.repeat(200000)
  ]
  for (let i = 0; i < 5000; i++)
    strings.push(
      String.fromCharCode(
        ...Array.from({ length: random(20) }, () => random(random(2) === 0 ? 128 : 65536))
      )
    )
  for (const value of strings)
    assert.equal(
      written(w => w.string(value)),
      JSON.stringify(value)
    )
})

test('the other values', () => {
  assert.equal(
    written(w => w.bigint(-9223372036854775808n)),
    '-9223372036854775808'
  )
  assert.equal(
    written(w => w.bigint(42)),
    '42'
  )
  assert.equal(
    written(w => w.decimal({ unscaled: -5n, scale: 3 })),
    '-0.005'
  )
  assert.equal(
    written(w => w.boolean(false)),
    'false'
  )
  assert.equal(
    written(w => w.json('{"é":1}')),
    '{"é":1}'
  )
  assert.equal(
    written(w => w.plain('a"é')),
    'a"é'
  )
  const range = ascii('{"a":"x\\n"}')
  assert.equal(
    written(w => w.textRange(range, 0, range.length)),
    JSON.stringify('{"a":"x\\n"}')
  )
  assert.equal(
    written(w => w.textRange(range, 5, 10)),
    '"x\\n"'
  )
  assert.equal(
    written(w => w.plainRange(range, 5, 10)),
    'x\n'
  )
  assert.equal(
    written(w => w.plainRange(range, 1, 4)),
    'a'
  )
  assert.equal(
    written(w => w.copy(range, -1, 0)),
    'null'
  )
})

test('records keep their keys and where they came from, in one buffer that grows', () => {
  const writer = new RecordWriter()
  const long = ascii('x'.repeat(70))
  for (let i = 0; i < 5000; i++) {
    writer.beginAt(i % 4, i, 1000 + i)
    if (i % 2 === 0) {
      writer.int(i)
      writer.endKey()
    }
    writer.raw(long)
    writer.double(i === 7 ? NaN : i)
    if (i === 9) writer.abort()
    else assert.equal(writer.end(), i !== 7)
  }
  const batch = writer.take()
  assert.equal(batch.count, 4998)
  let record = 0
  for (let i = 0; i < 5000; i++) {
    if (i === 7 || i === 9) continue
    const slice = (from: number, to: number) =>
      Buffer.from(batch.bytes.subarray(from, to)).toString()
    assert.equal(batch.offset[record], i)
    assert.equal(batch.partition[record], i % 4)
    assert.equal(batch.timestamp[record], 1000 + i)
    assert.equal(
      batch.keyStart[record] === -1 ? null : slice(batch.keyStart[record]!, batch.keyEnd[record]!),
      i % 2 === 0 ? String(i) : null
    )
    assert.equal(
      slice(batch.valueStart[record]!, batch.valueEnd[record]!),
      'x'.repeat(70) + String(i)
    )
    record++
  }
  writer.clear()
  assert.equal(writer.take().count, 0)
})
