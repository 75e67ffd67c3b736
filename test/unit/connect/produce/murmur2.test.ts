import assert from 'node:assert/strict'
import { test } from 'node:test'
import { murmur2, partitionOf } from '../../../../runtime/connect/produce/murmur2.ts'

/** As org.apache.kafka.common.utils.UtilsTest has them. */
const KNOWN: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107]
]

test('keys have the hash that Java gives them', () => {
  for (const [text, hash] of KNOWN) {
    const bytes = Buffer.from(`..${text}..`)
    assert.equal(murmur2(bytes, 2, bytes.length - 2), hash, text)
    assert.equal(partitionOf(bytes, 2, bytes.length - 2, 7), (hash & 0x7fffffff) % 7)
  }
})
