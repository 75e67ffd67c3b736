// The scanner remembers how records of a topic look: a record that differs in one byte, or in one member, from those before
// must be read as if it were the first.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memory } from '../../../runtime/codec/arena.ts'
import {
  cursor,
  DecodeStatus,
  END,
  firstMember,
  keyTable,
  nextMember
} from '../../../runtime/codec/index.ts'
import { copiedPlaces, decodeCopied } from './copied.ts'
import { decimal, decodeEverything, number, range, text } from './everything.ts'
import { inArena, inBuffer, type Placed } from './places.ts'

const MEMBERS = [
  '"flag":true',
  '"small":7',
  '"id":123456789012',
  '"other":"plain text"',
  '"amount":1.5',
  '"a key of more than thirty-two bytes, which no entry holds":[1,{"id":2}]',
  '"session":{"id":"s-1","deep":{"amount":null,"x":{"note":-0.25e3}},"age":3}',
  '"empty":{}',
  '"price":12.34',
  '"tags":["a",{"flag":false},"b"]',
  '"note":"hé \\"there\\""',
  '"at":1706200000005',
  '"doc":{"k":[1]}',
  '"last":null'
]

const layouts: Readonly<Record<string, string>> = {
  compact: `{${MEMBERS.join(',')}}`,
  'as Python writes it': `{${MEMBERS.join(', ').replaceAll('":', '": ')}}`,
  'one member per line': `{\n  ${MEMBERS.join(',\n  ')}\n}\n`,
  'nested last': `{${[...MEMBERS, '"end":{"a":1,"b":{"c":2}}'].join(',')}}`
}

function read(put: (record: Uint8Array) => Placed, record: Uint8Array): unknown {
  const placed = put(record)
  return [readAll(placed), readCopied(placed)]
}

function readCopied({ bytes, start, end }: Placed): unknown {
  const status = decodeCopied(bytes, start, end)
  return status === DecodeStatus.Ok ? copiedPlaces(start) : status
}

/** One status, or the whole row as values and as places in the record. */
function readAll({ bytes, start, end }: Placed): unknown {
  const status = decodeEverything(bytes, start, end)
  if (status !== DecodeStatus.Ok) return status
  const places = [...range].map(at => (at < 0 ? at : at - start))
  return [[...number], places, [...text], [...decimal]]
}

function check(record: Uint8Array, usual: Uint8Array): void {
  const expected = read(inBuffer, record)
  read(inArena, usual)
  read(inArena, usual)
  assert.deepEqual(read(inArena, record), expected, Buffer.from(record).toString())
}

const encode = (record: string): Uint8Array => new TextEncoder().encode(record)
const BYTES = encode('",:{}[]\\ 0.-en\n\0')

for (const [name, layout] of Object.entries(layouts)) {
  const usual = encode(layout)

  test(`${name}: cut anywhere`, () => {
    for (let length = 0; length < usual.length; length++) check(usual.slice(0, length), usual)
  })

  test(`${name}: a byte removed, replaced or inserted anywhere`, () => {
    for (let at = 0; at < usual.length; at++) {
      const before = [...usual.slice(0, at)]
      const after = [...usual.slice(at + 1)]
      check(Uint8Array.from([...before, ...after]), usual)
      for (const byte of BYTES) {
        check(Uint8Array.from([...before, byte, ...after]), usual)
        check(Uint8Array.from([...before, byte, usual[at]!, ...after]), usual)
      }
    }
  })
}

test('members that are missing, more, doubled, moved or of another type', () => {
  const usual = encode(layouts['compact']!)
  const write = (members: readonly string[]): Uint8Array => encode(`{${members.join(',')}}`)
  MEMBERS.forEach((member, at) => {
    const key = member.slice(0, member.indexOf(':'))
    const others = MEMBERS.toSpliced(at, 1)
    for (let count = 1; count < 6; count++) check(write(MEMBERS.toSpliced(at, count)), usual)
    check(write([...others, member]), usual)
    check(write([member, ...others]), usual)
    check(write([...MEMBERS, member]), usual)
    check(write(MEMBERS.toSpliced(at, 0, '"new":[{}]', '"newer":{"id":1}')), usual)
    for (const value of ['null', '1', '"1"', '"\\u0031"', '[]', '{}', '{"id":[2]}', '{"a":"b"}'])
      check(write(MEMBERS.with(at, `${key}:${value}`)), usual)
  })
})

test('values that are wrong, or not plain, before and behind others of the same key', () => {
  const usual = encode(layouts['compact']!)
  const values = [
    '1',
    '-7',
    '"x"',
    '"\\u0031"',
    'null',
    '1.5',
    '[]',
    '"12"',
    '1234567890123456789',
    '-0',
    'tru'
  ]
  for (const key of ['id', 'note', 'last', 'amount']) {
    for (const a of values)
      for (const b of values)
        for (const c of values)
          check(encode(`{"${key}":${a},"n":1,"${key}":${b},"other":"y","${key}":${c}}`), usual)
  }
})

test('more members than a layout remembers', () => {
  const members = Array.from({ length: 400 }, (_, i) => `"member ${i}":"${i}"`)
  const wide = [...members, '"id":5', '"note":"n"'].toSorted((a, b) => a.length - b.length)
  const usual = encode(`{${wide.join(',')}}`)
  check(usual, usual)
  wide.forEach((_, at) => check(encode(`{${wide.toSpliced(at, 1).join(',')}}`), usual))
})

test('a topic whose layout changes for good', () => {
  const old = encode(layouts['compact']!)
  const changed = encode(`{${MEMBERS.toReversed().join(' , ')}}`)
  const expected = read(inBuffer, changed)
  for (let i = 0; i < 300; i++) read(inArena, old)
  for (let i = 0; i < 300; i++) assert.deepEqual(read(inArena, changed), expected)
})

test('what is remembered of a layout grows where records have more members, and only there', () => {
  const keys = keyTable(['id'])
  const entries = (): number => {
    const [start, end] = new Uint32Array(memory.buffer, keys.address - 16, 2)
    return (end! - start! - 16) / 48
  }
  const readAll = (record: string): void => {
    for (let i = 0; i < 20; i++) {
      const { bytes, start, end } = inArena(encode(record))
      assert.equal(firstMember(keys, bytes, start, end), 0)
      assert.equal(nextMember(keys, bytes, cursor[0]! + 1, end), END)
    }
  }
  const wide = (members: number): string =>
    `{"id":7,${Array.from({ length: members }, (_, i) => `"member ${i}":"${i}"`).join(',')}}`
  readAll(wide(10))
  assert.equal(entries(), 64)
  readAll(wide(200))
  assert.equal(entries(), 256)
  readAll(wide(3000))
  assert.equal(entries(), 1024)
})
