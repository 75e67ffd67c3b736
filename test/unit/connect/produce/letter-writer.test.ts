import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unpackHeaders } from '../../../../runtime/codec/index.ts'
import { copyLetters, keepLetters } from '../../../../runtime/connect/kafka/copy-letters.ts'
import { BatchWriter } from '../../../../runtime/connect/produce/batch-writer.ts'
import {
  type HeaderName,
  headerName,
  LetterWriter
} from '../../../../runtime/connect/produce/letter-writer.ts'
import { headerBlock } from '../../../../runtime/connect/produce/record-headers.ts'
import { type LostRecord, recordsOf } from '../../../../runtime/connect/produce/split-batch.ts'
import { readHeaders } from '../../../../runtime/connect/wire/read-headers.ts'
import { VarintCursor } from '../../../../runtime/connect/wire/walk-slowly.ts'
import type { LetterBatch, RecordHeader } from '../../../../runtime/contract/index.ts'

const bytes = Buffer.from('keyvalue')

test('what goes in comes out, beyond what fits at first', () => {
  const writer = new LetterWriter()
  const shared = headerBlock([
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
  // Texts whose lengths are varints of one byte and of two, with and without letters of two bytes.
  const textOf = (i: number): string => `${i % 2 === 0 ? 'ü' : 'u'}${'x'.repeat(i % 100)}`
  // The same second, the next one, the same day and others.
  const timeOf = (i: number): number => i * [1, 1000, 100_000_000, -700][(i >> 3) % 4]!
  for (let i = 0; i < 5000; i++) {
    writer.begin(bytes, 0, 3, 3, 8)
    writer.block(shared)
    if (i % 3 === 0) writer.encoded(message, Buffer.from(textOf(i)))
    else writer.text(message, textOf(i))
    writer.number(offset, offsets[i % 5]!)
    writer.time(time, timeOf(i))
    writer.end()
  }
  const records = recordsIn(writer.take())
  assert.equal(records.length, 5000)
  records.forEach(({ key, value, headers }, i) => {
    assert.deepEqual([String(key), String(value)], ['key', 'value'])
    assert.deepEqual(
      headers.map(header => [header.key, header.value === null ? null : String(header.value)]),
      [
        ['trace', 'a'],
        ['empty', ''],
        ['null', null],
        ['message', textOf(i)],
        ['offset', String(offsets[i % 5])],
        ['time', new Date(timeOf(i)).toISOString()]
      ]
    )
  })
})

test('no key and no value are not empty ones', () => {
  const writer = new LetterWriter()
  writer.begin(bytes, -1, -1, 0, 0)
  writer.end()
  writer.begin(bytes, 0, 0, -1, -1)
  writer.end()
  const empty = Buffer.alloc(0)
  assert.deepEqual(recordsIn(writer.take()), [
    { key: null, value: empty, headers: [] },
    { key: empty, value: null, headers: [] }
  ])
})

test('a record may have more headers than a byte can count', () => {
  const writer = new LetterWriter()
  const [own, name] = [headerBlock(headersOf(1)), headerName('n')]
  for (const count of [1, 63, 64, 8191, 8192]) {
    writer.begin(bytes, 0, 3, 3, 8)
    for (let i = 1; i < count; i++) writer.block(own)
    writer.number(name, count)
    writer.end()
  }
  for (const { key, value, headers } of recordsIn(writer.take())) {
    assert.deepEqual([String(key), String(value)], ['key', 'value'])
    const last = { key: 'n', value: Buffer.from(String(headers.length)) }
    assert.deepEqual(headers, [...headersOf(headers.length - 1), last])
  }
})

test('letters that are kept stay as they were when the writer goes on', () => {
  const writer = new LetterWriter()
  const write = (key: string): void => {
    writer.begin(Buffer.from(key), 0, key.length, -1, -1)
    writer.text(headerName('name'), key)
    writer.end()
  }
  write('first')
  const kept = keepLetters(writer.take())
  writer.clear()
  for (let i = 0; i < 1000; i++) write('other')
  const [record, ...others] = recordsIn(kept.letters)
  assert.deepEqual(others, [])
  assert.equal(String(record!.key), 'first')
  // As a client takes a part of them.
  const columns = { ...kept, count: 1 }
  assert.equal(columns.valueStart[0], -1)
  const key = columns.bytes.subarray(columns.keyStart[0], columns.keyEnd[0])
  assert.equal(String(Buffer.from(key)), 'first')
  assert.deepEqual(unpackHeaders(columns.bytes, columns.headers![0]!), record!.headers)
})

test('letters that are released lend their memory to others, those that are kept do not', () => {
  const writer = new LetterWriter()
  const name = headerName('name')
  const kept: { readonly letters: LetterBatch; readonly text: string; release(): void }[] = []
  const memory = new Set<ArrayBufferLike>()
  for (let round = 0; round < 40; round++) {
    const text = `round ${round} `.repeat(1000 * (1 + (round % 3)))
    for (let i = 0; i < 300; i++) {
      writer.begin(bytes, 0, 3, 3, 8)
      writer.text(name, text.slice(0, 300 + i))
      writer.end()
    }
    const letters = writer.take()
    memory.add(letters.bytes.buffer)
    kept.push({ letters, text, release: letters.keep() })
    writer.clear()
    if (kept.length > 3) kept.splice(round % 3, 1)[0]!.release()
    for (const { letters, text } of kept) {
      const records = recordsIn(letters)
      assert.deepEqual(
        records.map(({ headers }) => String(headers[0]!.value)),
        records.map((_, i) => text.slice(0, 300 + i))
      )
    }
  }
  assert.ok(memory.size < 12, `${memory.size} of 40`)
  // Nobody had anything to say between two rests: all of it is given back.
  for (const { release } of kept) release()
  writer.rest()
  writer.rest()
  writer.begin(bytes, 0, 3, 3, 8)
  writer.end()
  assert.equal(recordsIn(writer.take()).length, 1)
})

function headersOf(count: number): RecordHeader[] {
  return Array.from({ length: count }, () => ({ key: 'same', value: Buffer.from('value') }))
}

/** In each of the ways that they are taken in: whole, by their places, and as librdkafka wants them. */
function recordsIn(letters: LetterBatch): readonly LostRecord[] {
  const batch = new BatchWriter(0)
  for (let i = 0; i < letters.count; i++)
    batch.addEncoded(letters.bytes, letters.bodyStart[i]!, letters.bodyEnd[i]!)
  const records = recordsOf(batch)
  const placed = partsOf(letters, at =>
    readHeaders(letters.bytes, new VarintCursor(letters.bytes, at))
  )
  const copied = copyLetters(letters)
  const packed = { ...copied, headers: copied.headers! }
  assert.deepEqual(placed, records)
  assert.deepEqual(
    partsOf(packed, at => unpackHeaders(packed.bytes, at)),
    records
  )
  return records
}

function partsOf(
  letters: Omit<LetterBatch, 'bodyStart' | 'bodyEnd'>,
  headersAt: (at: number) => RecordHeader[]
): readonly LostRecord[] {
  const part = (start: number, end: number): Buffer | null =>
    start < 0 ? null : Buffer.from(letters.bytes.subarray(start, end))
  return Array.from({ length: letters.count }, (_, i) => ({
    key: part(letters.keyStart[i]!, letters.keyEnd[i]!),
    value: part(letters.valueStart[i]!, letters.valueEnd[i]!),
    headers: headersAt(letters.headers[i]!)
  }))
}
