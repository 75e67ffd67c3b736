import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type HeaderName,
  headerName,
  LetterWriter,
  packOnce,
  unpackHeaders
} from '../../../runtime/codec/index.ts'

const bytes = Buffer.from('keyvalue')

test('what goes in comes out, beyond what fits at first', () => {
  const writer = new LetterWriter()
  const shared = packOnce([
    { key: 'trace', value: Buffer.from('a') },
    { key: 'empty', value: Buffer.alloc(0) },
    { key: 'null', value: null }
  ])
  const [message, offset, time] = ['message', 'offset', 'time'].map(headerName) as [
    HeaderName,
    HeaderName,
    HeaderName
  ]
  const offsets = [0, 9, 999_999_999, 1_000_000_000, Number.MAX_SAFE_INTEGER]
  for (let i = 0; i < 5000; i++) {
    writer.begin(bytes, 0, 3, 3, 8)
    writer.packed(shared)
    writer.text(message, `über ${i}`)
    writer.number(offset, offsets[i % 5]!)
    writer.time(time, i)
    writer.end()
  }
  const letters = writer.take()
  assert.equal(letters.count, 5000)
  for (let i = 0; i < 5000; i++) {
    assert.equal(text(letters.bytes, letters.keyStart[i]!, letters.keyEnd[i]!), 'key')
    assert.equal(text(letters.bytes, letters.valueStart[i]!, letters.valueEnd[i]!), 'value')
    const headers = unpackHeaders(letters.bytes, letters.headers[i]!)
    assert.deepEqual(
      headers.map(({ key, value }) => [key, value === null ? null : String(value)]),
      [
        ['trace', 'a'],
        ['empty', ''],
        ['null', null],
        ['message', `über ${i}`],
        ['offset', String(offsets[i % 5])],
        ['time', new Date(i).toISOString()]
      ]
    )
  }
})

test('no key and no value are not empty ones', () => {
  const writer = new LetterWriter()
  writer.begin(bytes, -1, -1, 0, 0)
  writer.end()
  writer.begin(bytes, 0, 0, -1, -1)
  writer.end()
  const { keyStart, keyEnd, valueStart, valueEnd, headers, bytes: packed } = writer.take()
  assert.ok(keyStart[0]! < 0 && valueStart[0]! >= 0 && valueStart[0] === valueEnd[0])
  assert.ok(valueStart[1]! < 0 && keyStart[1]! >= 0 && keyStart[1] === keyEnd[1])
  assert.deepEqual(unpackHeaders(packed, headers[1]!), [])
})

function text(from: Uint8Array, start: number, end: number): string {
  return Buffer.from(from.subarray(start, end)).toString()
}
