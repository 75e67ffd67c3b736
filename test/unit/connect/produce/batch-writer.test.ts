import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type BatchWriter } from '../../../../runtime/connect/produce/batch-writer.ts'
import { openCompression } from '../../../../runtime/connect/produce/compression.ts'
import { packHeaders } from '../../../../runtime/codec/packed-headers.ts'
import { encodeHeaders, PackedHeaders } from '../../../../runtime/connect/produce/record-headers.ts'
import { batchesOf, recordsOf } from '../../../../runtime/connect/produce/split-batch.ts'
import { crc32c } from '../../../../runtime/connect/wire/crc32c.ts'
import { openDecompressor } from '../../../../runtime/connect/wire/decompress.ts'
import { readBatchHead } from '../../../../runtime/connect/wire/record-batch.ts'
import { RecordColumns } from '../../../../runtime/connect/wire/record-columns.ts'
import { walkRecords } from '../../../../runtime/connect/wire/walk-records.ts'
import { makeRandom, type Random } from '../../codec/random.ts'

interface Wanted {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[]
}

function randomRecords(random: Random): Wanted[] {
  const bytes = (most: number): Buffer =>
    Buffer.from(Array.from({ length: random(most) }, () => random(256)))
  const part = (most: number): Buffer | null => (random(5) === 0 ? null : bytes(most))
  return Array.from({ length: 1 + random(200) }, () => ({
    key: part(20),
    value: part(random(30) === 0 ? 20_000 : 200),
    headers: Array.from({ length: random(3) }, () => ({ key: `é${random(9)}`, value: part(9) }))
  }))
}

function write(records: readonly Wanted[]): BatchWriter {
  const [batch] = batchesOf(records, records.length)
  return batch!
}

for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
  test(`what is written is read, compressed by ${codec}`, async () => {
    const compression = (await openCompression(codec))!
    for (let seed = 1; seed <= 40; seed++) {
      const random = makeRandom(seed)
      const records = randomRecords(random)
      const writer = write(records)
      const sequence = random(2 ** 31)
      const isTransactional = random(2) === 1
      const id = { id: 2 ** 40 + seed, epoch: 3 }
      const bytes = writer.seal(id, isTransactional, sequence, compression)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const head = readBatchHead(view, 0, bytes.length)!
      assert.equal(head.end, bytes.length)
      assert.equal(head.crc, crc32c(bytes, 21, bytes.length))
      assert.equal(head.count, records.length)
      assert.equal(head.lastOffset, records.length - 1)
      assert.equal(head.producer, 2 ** 40 + seed)
      assert.equal(head.isTransactional, isTransactional)
      assert.equal(view.getInt32(53), sequence)
      const decompress = await openDecompressor(head.compression)
      const plain =
        decompress === null ? bytes.subarray(head.start) : decompress(bytes.subarray(head.start))
      const columns = new RecordColumns(records.length)
      const run = { bytes: plain, pos: 0, end: plain.length, left: head.count }
      assert.ok(walkRecords({ ...run, baseOffset: 0, baseTime: 0 }, 0, columns, records.length))
      records.forEach(({ key, value }, i) => {
        const part = (start: number, end: number): Buffer | null =>
          start < 0 ? null : Buffer.from(plain.subarray(start, end))
        assert.deepEqual(part(columns.keyStart[i]!, columns.keyEnd[i]!), key, `seed ${seed}`)
        assert.deepEqual(part(columns.valueStart[i]!, columns.valueEnd[i]!), value)
      })
      columns.release()
    }
  })
}

test('sent again, it is the same but for who sends it', async () => {
  const compression = (await openCompression('none'))!
  const writer = write(randomRecords(makeRandom(7)))
  const first = Buffer.from(writer.seal({ id: 1, epoch: 0 }, false, 5, compression))
  assert.deepEqual(Buffer.from(writer.seal({ id: 1, epoch: 0 }, false, 5, compression)), first)
  const other = Buffer.from(writer.seal({ id: 9, epoch: 1 }, false, 0, compression))
  assert.notDeepEqual(other, first)
  assert.equal(other.readUInt32BE(17), crc32c(other, 21, other.length))
  assert.deepEqual(other.subarray(57), first.subarray(57))
})

test('a batch comes apart into its records, headers and all, and into smaller batches', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = makeRandom(seed)
    const records = randomRecords(random)
    assert.deepEqual(recordsOf(write(records)), records)
    const most = 1 + random(records.length)
    const parts = batchesOf(recordsOf(write(records)), most)
    assert.ok(parts.every(({ count }) => count <= most))
    assert.deepEqual(parts.flatMap(recordsOf), records)
  }
})

test('packed headers are encoded as those that are objects', () => {
  const packed = new PackedHeaders()
  for (let seed = 1; seed <= 200; seed++) {
    const random = makeRandom(seed)
    const headers = Array.from({ length: random(12) }, () => ({
      key: `é${'k'.repeat(random(100))}`,
      value:
        random(4) === 0 ? null : Buffer.alloc(random(random(20) === 0 ? 3000 : 80), random(256))
    }))
    const count = Buffer.alloc(4)
    count.writeInt32LE(headers.length)
    const bytes = Buffer.concat([Buffer.from('...'), count, packHeaders(headers)])
    assert.deepEqual(
      Buffer.from(packed.encode(bytes, 3)),
      Buffer.from(encodeHeaders(headers)),
      `seed ${seed}`
    )
  }
})

test('no headers are one byte', () => {
  assert.deepEqual([...encodeHeaders([])], [0])
})
