import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchCopies } from '../../../runtime/connect/kafka/batch-copies.ts'
import type { OutputBatch } from '../../../runtime/contract/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const random = makeRandom(1)

/** Its columns are longer than it has records, and what lies behind is not its own. */
function makeBatch(count: number, end: number): OutputBatch {
  const records = count + random(5)
  const column = (): Int32Array => Int32Array.from({ length: records }, () => random(1000))
  const wide = (): Float64Array => Float64Array.from({ length: records }, () => random(1000) * 1e9)
  return {
    ...{ count, end, keyStart: column(), keyEnd: column(), valueStart: column() },
    ...{ valueEnd: column(), partition: column(), offset: wide(), timestamp: wide() },
    bytes: Uint8Array.from({ length: end + random(5) }, () => random(256)),
    op: Uint8Array.from({ length: records }, () => random(256)),
    headers: random(2) === 0 ? null : column()
  }
}

function shown({ count, end, bytes, headers, ...columns }: OutputBatch) {
  const own = Object.entries(columns).map(([name, column]) => [name, [...column.slice(0, count)]])
  return {
    ...{ count, end, bytes: [...bytes.subarray(0, end)], headers: headers?.slice(0, count) },
    ...(Object.fromEntries(own) as object)
  }
}

test('copies are what was copied until they are released, whatever is copied meanwhile', () => {
  const copies = new BatchCopies()
  const kept: { expected: object; copy: ReturnType<BatchCopies['take']> }[] = []
  for (let round = 0; round < 500; round++) {
    const batch = makeBatch(random(40), random(300))
    const expected = shown(batch)
    const copy = copies.take(batch)
    batch.bytes.fill(0)
    batch.keyStart.fill(0)
    batch.op.fill(0)
    kept.push({ expected, copy })
    assert.equal(copy.batch.bytes.length, batch.end)
    if (random(10) > 0) continue
    for (const { expected, copy } of kept.splice(0)) {
      assert.deepEqual(shown(copy.batch), expected)
      copy.release()
    }
  }
})

test('memory that is released is used again, but where it is too small', () => {
  const copies = new BatchCopies()
  const first = copies.take(makeBatch(10, 100))
  first.release()
  const second = copies.take(makeBatch(9, 90))
  assert.equal(second.batch.bytes.buffer, first.batch.bytes.buffer)
  second.release()
  const larger = copies.take(makeBatch(10, 500))
  assert.notEqual(larger.batch.bytes.buffer, first.batch.bytes.buffer)
})

test('of what is released, 24 MB are kept', () => {
  const copies = new BatchCopies()
  const taken = Array.from({ length: 25 }, () => copies.take(makeBatch(1, 1 << 20)))
  for (const { release } of taken) release()
  const buffers = new Set(taken.map(({ batch }) => batch.bytes.buffer))
  const again = Array.from({ length: 25 }, () => copies.take(makeBatch(1, 1 << 20)))
  assert.equal(again.filter(({ batch }) => buffers.has(batch.bytes.buffer)).length, 23)
})
