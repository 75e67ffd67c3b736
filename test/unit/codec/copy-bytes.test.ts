import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { copyBytes, viewBytes } from '../../../runtime/codec/copy-bytes.ts'

const LONGEST = 300
/** Every value, so that neither a sign nor a NaN changes unseen. */
const all = Uint8Array.from({ length: LONGEST + 16 }, (_, i) => (i * 151 + 7) % 256)

describe('copyBytes', () => {
  test('every length arrives, and nothing beside it changes', () => {
    // A part of its memory, as buffers of a pool are.
    const to = new Uint8Array(new ArrayBuffer(1024), 13, LONGEST + 32)
    for (let length = 0; length <= LONGEST; length++) {
      for (const [start, at] of [
        [0, 0],
        [3, 5],
        [16, 9]
      ] as const) {
        to.fill(0xee)
        copyBytes(all, start, start + length, to, viewBytes(to), at)
        const expected = new Uint8Array(to.length).fill(0xee)
        expected.set(all.subarray(start, start + length), at)
        assert.deepEqual(to, expected, `${length} bytes from ${start}`)
      }
    }
  })

  test('up to the end of both', () => {
    const to = new Uint8Array(20)
    copyBytes(all, all.length - 12, all.length, to, viewBytes(to), 8)
    assert.deepEqual(to.subarray(8), all.subarray(all.length - 12))
  })

  test('from several arrays in turn', () => {
    const other = all.map(byte => byte ^ 0xff)
    const part = new Uint8Array(other.buffer, 40, 60)
    const to = new Uint8Array(64)
    const view = viewBytes(to)
    for (const from of [all, other, part, all]) {
      copyBytes(from, 2, 50, to, view, 0)
      assert.deepEqual(to.subarray(0, 48), from.subarray(2, 50))
    }
  })

  test('words that a double takes for a NaN stay as they are', () => {
    const from = Uint8Array.from([1, 0, 0, 0, 0, 0, 0xf0, 0x7f, 2, 0, 0, 0, 0, 0, 0xf4, 0xff])
    const to = new Uint8Array(16)
    copyBytes(from, 0, 16, to, viewBytes(to), 0)
    assert.deepEqual(to, from)
  })
})
