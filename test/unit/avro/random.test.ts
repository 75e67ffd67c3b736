import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type SqlType, showType } from '../../../compiler/types/index.ts'
import { AvroDecoder } from '../../../runtime/avro/index.ts'
import { openAvro } from '../../oracle/avro-types.ts'
import { Failure } from '../../oracle/failure.ts'
import { readAvro } from '../../oracle/read-avro.ts'
import { makeTypes, type RandomType } from '../../support/avro/random-avro.ts'
import { makeRandom, type Random } from '../../support/functions/random-value.ts'

const SEED = Number(process.env['AVRO_SEED'] ?? 1)
const RUNS = 120

test('random schemas, values and columns: what the library and the slow twin read', () => {
  for (let seed = SEED; seed < SEED + RUNS; seed++) compareSeed(seed)
})

function compareSeed(seed: number): void {
  const random = makeRandom(seed)
  const make = makeTypes(random)
  const fields = Array.from({ length: 1 + random(8) }, (_, i) => ({
    name: `c${i}`,
    ...make()
  }))
  const schema = JSON.stringify({
    type: 'record',
    name: 'Top',
    fields: fields.map(field => ({ name: field.name, type: field.schema }))
  })
  const read = fields.filter(() => random(5) > 0)
  const columns = read.map(({ name, sql }) => ({
    ...{ name, type: sql, sql: showType(sql), path: [name], notNull: false, missing: null }
  }))
  const decoder = new AvroDecoder(columns, 'auto', schema)
  const library = openAvro(schema)
  const batch: Buffer[] = []
  for (let i = 0; i < 6; i++) {
    const value = Object.fromEntries(fields.map(field => [field.name, field.value()]))
    batch.push(library.toBuffer(value))
  }
  // Records stand back to back: what is behind one is no part of it.
  const bytes = Buffer.concat(batch)
  let start = 0
  for (const record of batch) {
    const end = start + record.length
    const value = library.fromBuffer(record) as Record<string, unknown>
    const wanted = expect(read, schema, value)
    const found = decoder.read(bytes, start, end)
      ? read.map(({ sql }, index) => normal(decoder.get(index, sql), sql))
      : `${decoder.error().code} ${decoder.error().column}`
    assert.deepStrictEqual(found, wanted, `seed ${seed}: ${schema}`)
    start = end
  }
  hostile(decoder, bytes, random)
}

/** Whatever bytes come: a record or a reason, and nothing thrown, nor memory filled. */
function hostile(decoder: AvroDecoder, bytes: Buffer, random: Random): void {
  for (let i = 0; i < 20; i++) {
    const broken = Buffer.from(bytes)
    for (let n = 0; n < 3 && broken.length > 0; n++) {
      broken[random(broken.length)] = random(256)
    }
    const end = random(broken.length + 1)
    if (!decoder.read(broken, 0, end)) assert.ok(decoder.error().message.length > 0)
  }
}

function expect(
  read: readonly (RandomType & { readonly name: string })[],
  schema: string,
  value: Record<string, unknown>
): unknown {
  const type = openAvro(schema)
  const fields = (type as unknown as { fields: { name: string; type: typeof type }[] }).fields
  const values: unknown[] = []
  for (const { name, sql } of read) {
    const field = fields.find(one => one.name === name)!
    try {
      values.push(normal(readAvro(field.type, value[name], sql, null), sql))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return `${error.code} ${name}`
    }
  }
  return values
}

/** Both sides as one: integers as bigints, vectors and bytes as arrays. */
function normal(value: unknown, type: SqlType): unknown {
  if (value === null) return null
  switch (type.kind) {
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
      return BigInt(value as number | bigint)
    case 'Bytes':
      return [...(value as Uint8Array)]
    case 'Array':
      return (value as readonly unknown[]).map(item => normal(item, type.element))
    case 'Row':
      return type.fields.map((field, i) => normal((value as readonly unknown[])[i], field.type))
    case 'Map':
      return [...(value as ReadonlyMap<string, unknown>)].map(([key, one]) => [
        key,
        normal(one, type.value)
      ])
    case 'Decimal':
      return { ...(value as object) }
    case 'Interval': {
      const { months, days, ms } = value as Record<string, number | bigint>
      return [months, days, ms].map(Number)
    }
    default:
      return value
  }
}
