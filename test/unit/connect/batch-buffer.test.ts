import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchBuffer, type ReceivedColumns } from '../../../runtime/connect/batch-buffer.ts'

interface Sent {
  readonly key: string | null
  readonly value: string | null
  readonly headers?: readonly (readonly [string, string | null])[]
}

/** As the addon packs records: see .ci/setup/batches.h. */
function pack(records: readonly Sent[], firstOffset: number): ReceivedColumns {
  const chunks: Buffer[] = []
  let pos = 0
  const put = (bytes: Buffer | null): readonly [number, number] => {
    if (bytes === null) return [-1, pos]
    chunks.push(bytes)
    pos += bytes.length
    return [pos - bytes.length, pos]
  }
  const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text))
  const values = records.map(({ value }) => put(bytesOf(value)))
  const valueBytes = pos
  const keys = records.map(({ key }) => put(bytesOf(key)))
  const keyBytes = pos - valueBytes
  const headers = records.map(({ headers: own }) =>
    put(own === undefined ? null : packHeaders(own))
  )
  return {
    bytes: Buffer.concat(chunks),
    count: records.length,
    valueBytes,
    keyBytes,
    valueStart: Int32Array.from(values, ([start]) => start),
    valueEnd: Int32Array.from(values, ([, end]) => end),
    keyStart: Int32Array.from(keys, ([start]) => start),
    keyEnd: Int32Array.from(keys, ([, end]) => end),
    headers: Int32Array.from(headers, ([start]) => start),
    partition: Int32Array.from(records, (_, i) => i % 3),
    offset: Float64Array.from(records, (_, i) => firstOffset + i),
    timestamp: Float64Array.from(records, (_, i) => 1000 + i)
  }
}

function packHeaders(headers: readonly (readonly [string, string | null])[]): Buffer {
  const integer = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeInt32LE(value)
    return bytes
  }
  const parts = headers.flatMap(([name, value]) => {
    const [key, bytes] = [Buffer.from(name), Buffer.from(value ?? '')]
    return [integer(key.length), integer(value === null ? -1 : bytes.length), key, bytes]
  })
  return Buffer.concat([integer(headers.length), ...parts])
}

function unpack(batch: BatchBuffer): unknown[] {
  const part = (start: number, end: number): string | null =>
    start < 0 ? null : Buffer.from(batch.bytes.subarray(start, end)).toString()
  return Array.from({ length: batch.count }, (_, i) => ({
    key: part(batch.keyStart[i]!, batch.keyEnd[i]!),
    value: part(batch.valueStart[i]!, batch.valueEnd[i]!),
    at: [batch.partition[i], batch.offset[i], batch.timestamp[i]],
    headers: batch
      .headers(i)
      .map(({ key, value }) => [key, value === null ? null : Buffer.from(value).toString()])
  }))
}

test('records that came as columns, in one part or in several, with nulls, empty texts and headers', () => {
  const records: readonly Sent[] = [
    { key: 'a', value: 'one', headers: [['h', 'x']] },
    { key: null, value: 'two' },
    {
      key: '',
      value: null,
      headers: [
        ['é', null],
        ['', '']
      ]
    },
    { key: 'd', value: '' },
    { key: 'long '.repeat(100), value: 'Zoë '.repeat(1000) }
  ]
  const expected = records.map(({ key, value, headers = [] }, i) => ({
    key,
    value,
    at: [i % 3, 7 + i, 1000 + i],
    headers
  }))
  for (const cut of [5, 3, 1]) {
    const batch = new BatchBuffer(() => assert.fail('nothing is rejected'))
    // The memory is reused: what was there before must not shine through.
    batch.fillColumns([pack(records.slice(3), 0)])
    const parts = [records.slice(0, cut), records.slice(cut)].filter(part => part.length > 0)
    const columns = parts.map((part, i) => pack(part, 7 + (i === 0 ? 0 : cut)))
    batch.fillColumns(columns)
    const found = unpack(batch) as { at: number[] }[]
    // Partitions and times start anew in each part.
    found.forEach((one, i) => (one.at = [i % 3, one.at[1]!, 1000 + i]))
    assert.deepEqual(found, expected)
    assert.equal(batch.utf8, true)
    batch.release()
  }
})

test('bytes that are no UTF-8 are seen in values, whatever the keys are', () => {
  const batch = new BatchBuffer(() => assert.fail('nothing is rejected'))
  const columns = pack([{ key: 'kk', value: 'vv' }], 0)
  columns.bytes[3] = 0xff
  batch.fillColumns([columns])
  assert.equal(batch.utf8, true)
  columns.bytes[1] = 0xff
  batch.fillColumns([columns])
  assert.equal(batch.utf8, false)
  batch.release()
})
