import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SchemaText, ValueType } from '../../../runtime/contract/index.ts'
import { type ProtobufColumn, ProtobufDecoder } from '../../../runtime/protobuf/index.ts'
import { formatDecimal } from '../../../runtime/sql/decimal.ts'
import { messageOf, openProtobuf } from '../../oracle/index.ts'
import { makeRandom, pick, type Random } from '../../support/functions/random-value.ts'

const SEED = Number(process.env['PROTOBUF_SEED'] ?? 1)
const DECIMAL: ValueType = { kind: 'Decimal', precision: 20, scale: 0 }

/** A scalar, the SQL type that holds all of its values, and values of it as the library takes them. */
const scalars: readonly (readonly [string, ValueType, (random: Random) => unknown])[] = [
  ['int32', { kind: 'Int' }, random => integer(random, 32, true)],
  ['sint32', { kind: 'Int' }, random => integer(random, 32, true)],
  ['sfixed32', { kind: 'Int' }, random => integer(random, 32, true)],
  ['uint32', { kind: 'BigInt' }, random => integer(random, 32, false)],
  ['fixed32', { kind: 'BigInt' }, random => integer(random, 32, false)],
  ['int64', { kind: 'BigInt' }, random => integer(random, 64, true)],
  ['sint64', { kind: 'BigInt' }, random => integer(random, 64, true)],
  ['sfixed64', { kind: 'BigInt' }, random => integer(random, 64, true)],
  ['uint64', DECIMAL, random => integer(random, 64, false)],
  ['fixed64', DECIMAL, random => integer(random, 64, false)],
  ['double', { kind: 'Double' }, random => pick(random, [0, -0.5, 1e300, Infinity, NaN, 2 ** 53])],
  ['float', { kind: 'Real' }, random => Math.fround(pick(random, [0, 0.1, -1e30, 3.5]))],
  ['bool', { kind: 'Boolean' }, random => random(2) === 1],
  ['string', { kind: 'Text' }, random => pick(random, ['', 'a', 'é€😀', 'x'.repeat(200)])],
  ['bytes', { kind: 'Bytes' }, random => Uint8Array.from({ length: random(5) }, () => random(256))]
]

/** Often one of those at the edges. */
function integer(random: Random, bits: number, signed: boolean): string {
  const wide = BigInt(bits)
  const raw = pick(random, [
    ...[0n, 1n, -1n, (1n << 53n) + 1n, (1n << (wide - 1n)) - 1n, 1n << (wide - 1n)],
    BigInt(random(2 ** 31)) << BigInt(random(bits - 31 + 1))
  ])
  return String(signed ? BigInt.asIntN(bits, raw) : BigInt.asUintN(bits, raw))
}

interface RandomField {
  readonly declaration: string
  readonly name: string
  readonly type: ValueType
  value(random: Random): unknown
}

function randomField(random: Random, index: number): RandomField {
  const [scalar, type, value] = pick(random, scalars)
  const name = `f${index}`
  const number = index + 1 + pick(random, [0, 40, 3000])
  const declare = (text: string): string => `${text} ${name} = ${number}`
  const several = (one: Random): unknown[] => Array.from({ length: one(4) }, () => value(one))
  switch (random(5)) {
    case 0:
      return { declaration: `${declare(`optional ${scalar}`)};`, name, type, value }
    case 1: {
      const packed =
        scalar === 'string' || scalar === 'bytes' ? '' : ` [packed = ${random(2) === 0}]`
      const declaration = `${declare(`repeated ${scalar}`)}${packed};`
      return { declaration, name, type: { kind: 'Array', element: type }, value: several }
    }
    case 2: {
      const entries = (one: Random): unknown =>
        Object.fromEntries(several(one).map((item, i) => [`k${i}`, item]))
      const declaration = `${declare(`map<string, ${scalar}>`)};`
      return { declaration, name, type: { kind: 'Map', value: type }, value: entries }
    }
    default:
      return { declaration: `${declare(scalar)};`, name, type, value }
  }
}

test('random messages are read as protobufjs reads them, also with few columns and in another order', () => {
  const random = makeRandom(SEED)
  for (let round = 0; round < 150; round++) {
    const fields = Array.from({ length: 1 + random(12) }, (_, i) => randomField(random, i))
    const text = `syntax = "proto3"; message M { ${fields.map(f => f.declaration).join(' ')} }`
    const type = messageOf(openProtobuf([text]), text, null)
    const wanted = fields.filter(() => random(3) > 0).reverse()
    const decoder = new ProtobufDecoder(wanted.map(columnOf), 'auto', filesOf(text))
    for (let record = 0; record < 8; record++) {
      const object = Object.fromEntries(
        fields.flatMap(field => (random(3) === 0 ? [] : [[field.name, field.value(random)]]))
      )
      const bytes = Uint8Array.from(type.encode(type.fromObject(object)).finish())
      assert.ok(decoder.read(bytes, 0, bytes.length), `seed ${SEED}, round ${round}`)
      const expected = wanted.map(({ name, type: sql }) => expectedOf(type, bytes, name, sql))
      assert.deepEqual(decoder.values.slice(0, wanted.length).map(show), expected, text)
    }
  }
})

function expectedOf(
  type: ReturnType<typeof messageOf>,
  bytes: Uint8Array,
  name: string,
  sql: ValueType
): unknown {
  const options = { longs: String, arrays: true, objects: true } as const
  const found = type.toObject(type.decode(bytes), options) as Record<string, unknown>
  const field = type.fields[name]!
  const isList = sql.kind === 'Array' || sql.kind === 'Map'
  if (found[name] === undefined && !isList) {
    // Of bytes the library has a list without any.
    const { typeDefault } = field
    return field.hasPresence ? null : Array.isArray(typeDefault) ? '' : showExpected(typeDefault)
  }
  return showExpected(found[name])
}

/** Numbers of 64 bits are texts in what the library gives, and so in what is compared. */
function showExpected(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(showExpected)
  if (typeof value === 'object' && value !== null) {
    if ('unsigned' in value || 'low' in value) return String(value)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, showExpected(one)]))
  }
  return typeof value === 'number' ? String(value) : value
}

function show(value: unknown): unknown {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, one]) => [key, show(one)]))
  }
  if (Array.isArray(value)) return value.map(show)
  return typeof value === 'object' && value !== null ? formatDecimal(value as never) : value
}

const TEXT = `syntax = "proto3";
message M {
  int64 id = 1; string name = 2; repeated int32 list = 3; M inner = 4; map<string, M> map = 5; double d = 6;
}`

const columns: ProtobufColumn[] = [
  column('id', { kind: 'BigInt' }),
  column('name', { kind: 'Text' }),
  column('list', { kind: 'Array', element: { kind: 'Int' } }),
  column('inner', {
    kind: 'Row',
    fields: [{ name: 'id', type: { kind: 'BigInt' }, nullable: true }]
  }),
  column('map', { kind: 'Map', value: { kind: 'Row', fields: [] } }),
  column('d', { kind: 'Double' })
]

const hostile: readonly (readonly [name: string, bytes: readonly number[], code: string])[] = [
  ['a varint of eleven bytes', [8, ...Array<number>(10).fill(0xff), 1], 'malformed-protobuf'],
  ['a varint beyond 64 bits', [8, ...Array<number>(9).fill(0xff), 2], 'malformed-protobuf'],
  ['a varint that is cut off', [8, 0x80], 'truncated-protobuf'],
  ['a tag that is cut off', [0x80], 'truncated-protobuf'],
  ['the field 0', [0, 0], 'malformed-protobuf'],
  ['the wire type 6', [14, 0], 'malformed-protobuf'],
  ['the wire type 7', [15, 0], 'malformed-protobuf'],
  ['a length beyond the end', [18, 5, 65], 'truncated-protobuf'],
  ['a length of 2^63', [18, ...Array<number>(9).fill(0x80), 1], 'truncated-protobuf'],
  ['a double that is cut off', [49, 0, 0, 0], 'truncated-protobuf'],
  ['a text that is no UTF-8', [18, 1, 0xff], 'invalid-utf8'],
  ['a number as a text', [10, 1, 65], 'wrong-type'],
  ['a text as a number', [16, 1], 'wrong-type'],
  ['a group that nobody ends', [0x7b, 8, 1], 'truncated-protobuf'],
  ['a group that another ends', [0x7b, 0x84, 1], 'malformed-protobuf'],
  ['the end of no group', [0x7c], 'malformed-protobuf'],
  ['groups in groups', Array<number>(5000).fill(0x7b), 'nested-too-deep'],
  ['a packed list that is cut off', [26, 2, 1, 0x80], 'truncated-protobuf'],
  ['a message beyond the one around it', [34, 2, 18, 9, 1, 1, 1], 'truncated-protobuf'],
  ['the key of an entry that is a number', [42, 2, 8, 1], 'wrong-type']
]

for (const [name, bytes, code] of hostile) {
  test(`hostile bytes: ${name}`, () => {
    const decoder = new ProtobufDecoder(columns, 'auto', filesOf(TEXT))
    // What stands around the record is none of it.
    const around = Uint8Array.from([0xff, ...bytes, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    assert.equal(decoder.read(around, 1, 1 + bytes.length), false)
    assert.equal(decoder.error().code, code)
    // The next record knows nothing of it.
    assert.ok(decoder.read(Uint8Array.of(8, 5), 0, 2))
    assert.deepEqual(decoder.values.slice(0, 6), [5, '', [], null, new Map(), 0])
  })
}

test('messages inside of one another beyond all bounds are bad, not a crash', () => {
  let bytes: Uint8Array = Uint8Array.of(8, 1)
  for (let level = 0; level < 5000; level++) {
    bytes = Buffer.concat([Uint8Array.of(34), varint(bytes.length), bytes])
  }
  const row = (levels: number): ValueType => ({
    kind: 'Row',
    fields: levels === 0 ? [] : [{ name: 'inner', type: row(levels - 1), nullable: true }]
  })
  const deep = new ProtobufDecoder([column('inner', row(120))], 'auto', filesOf(TEXT))
  assert.equal(deep.read(bytes, 0, bytes.length), false)
  assert.equal(deep.error().code, 'nested-too-deep')
  // Passed over they are bytes.
  const flat = new ProtobufDecoder([column('id', { kind: 'BigInt' })], 'auto', filesOf(TEXT))
  assert.ok(flat.read(bytes, 0, bytes.length))
})

test('each cut and each changed byte of a message is read or refused, and nothing else', () => {
  const random = makeRandom(SEED)
  const type = messageOf(openProtobuf([TEXT]), TEXT, null)
  const object = {
    id: 300,
    name: 'é',
    list: [1, -1],
    inner: { id: 2 },
    map: { a: { id: 1 } },
    d: 1.5
  }
  const whole = Uint8Array.from(type.encode(type.fromObject(object)).finish())
  const decoder = new ProtobufDecoder(columns, 'auto', filesOf(TEXT))
  for (let end = 0; end <= whole.length; end++) decoder.read(whole, 0, end)
  for (let round = 0; round < 3000; round++) {
    const bytes = new Uint8Array(whole)
    for (let i = random(3); i >= 0; i--) bytes[random(bytes.length)] = random(256)
    decoder.read(bytes, 0, bytes.length)
  }
  assert.ok(decoder.read(whole, 0, whole.length))
  assert.deepEqual(decoder.values.slice(0, 6), [300, 'é', [1, -1], [2], new Map([['a', []]]), 1.5])
})

test('a message in several parts is their sum, as is a list', () => {
  const decoder = new ProtobufDecoder(
    [
      column('id', { kind: 'BigInt' }, ['inner', 'id']),
      column('name', { kind: 'Text' }, ['inner', 'name']),
      column('list', { kind: 'Array', element: { kind: 'BigInt' } })
    ],
    'auto',
    filesOf(TEXT)
  )
  const bytes = Uint8Array.of(34, 2, 8, 7, 24, 1, 34, 3, 18, 1, 65, 26, 2, 2, 3)
  assert.ok(decoder.read(bytes, 0, bytes.length))
  assert.deepEqual(decoder.values.slice(0, 3), [7, 'A', [1, 2, 3]])
})

test('files that are imported come from references, and a message from its places', () => {
  const schema: SchemaText = {
    type: 'PROTOBUF',
    text: `syntax = "proto3"; package a; import "b.proto"; message X { b.Y y = 1; message In { .b.E e = 2; } }`,
    references: [
      {
        ...{ name: 'b.proto', subject: 'b', version: 1 },
        text: `syntax = "proto3"; package b; enum E { NO = 0; YES = 1; } message Y { E e = 1; }`
      }
    ]
  }
  const decoder = new ProtobufDecoder(
    [column('e', { kind: 'Text' }), column('inner', { kind: 'Text' }, ['y', 'e'])],
    'auto'
  )
  decoder.open({ find: () => schema })
  const read = (...bytes: number[]): unknown[] => {
    assert.ok(decoder.read(Uint8Array.from(bytes), 0, bytes.length), JSON.stringify(bytes))
    return decoder.values.slice(0, 2)
  }
  assert.deepEqual(read(0, 0, 0, 0, 1, 0, 10, 2, 8, 1), [null, 'YES'])
  assert.deepEqual(read(0, 0, 0, 0, 1, 2, 0, 10, 0), [null, 'NO'])
  assert.deepEqual(read(0, 0, 0, 0, 1, 4, 0, 0, 16, 5), ['5', null])
  assert.deepEqual(read(0, 0, 0, 0, 1, 0), [null, null])
  const gone = Uint8Array.of(0, 0, 0, 0, 1, 2, 8)
  assert.equal(decoder.read(gone, 0, gone.length), false)
  assert.equal(decoder.error().code, 'wrong-schema')
})

function column(name: string, type: ValueType, path: readonly string[] = [name]): ProtobufColumn {
  return { name, type, sql: type.kind, path, notNull: false, missing: null }
}

function columnOf({ name, type }: RandomField): ProtobufColumn {
  return column(name, type)
}

function filesOf(text: string) {
  return { files: [{ name: 'm.proto', text }], message: null }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80)
  return Uint8Array.from([...bytes, value])
}
