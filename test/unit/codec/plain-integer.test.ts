// BIGINT that is only copied: the scanner takes plain integers in one step, TypeScript all the others, and both agree.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rangeBigInt } from '../../../runtime/codec/index.ts'
import { inArena, inBuffer, type Placed } from './places.ts'

const integers = [
  ...['0', '-0', '7', '-7', '00', '01', '-01', '1e3', '1E3', '1.0', '1.', '-', '+1', ''],
  ...Array.from({ length: 40 }, (_, length) => '9'.repeat(length + 1)),
  ...Array.from({ length: 40 }, (_, length) => `-1${'0'.repeat(length)}`),
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...['"12"', '"-0"', '"1.5"', '"12', 'null', 'nul', 'true', '"a"', '[1]']
]

/** The answer and the range, both from the record's start. */
function read(put: (record: Uint8Array, after: string) => Placed, text: string, after: string) {
  const { bytes, start, end } = put(new TextEncoder().encode(text), after)
  const range = new Int32Array(2)
  const answer = rangeBigInt(bytes, start, end, range, 0)
  const from = range[0]! < 0 ? range[0]! : range[0]! - start
  return answer < 0 ? [answer] : [answer - start, from, range[1]! - start]
}

for (const after of [',', '}', ' ', '5', '.5', 'e5', '"', '\0']) {
  test(`integers before ${JSON.stringify(after)} outside of the record`, () => {
    for (const text of integers) {
      assert.deepEqual(read(inArena, text, after), read(inBuffer, text, after), text)
    }
  })
  test(`integers before ${JSON.stringify(after)}`, () => {
    for (const text of integers) {
      const record = text + after
      assert.deepEqual(read(inArena, record, '}'), read(inBuffer, record, '}'), record)
    }
  })
}
