import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDecimal } from '../../../runtime/sql/decimal.ts'
import {
  bigintAt,
  DecodeStatus,
  isUtf8Range,
  RecordWriter,
  textAt
} from '../../../runtime/codec/index.ts'
import { copiedPlaces, decodeCopied } from './copied.ts'
import { decimal, decodeEverything, number, range, text, wide } from './everything.ts'
import { type Placed, places } from './places.ts'
import { makeRandom, randomRecord } from './random.ts'
import { expectedRow, type ExpectedRow } from './reference.ts'

const DOCUMENTS = 120_000
const SEED = 20260801

function show(record: Uint8Array): string {
  return JSON.stringify(Buffer.from(record).toString('latin1'))
}

/** The row as the decoder's values have it. */
function decodedRow(): ExpectedRow {
  const or = <T>(value: number, make: () => T) => (Number.isNaN(value) ? null : make())
  return {
    flag: or(number[0]!, () => number[0] === 1),
    small: or(number[1]!, () => number[1]!),
    id: or(number[2]!, () => BigInt(bigintAt(number, wide, 2))),
    amount: or(number[3]!, () => number[3]!),
    price: decimal[0] ? formatDecimal(decimal[0]) : null,
    note: text[0]!,
    doc: text[1] ? (JSON.parse(text[1]) as unknown) : null
  }
}

const writer = new RecordWriter()

/** What the ranges give when a writer copies them. */
function copiedRow(place: Placed): string {
  const { bytes } = place
  writer.clear()
  writer.beginAt(0, 0, 0)
  const comma = Buffer.from(',')
  for (const slot of [0, 2, 4]) {
    writer.copy(bytes, range[slot]!, range[slot + 1]!)
    writer.raw(comma)
  }
  writer.decimalRange(bytes, range[6]!, range[7]!, decimal[1]!)
  writer.raw(comma)
  writer.textRange(bytes, range[8]!, range[9]!)
  writer.raw(comma)
  writer.copy(bytes, range[10]!, range[11]!)
  writer.end()
  const { bytes: out, valueStart, valueEnd } = writer.take()
  return Buffer.from(out.buffer, valueStart[0], valueEnd[0]! - valueStart[0]!).toString()
}

function checkRow(record: Uint8Array, place: Placed, expected: ExpectedRow): void {
  const row = decodedRow()
  // An object in TEXT keeps its own spelling; the reference has JSON.stringify's.
  const raw = range[8]! >= 0 && place.bytes[range[8]!] !== 0x22
  const note = raw ? JSON.stringify(JSON.parse(row.note!)) : row.note
  assert.deepEqual({ ...row, note }, expected, show(record))
  assert.equal(textAt(place.bytes, range[8]!, range[9]!), row.note, show(record))
  const [small, , amount, , copiedNote, doc] = JSON.parse(`[${copiedRow(place)}]`) as unknown[]
  assert.deepEqual(
    [small, amount, copiedNote, doc],
    [row.small, row.amount, row.note, row.doc],
    show(record)
  )
  const exact = copiedRow(place).split(',')
  assert.equal(exact[1], String(row.id), show(record))
  assert.equal(exact[3], String(row.price), show(record))
}

test(`${DOCUMENTS} random documents against JSON.parse`, t => {
  const random = makeRandom(SEED)
  let accepted = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const record = randomRecord(random)
    const expected = expectedRow(record)
    if (expected !== null) accepted++
    const statuses = Object.values(places).map(put => {
      const place = put(record)
      const utf8 = isUtf8Range(place.bytes, place.start, place.end)
      const status = decodeEverything(place.bytes, place.start, place.end)
      assert.equal(
        utf8 && status === DecodeStatus.Ok,
        expected !== null,
        `${show(record)} ${status}`
      )
      if (expected !== null) checkRow(record, place, expected)
      const copiedStatus = decodeCopied(place.bytes, place.start, place.end)
      return [status, copiedStatus === DecodeStatus.Ok ? copiedPlaces(place.start) : copiedStatus]
    })
    assert.deepEqual(statuses[0], statuses[1], show(record))
  }
  assert.ok(accepted > DOCUMENTS / 10 && accepted < DOCUMENTS * 0.9, `${accepted} accepted`)
  t.diagnostic(`${accepted} accepted, ${DOCUMENTS - accepted} rejected, seed ${SEED}`)
})
