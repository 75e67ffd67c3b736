import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { test } from 'node:test'
import { allocateBytes, releaseBytes } from '../../../../runtime/codec/arena.ts'
import { crc32c, crc32cSlowly } from '../../../../runtime/connect/wire/crc32c.ts'
import { RecordColumns } from '../../../../runtime/connect/wire/record-columns.ts'
import { walkRecords } from '../../../../runtime/connect/wire/walk-records.ts'
import { type BatchRecord, encodeRecords } from '../../../support/record-batch.ts'
import { loadCrc32c } from '../../../../runtime/native/index.ts'
import { makeRandom, type Random } from '../../codec/random.ts'

const ROUNDS = 300
const BASE = 9_000_000_000_000
const TIME = 1_706_200_000_000

/** What a walk answers, without where the bytes are. */
function walk(bytes: Uint8Array, inArena: boolean, count: number, from: number, step: number) {
  const region = inArena
    ? allocateBytes(bytes.length)
    : { bytes: new Uint8Array(bytes.length + 9), start: 9, end: bytes.length + 9 }
  region.bytes.set(bytes, region.start)
  const end = region.start + bytes.length
  const columns = new RecordColumns(count + 1)
  const run = {
    ...{ bytes: region.bytes, pos: region.start, end, left: count },
    ...{ baseOffset: BASE, baseTime: TIME }
  }
  let isRight = true
  // Bad bytes may say that there is another record where none was.
  for (let steps = 0; isRight && run.left > 0 && columns.count < count; steps++) {
    assert.ok(steps <= count)
    isRight = walkRecords(run, from, columns, Math.min(step, count - columns.count))
  }
  const places = (column: Int32Array): number[] =>
    [...column.subarray(0, columns.count)].map(at => (at < 0 ? at : at - region.start))
  const found = {
    isRight,
    offset: [...columns.offset.subarray(0, columns.count)],
    timestamp: [...columns.timestamp.subarray(0, columns.count)],
    ...{ keyStart: places(columns.keyStart), keyEnd: places(columns.keyEnd) },
    ...{ valueStart: places(columns.valueStart), valueEnd: places(columns.valueEnd) },
    ...{ headers: places(columns.headers), size: columns.size, utf8: columns.utf8 },
    ...{ left: run.left, pos: run.pos - region.start }
  }
  columns.release()
  if (inArena) releaseBytes(region)
  return found
}

function randomBytes(random: Random, most: number): Buffer {
  const length = random(most + 1)
  const texts = ['a', '"', '{}', 'é', '€', '😀', '\u0000', '0123456789abcdef']
  if (random(8) === 0) return Buffer.from(Array.from({ length }, () => random(256)))
  return Buffer.from(Array.from({ length }, () => texts[random(texts.length)]!).join(''))
}

function randomRecords(random: Random): BatchRecord[] {
  let offset = BASE
  return Array.from({ length: 1 + random(40) }, () => {
    const headers = Array.from({ length: random(3) }, () => {
      const value = random(3) === 0 ? null : randomBytes(random, 5)
      return [`h${random(9)}`, value] as const
    })
    const part = (most: number): Buffer | null =>
      random(6) === 0 ? null : randomBytes(random, most)
    const record = { offset, key: part(8), value: part(random(9) === 0 ? 400 : 30) }
    offset += 1 + (random(4) === 0 ? random(100_000) : 0)
    const timestamp = TIME + random(2_000_000) - 1_000_000
    return { ...record, timestamp, headers: random(3) === 0 ? headers : [] }
  })
}

test('records are found where they lie, in the arena and elsewhere', () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = makeRandom(seed)
    const records = randomRecords(random)
    const bytes = encodeRecords(records, BASE, TIME)
    const from = records[random(records.length)]!.offset - random(2)
    const step = 1 + random(records.length)
    const found = walk(bytes, true, records.length, from, step)
    const wanted = records.filter(({ offset }) => offset >= from)
    const text = (starts: number[], ends: number[]): (string | null)[] =>
      starts.map((start, i) => (start < 0 ? null : bytes.toString('hex', start, ends[i])))
    const hex = (part: Uint8Array | null): string | null =>
      part === null ? null : Buffer.from(part).toString('hex')
    assert.ok(found.isRight)
    assert.deepEqual(
      found.offset,
      wanted.map(({ offset }) => offset),
      `seed ${seed}`
    )
    assert.deepEqual(
      found.timestamp,
      wanted.map(({ timestamp }) => timestamp)
    )
    assert.deepEqual(
      text(found.keyStart, found.keyEnd),
      wanted.map(({ key }) => hex(key))
    )
    assert.deepEqual(
      text(found.valueStart, found.valueEnd),
      wanted.map(({ value }) => hex(value))
    )
    assert.deepEqual(
      found.headers.map(at => (at < 0 ? 0 : bytes[at]! / 2)),
      wanted.map(({ headers }) => headers!.length)
    )
    assert.equal(
      found.utf8,
      wanted.every(({ value }) => value === null || isUtf8(value))
    )
    assert.equal(found.pos, bytes.length)
    assert.deepEqual(walk(bytes, false, records.length, from, step), found)
  }
})

test('of bytes that are no records both ways find the same, and nothing outside of them', () => {
  let refused = 0
  for (let seed = 1; seed <= 10 * ROUNDS; seed++) {
    const random = makeRandom(seed)
    const records = randomRecords(random)
    let bytes = encodeRecords(records, BASE, TIME)
    const flips = random(4)
    for (let i = 0; i < flips; i++) bytes[random(bytes.length)] = random(256)
    if (random(3) === 0) bytes = bytes.subarray(0, random(bytes.length))
    const found = walk(bytes, true, records.length, 0, records.length)
    const slowly = walk(bytes, false, records.length, 0, records.length)
    assert.equal(found.isRight, slowly.isRight, `seed ${seed}`)
    if (!found.isRight) {
      refused++
      continue
    }
    assert.deepEqual(found, slowly, `seed ${seed}`)
    for (const end of [...found.keyEnd, ...found.valueEnd])
      assert.ok(end >= 0 && end <= bytes.length)
  }
  assert.ok(refused > ROUNDS)
})

test('CRC-32C, by the processor and by tables', async () => {
  const byProcessor = await loadCrc32c()
  // RFC 3720, B.4.
  const known: readonly (readonly [Uint8Array, number])[] = [
    [Buffer.alloc(32), 0x8a9136aa],
    [Buffer.alloc(32, 0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [Buffer.from('123456789'), 0xe3069283],
    [Buffer.alloc(0), 0]
  ]
  for (const [bytes, crc] of known) {
    assert.equal(crc32c(bytes, 0, bytes.length), crc)
    assert.equal(byProcessor?.(bytes, 0, bytes.length) ?? crc, crc)
    const region = allocateBytes(bytes.length + 3)
    region.bytes.set(bytes, region.start + 3)
    assert.equal(crc32c(region.bytes, region.start + 3, region.start + 3 + bytes.length), crc)
    releaseBytes(region)
  }
  const random = makeRandom(1)
  const bytes = Buffer.from(Array.from({ length: 100_000 }, () => random(256)))
  for (let round = 0; round < 200; round++) {
    const start = random(1000)
    const end = start + random(round < 100 ? 100 : 90_000)
    const crc = crc32cSlowly(bytes, start, end)
    assert.equal(byProcessor?.(bytes, start, end) ?? crc, crc, `${start} ${end}`)
  }
})
