import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DecodeStatus,
  headerBytes,
  headersStatus,
  headerTexts,
  keyBytes,
  keyBytesStatus
} from '../../../runtime/index.ts'
import { BatchBuffer } from '../../../runtime/connect/batch-buffer.ts'
import type { RecordHeader } from '../../../runtime/contract/index.ts'

function batchOf(key: Uint8Array | null, headers: readonly RecordHeader[]): BatchBuffer {
  const batch = new BatchBuffer(() => assert.fail('nothing is rejected'))
  batch.fill([{ key, value: null, partition: 0, offset: 0, timestamp: 0 }], () => headers)
  return batch
}

test('headers: a null value, several of one name, text that is none', () => {
  const batch = batchOf(null, [
    { key: 'a', value: Buffer.from('1') },
    { key: 'n', value: null },
    { key: 'a', value: Buffer.from('2') }
  ])
  assert.equal(headersStatus(batch, 0, 0), DecodeStatus.Ok)
  assert.deepEqual(
    [...headerTexts(batch, 0)],
    [
      ['a', '2'],
      ['n', null]
    ]
  )
  assert.deepEqual(headerBytes(batch, 0).get('a'), new Uint8Array([0x32]))
  const broken = batchOf(null, [{ key: 'a', value: Buffer.from([0xff]) }])
  assert.notEqual(headersStatus(broken, 0, 0), DecodeStatus.Ok)
  assert.deepEqual(headerBytes(broken, 0).get('a'), new Uint8Array([0xff]))
  assert.equal(headerTexts(batchOf(null, []), 0).size, 0)
})

test('bytes outlive the batch that they came in', () => {
  const header = Buffer.from([1, 2])
  const batch = batchOf(Buffer.from([3, 4]), [{ key: 'h', value: header }])
  const [key, inHeader] = [keyBytes(batch, 0), headerBytes(batch, 0).get('h')]
  batch.bytes.fill(9)
  header.fill(9)
  assert.deepEqual([key, inHeader], [new Uint8Array([3, 4]), new Uint8Array([1, 2])])
})

test('a key that is missing is wrong only where the column is NOT NULL', () => {
  const batch = batchOf(null, [])
  assert.equal(keyBytes(batch, 0), null)
  assert.equal(keyBytesStatus(batch, 0, 0, false), DecodeStatus.Ok)
  assert.notEqual(keyBytesStatus(batch, 0, 0, true), DecodeStatus.Ok)
  assert.equal(keyBytesStatus(batchOf(Buffer.from(''), []), 0, 0, true), DecodeStatus.Ok)
})
