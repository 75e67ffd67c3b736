import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AvroDecoder, type AvroColumn } from '../../../runtime/avro/index.ts'
import type { ColumnType } from '../../../runtime/contract/index.ts'

const nothing = new Uint8Array()

/** What becomes of a record of one field, or of several, beside the value of the column `a`. */
function read(
  fields: Readonly<Record<string, unknown>>,
  type: ColumnType,
  bytes: readonly number[],
  column: Partial<AvroColumn> = {}
): unknown {
  const schema = recordOf(fields)
  const columns = [
    { name: 'a', type, sql: type.kind, path: ['a'], notNull: false, missing: null, ...column }
  ]
  const decoder = new AvroDecoder(columns, 'auto', JSON.stringify(schema))
  // What stands behind the record is no part of it, and looks like more of it.
  const all = Uint8Array.from([...bytes, ...bytes, 2, 2, 2, 2, 2, 2, 2, 2])
  return decoder.read(all, 0, bytes.length) ? decoder.get(0, type) : decoder.error().code
}

function recordOf(fields: Readonly<Record<string, unknown>>) {
  return {
    type: 'record',
    name: 'R',
    fields: Object.entries(fields).map(([name, type]) => ({ name, type }))
  }
}

const BIGINT: ColumnType = { kind: 'BigInt' }
const TEXT: ColumnType = { kind: 'Text' }
const ff = (count: number): number[] => Array.from({ length: count }, () => 0xff)

test('longs of every length, and what is none', () => {
  const long = (...bytes: number[]): unknown => read({ a: 'long' }, BIGINT, bytes)
  assert.equal(long(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20), 2n ** 53n)
  assert.equal(long(0xfe, ...ff(6), 0x1f), 2 ** 53 - 1)
  assert.equal(long(0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20), 2n ** 53n + 1n)
  assert.equal(long(...ff(9), 0x01), -(2n ** 63n))
  assert.equal(long(0xfe, ...ff(8), 0x01), 2n ** 63n - 1n)
  assert.equal(long(0x80, 0x00), 0)
  assert.equal(long(...ff(9), 0x03), 'malformed-avro')
  assert.equal(long(...ff(10), 0x00), 'malformed-avro')
  assert.equal(long(...ff(9)), 'truncated-avro')
  assert.equal(long(), 'truncated-avro')
  assert.equal(long(0x02, 0x02), 'trailing-bytes')
})

test('an int is of 32 bits, whoever reads it', () => {
  const bytes = [0x80, 0x80, 0x80, 0x80, 0x20]
  assert.equal(read({ a: 'int' }, BIGINT, bytes), 2 ** 32)
  assert.equal(read({ a: 'int' }, { kind: 'Int' }, bytes), 'malformed-avro')
  assert.equal(read({ a: 'long' }, { kind: 'Int' }, bytes), 'out-of-range')
})

test('lengths that are not there, negative ones, and those beyond everything', () => {
  const text = (...bytes: number[]): unknown => read({ a: 'string' }, TEXT, bytes)
  assert.equal(text(0x04, 0x61, 0x62), 'ab')
  assert.equal(text(0x06, 0x61, 0x62), 'truncated-avro')
  assert.equal(text(0x01), 'malformed-avro')
  assert.equal(text(0xfe, ...ff(8), 0x01), 'truncated-avro')
  assert.equal(text(0x02, 0xff), 'invalid-utf8')
  assert.equal(
    read({ x: 'string', a: 'int' }, { kind: 'Int' }, [0xfe, 0x7f, 0x02]),
    'truncated-avro'
  )
})

test('blocks: negative counts tell their size, and what is skipped is passed over by it', () => {
  const array = { type: 'array', items: 'long' }
  const longs: ColumnType = { kind: 'Array', element: BIGINT }
  assert.deepEqual(read({ a: array }, longs, [0x03, 0x04, 0x02, 0x04, 0x02, 0x06, 0x00]), [1, 2, 3])
  assert.equal(read({ x: array, a: 'int' }, BIGINT, [0x03, 0x04, 0x02, 0x04, 0x00, 0x08]), 4)
  assert.equal(read({ a: array }, longs, [0x7e, 0x02, 0x00]), 'truncated-avro')
  assert.equal(read({ a: array }, longs, [...ff(9), 0x01]), 'truncated-avro')
})

test('items that take no byte do not fill the memory', () => {
  const nulls = { type: 'array', items: 'null' }
  const type: ColumnType = { kind: 'Array', element: BIGINT }
  assert.deepEqual(read({ a: nulls }, type, [0x06, 0x00]), [null, null, null])
  const billion = [0x80, 0xa8, 0xd6, 0xb9, 0x07, 0x00]
  assert.equal(read({ a: nulls }, type, billion), 'too-many-items')
  assert.equal(read({ x: nulls, a: 'int' }, BIGINT, [...billion, 0x02]), 'too-many-items')
})

test('unions and enums that have no such branch', () => {
  assert.equal(read({ a: ['null', 'long'] }, BIGINT, [0x04, 0x02]), 'malformed-avro')
  assert.equal(read({ a: ['null', 'long'] }, BIGINT, [0x01]), 'malformed-avro')
  const symbols = { type: 'enum', name: 'E', symbols: ['X'] }
  assert.equal(read({ a: symbols }, TEXT, [0x00]), 'X')
  assert.equal(read({ a: symbols }, TEXT, [0x02]), 'malformed-avro')
  assert.equal(read({ a: 'boolean' }, { kind: 'Boolean' }, [0x02]), 'malformed-avro')
})

test('a type that holds itself is passed over, but not without an end', () => {
  const list = recordOf({ v: 'long', next: ['null', 'R'] })
  const fields = {
    x: { ...list, name: 'L', fields: [list.fields[0], { name: 'next', type: ['null', 'L'] }] },
    a: 'int'
  }
  assert.equal(read(fields, BIGINT, [0x02, 0x02, 0x04, 0x00, 0x0a]), 5)
  const deep = Array.from({ length: 600 }, () => [0x02, 0x02]).flat()
  assert.equal(read(fields, BIGINT, [...deep, 0x02, 0x00, 0x0a]), 'nested-too-deep')
})

test('columns: what is missing, null, or of another type', () => {
  assert.equal(read({ b: 'int' }, BIGINT, [0x02]), null)
  assert.equal(read({ b: 'int' }, BIGINT, [0x02], { missing: 7 }), 7)
  assert.equal(read({ b: 'int' }, BIGINT, [0x02], { notNull: true }), 'missing-value')
  assert.equal(read({ a: ['null', 'int'] }, BIGINT, [0x00], { missing: 7 }), null)
  assert.equal(read({ a: ['null', 'int'] }, BIGINT, [0x00], { notNull: true }), 'missing-value')
  assert.equal(read({ a: 'string' }, BIGINT, [0x02, 0x31]), 'wrong-type')
  assert.equal(read({ a: ['int', 'string'] }, BIGINT, [0x00, 0x08]), 4)
  assert.equal(read({ a: ['int', 'string'] }, BIGINT, [0x02, 0x02, 0x31]), 'wrong-type')
  assert.equal(read({ a: 'double' }, { kind: 'Double' }, [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]), NaN)
})

test('fields inside of fields, which may not be there', () => {
  const inner = recordOf({ b: 'int', c: 'int' })
  const path = { path: ['a', 'c'], missing: 9 }
  assert.equal(read({ a: { ...inner, name: 'I' } }, BIGINT, [0x02, 0x04], path), 2)
  const optional = { a: ['null', { ...inner, name: 'I' }] }
  assert.equal(read(optional, BIGINT, [0x02, 0x02, 0x04], path), 2)
  assert.equal(read(optional, BIGINT, [0x00], path), 9)
  assert.equal(read({ a: 'int' }, BIGINT, [0x02], path), 9)
})

test('a schema whose root is no record is the only column', () => {
  const columns = [
    { name: 'v', type: TEXT, sql: 'TEXT', path: ['v'], notNull: false, missing: null }
  ]
  const decoder = new AvroDecoder(columns, 'auto', '"string"')
  assert.ok(decoder.read(Uint8Array.of(0x02, 0x61), 0, 2))
  assert.equal(decoder.get(0, TEXT), 'a')
  assert.ok(!decoder.read(nothing, -1, -1))
  assert.equal(decoder.error().code, 'null-value')
})

test('schemas that are none, and those that would take for ever', () => {
  const decode = (schema: string): string => {
    const columns = [
      { name: 'a', type: BIGINT, sql: 'BIGINT', path: ['a'], notNull: false, missing: null }
    ]
    const decoder = new AvroDecoder(columns, 'auto', schema)
    decoder.read(nothing, 0, 0)
    return decoder.error().code
  }
  for (const wrong of ['{', '[]', '7', '"nothing"', '{"type":"record","name":"R"}']) {
    assert.match(decode(wrong), /^wrong-/)
  }
  assert.equal(
    decode(`${'{"type":"array","items":'.repeat(5000)}"int"${'}'.repeat(5000)}`),
    'wrong-schema'
  )
  // Each level holds the one below twice.
  let type: unknown = 'long'
  for (let level = 0; level < 60; level++) {
    const below = level === 0 ? 'long' : `N${level - 1}`
    type = { ...recordOf({ l: level === 0 ? 'long' : type, r: below }), name: `N${level}` }
  }
  assert.equal(decode(JSON.stringify(recordOf({ x: type, a: 'long' }))), 'truncated-avro')
})
