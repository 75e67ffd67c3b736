import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allocateBytes } from '../../../../runtime/codec/arena.ts'
import {
  type CorruptRecords,
  FetchedPart,
  SharedAnswer
} from '../../../../runtime/connect/fetch/fetched-part.ts'
import { FetchedBatch } from '../../../../runtime/connect/fetch/fetched-batch.ts'
import { PartitionCursor } from '../../../../runtime/connect/fetch/partition-cursor.ts'
import { RecordQueue } from '../../../../runtime/connect/fetch/record-queue.ts'
import type { AbortedTransaction } from '../../../../runtime/connect/wire/fetch.ts'
import { Answer } from '../../../../runtime/connect/wire/frame-reader.ts'
import { type BatchOptions, encodeBatch, encodeMark } from '../../../support/record-batch.ts'

function batch(offset: number, values: readonly string[], options: BatchOptions = {}): Buffer {
  const records = values.map((value, i) => ({
    ...{ offset: offset + i, timestamp: 1000 + i, key: null, value: Buffer.from(value) },
    headers: [['h', Buffer.from(value)] as const, ['none', null] as const]
  }))
  return encodeBatch(records, options)
}

/** Reads a fetched part to its end, `rows` at a time. */
async function read(
  bytes: Buffer,
  options: { from?: number; rows?: number; aborted?: readonly AbortedTransaction[] } = {}
) {
  const { from = 0, rows = 2, aborted = [] } = options
  const region = allocateBytes(bytes.length)
  region.bytes.set(bytes, region.start)
  let isFree = false
  const answer = new SharedAnswer(new Answer(region, bytes.length), () => (isFree = true))
  const cursor = new PartitionCursor(3, from)
  cursor.end = 100
  const place = { start: region.start, end: region.start + bytes.length }
  const part = new FetchedPart(cursor, answer, {
    ...{ partition: 3, error: 0, highWatermark: 100, aborted, divergesAt: null, ...place }
  })
  const errors: CorruptRecords[] = []
  const queue = new RecordQueue((_, error) => errors.push(error))
  queue.add(part)
  const out = new FetchedBatch(rows, () => {})
  const found: { offset: number; value: string; time: number; headers: unknown }[] = []
  for (let more = true; more;) {
    queue.free()
    out.clear(rows)
    await queue.fill(out, rows)
    for (let i = 0; i < out.count; i++) {
      assert.equal(out.partition[i], 3)
      found.push({
        offset: out.offset[i]!,
        value: Buffer.from(out.bytes.subarray(out.valueStart[i], out.valueEnd[i])).toString(),
        time: out.timestamp[i]!,
        headers: out.headers(i)
      })
    }
    more = out.count > 0
  }
  queue.free()
  assert.ok(isFree, 'the answer is given back')
  out.release()
  return { found, cursor, errors, values: found.map(({ value }) => value) }
}

test('batches, packed and plain, from the offset that is wanted', async () => {
  const bytes = Buffer.concat([
    batch(10, ['a', 'b', 'c']),
    batch(13, ['d', 'e'], { compression: 'gzip' }),
    batch(20, ['f'], { isAppendTime: true })
  ])
  const { found, cursor } = await read(bytes, { from: 11 })
  assert.deepEqual(
    found.map(({ offset, value, time }) => [offset, value, time]),
    [
      [11, 'b', 1001],
      [12, 'c', 1002],
      [13, 'd', 1000],
      [14, 'e', 1001],
      [20, 'f', 1000]
    ]
  )
  assert.deepEqual(found[0]!.headers, [
    { key: 'h', value: Buffer.from('b') },
    { key: 'none', value: null }
  ])
  assert.deepEqual([cursor.fetched, cursor.read, cursor.handed], [21, 21, 21])
  assert.equal(cursor.lastEpoch, 7)
})

test('the batch that is cut off is fetched again', async () => {
  const bytes = Buffer.concat([batch(0, ['a', 'b']), batch(2, ['c', 'd'])])
  const { values, cursor } = await read(bytes.subarray(0, bytes.length - 1))
  assert.deepEqual(values, ['a', 'b'])
  assert.equal(cursor.fetched, 2)
})

test('records that were taken back are left out, as far as the mark', async () => {
  const bytes = Buffer.concat([
    batch(0, ['kept'], { producer: 1 }),
    batch(1, ['undone'], { producer: 2 }),
    batch(2, ['plain']),
    encodeMark(3, 2, false),
    batch(4, ['again'], { producer: 2 }),
    encodeMark(5, 2, true),
    encodeMark(6, 1, true)
  ])
  const aborted = [{ producer: 2, firstOffset: 1 }]
  const { values, cursor } = await read(bytes, { aborted })
  assert.deepEqual(values, ['kept', 'plain', 'again'])
  assert.deepEqual([cursor.read, cursor.fetched, cursor.lag(5)], [5, 7, 93])
})

test('a batch whose checksum is wrong is told of, and nothing of it is read', async () => {
  const good = batch(0, ['a', 'b'])
  for (let place = 21; place < good.length; place += 3) {
    const bad = batch(2, ['c', 'd'])
    bad[place]! ^= 1
    const { values, errors, cursor } = await read(Buffer.concat([good, bad, batch(4, ['e'])]))
    assert.deepEqual(values, ['a', 'b'])
    assert.equal(errors.length, 1)
    assert.match(errors[0]!.message, /checksum of the batch at offset 2/)
    assert.equal(cursor.read, 2)
  }
})

test('a part of before a seek is passed by', async () => {
  const bytes = batch(0, ['a'])
  const region = allocateBytes(bytes.length)
  region.bytes.set(bytes, region.start)
  const cursor = new PartitionCursor(0, 0)
  let isFree = false
  const answer = new SharedAnswer(new Answer(region, bytes.length), () => (isFree = true))
  const place = { start: region.start, end: region.start + bytes.length }
  const queue = new RecordQueue(() => {})
  queue.add(
    new FetchedPart(cursor, answer, {
      ...{ partition: 0, error: 0, highWatermark: 1, aborted: [], divergesAt: null, ...place }
    })
  )
  cursor.seek(50)
  const out = new FetchedBatch(4, () => {})
  await queue.fill(out, 4)
  queue.free()
  assert.deepEqual([out.count, isFree, cursor.fetched, cursor.waiting], [0, true, 50, 0])
  out.release()
})
