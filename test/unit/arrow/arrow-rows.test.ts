import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ArrowColumn, ArrowRows } from '../../../runtime/arrow/index.ts'
import type { Batch, RecordError, ValueType } from '../../../runtime/contract/index.ts'
import { BatchBuffer } from '../../../runtime/connect/batch-buffer.ts'
import { formatDecimal } from '../../../runtime/sql/decimal.ts'
import { arrowDocuments } from '../../oracle/index.ts'
import { makeArrow } from '../../support/arrow/make-arrow.ts'
import { makeRandom, type Random } from '../../support/functions/random-value.ts'

/** A stream or file as pyarrow writes it, and what its columns read as. See test/fixtures/arrow/record-pyarrow.py. */
interface Case {
  readonly name: string
  readonly value: string
  readonly columns: Readonly<Record<string, ValueType>>
  readonly rows: readonly (readonly unknown[])[]
}

const path = join(import.meta.dirname, '../../fixtures/arrow/pyarrow.json')
const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Case[]

for (const { name, value, columns, rows } of cases) {
  test(`pyarrow: ${name}`, async () => {
    const { read, rejected } = await readRows([bytesOf(value)], columns)
    assert.deepEqual(rejected, [])
    assert.deepEqual(
      read.map(row => row.map(show)),
      rows
    )
  })

  test(`pyarrow: ${name}, a row as a letter of its own`, async () => {
    // A column that no record has makes each of its rows bad.
    const gone: Readonly<Record<string, ValueType>> = { 'not there': { kind: 'Int' } }
    const { rejected } = await readRows([bytesOf(value)], gone, true)
    assert.equal(rejected.length, rows.length)
    const letters = rejected.map(letter => letter.value!)
    const { read, rejected: again } = await readRows(letters, columns)
    assert.deepEqual(again, [])
    assert.deepEqual(
      read.map(row => row.map(show)),
      rows
    )
  })
}

test('a damaged record is bad, and takes no other along', async () => {
  const random = makeRandom(Number(process.env['ARROW_SEED'] ?? 1))
  const good = makeArrow({ schema: { 'only here': 'int64' }, batches: [[[1]]] })
  for (const { name, value, columns } of cases) {
    const bytes = bytesOf(value)
    for (let round = 0; round < 60; round++) {
      const damaged = damage(bytes, random)
      const all = { ...columns, 'only here': { kind: 'BigInt' } } as const
      // Whatever comes of it: no hang, no crash, and the record behind it is read.
      const { read } = await readRows([damaged, good], round % 2 === 0 ? columns : all)
      assert.ok(read.length >= 1, `${name}, round ${round}`)
    }
  }
})

function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const kind = random(3)
  if (kind === 0) return bytes.subarray(0, random(bytes.length))
  const damaged = new Uint8Array(bytes)
  for (let i = random(4); i >= 0; i--) {
    damaged[random(damaged.length)] = kind === 1 ? 0xff : random(256)
  }
  return damaged
}

test('each truncation of a stream is bad, but where it ends between two messages', async () => {
  const whole = makeArrow({
    schema: { n: 'int64', t: 'utf8' },
    batches: [[[1, 'a']], [[2, 'b']]]
  })
  const rows = new Map<number, number>()
  for (let end = 1; end <= whole.length; end++) {
    const { read, rejected } = await readRows([whole.subarray(0, end)], { n: { kind: 'BigInt' } })
    if (rejected.length > 0) assert.equal(read.length, 0, `cut at ${end}`)
    else rows.set(read.length, (rows.get(read.length) ?? 0) + 1)
  }
  // Behind the schema, behind the first batch; behind the second, and at the end of the stream.
  assert.deepEqual(
    [...rows],
    [
      [0, 1],
      [1, 1],
      [2, 2]
    ]
  )
})

test('what takes no bytes has no more rows than a record can hold', async () => {
  const bytes = makeArrow({ schema: { n: 'null' }, batches: [[[null], [null]]] })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  // Two rows, of which the batch and its node say so, become 2^40.
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    if (view.getBigInt64(at, true) === 2n) view.setBigInt64(at, 1n << 40n, true)
  }
  const { read, rejected } = await readRows([bytes], { n: { kind: 'Int' } })
  assert.deepEqual([read.length, rejected.map(({ code }) => code)], [0, ['too-many-rows']])
})

test('rows of many records are worked on in parts, each with its record', async () => {
  const record = (first: number, count: number): Uint8Array =>
    makeArrow({
      schema: { n: 'int32' },
      batches: [Array.from({ length: count }, (_, i) => [first + i])]
    })
  const records = Array.from({ length: 30 }, (_, i) => record(i * 1000, 1000))
  const parts: number[] = []
  const { read, offsets } = await readRows(records, { n: { kind: 'Int' } }, false, parts)
  assert.deepEqual(
    read.map(([n]) => n),
    Array.from({ length: 30_000 }, (_, i) => i)
  )
  assert.deepEqual(
    offsets,
    Array.from({ length: 30_000 }, (_, i) => Math.floor(i / 1000))
  )
  assert.ok(parts.length > 1 && parts.every(count => count <= 9192), String(parts))
})

test("the library's oracle reads what pyarrow wrote as we do", () => {
  const known = cases.filter(({ name }) => name === 'structs' || name === 'sliced')
  for (const { value, rows } of known) {
    assert.equal(arrowDocuments(bytesOf(value)).length, rows.length)
  }
})

interface Read {
  readonly read: unknown[][]
  readonly offsets: number[]
  readonly rejected: RecordError[]
}

/** `notNull`: the columns may not be NULL. */
async function readRows(
  values: readonly Uint8Array[],
  types: Readonly<Record<string, ValueType>>,
  notNull = false,
  parts: number[] = []
): Promise<Read> {
  const rejected: RecordError[] = []
  const buffer = new BatchBuffer((_batch, _record, error) => void rejected.push(error))
  const records = values.map((value, offset) => ({
    ...{ key: null, value, partition: 0, offset, timestamp: 0 }
  }))
  buffer.fill(records, () => [])
  const columns = Object.entries(types).map(
    ([name, type]) =>
      new ArrowColumn<unknown>({ name, path: [name], type, label: type.kind, notNull })
  )
  const source = new ArrowRows(columns, 'auto')
  const read: unknown[][] = []
  const offsets: number[] = []
  for await (const rows of source.read(buffer as Batch)) {
    parts.push(rows.count)
    for (let row = 0; row < rows.count; row++) {
      if (source.refuses(row)) continue
      read.push(columns.map(column => column.values[row] ?? null))
      offsets.push(rows.offset[row]!)
    }
  }
  buffer.release()
  return { read, offsets, rejected }
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'))
}

/** A value as JSON can hold it: what a number can't say is its text. */
function show(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return showNumber(value)
  if (value === null || typeof value !== 'object') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [key, show(item)]))
  }
  if (Array.isArray(value)) return value.map(show)
  if ('unscaled' in value) return formatDecimal(value as never)
  const { months, days, ms } = value as { months: number; days: number; ms: number }
  return [months, days, ms]
}

function showNumber(value: number): unknown {
  if (Object.is(value, -0)) return '-0'
  const isPlain = Number.isFinite(value) && JSON.parse(JSON.stringify(value)) === value
  return isPlain ? value : String(value)
}
