import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BatchBuffer } from '../../../runtime/connect/batch-buffer.ts'
import type { ErrorPolicy, SchemaText } from '../../../runtime/contract/index.ts'
import {
  BatchSchemas,
  makeMemoryRegistry,
  RegistryFailure
} from '../../../runtime/registry/index.ts'
import { readSchemaId } from '../../../runtime/codec/schema-frame.ts'

const schema: SchemaText = { type: 'AVRO', text: '"int"', references: [] }

test('a schema is asked for once, an unknown one again after a while', async () => {
  const { schemas, asked, host } = open()
  assert.equal(await schemas.prepare(batchOf(1, 2, 1, 9, 1)), true)
  assert.equal(await schemas.prepare(batchOf(2, 9)), true)
  assert.deepEqual(asked.toSorted(), [1, 2, 9])
  assert.equal(schemas.find(1), schema)
  assert.deepEqual(schemas.find(9), { ...schemas.find(9), code: 'unknown-schema' })
  host.time = 31_000
  await schemas.prepare(batchOf(9))
  assert.deepEqual(asked.toSorted(), [1, 2, 9, 9])
})

test('a registry that is away is waited for, whatever is done with bad records', async () => {
  const { schemas, host } = open({ down: 7 })
  assert.equal(await schemas.prepare(batchOf(1)), true)
  assert.deepEqual(host.waited, [1, 2, 3, 4, 5, 6, 7])
  assert.equal(schemas.find(1), schema)
})

test('retry says how often, and the next batch asks again', async () => {
  const { schemas, host } = open({ down: 4, action: 'retry' })
  assert.equal(await schemas.prepare(batchOf(1)), true)
  assert.deepEqual(host.waited, [1, 2])
  const { code, attempt } = schemas.find(1) as { code: string; attempt: number }
  assert.deepEqual([code, attempt], ['registry-unreachable', 3])
  assert.equal(await schemas.prepare(batchOf(1)), true)
  assert.equal(schemas.find(1), schema)
})

test('nobody waits for a registry when the pipeline stops', async () => {
  const { schemas, host } = open({ down: Infinity })
  host.stops = true
  assert.equal(await schemas.prepare(batchOf(1)), false)
})

test('ids are unsigned, and values without one have none', () => {
  const id = (...bytes: number[]): number => readSchemaId(Uint8Array.from(bytes), 0, bytes.length)
  assert.equal(id(0, 255, 255, 255, 255), 2 ** 32 - 1)
  assert.equal(id(0, 0, 0, 1, 2), 258)
  assert.equal(id(1, 0, 0, 0, 1), -1)
  assert.equal(id(0, 0, 0, 1), -1)
  assert.equal(readSchemaId(new Uint8Array(9), -1, -1), -1)
})

function open({
  down = 0,
  action = 'dead_letter'
}: { down?: number; action?: ErrorPolicy['action'] } = {}) {
  const memory = makeMemoryRegistry()
  memory.put('a', 1, schema)
  memory.put('a', 2, schema)
  const asked: number[] = []
  let left = down
  const registry = {
    ...memory,
    schema: (id: number) => {
      asked.push(id)
      if (left-- > 0) throw new RegistryFailure('unreachable', 'registry', 'away')
      return memory.schema(id)
    }
  }
  const host = { time: 0, waited: [] as number[], stops: false }
  const schemas = new BatchSchemas(registry, {
    policy: () => ({ action, maxRetries: 2, retryBackoff: 1, deadLetterTopic: null }),
    async backOff(attempt) {
      host.waited.push(attempt)
      return !host.stops
    },
    elapsed: () => host.time,
    warn: () => {}
  })
  return { schemas, asked, host }
}

function batchOf(...ids: number[]): BatchBuffer {
  const batch = new BatchBuffer(() => {})
  const records = ids.map((id, offset) => ({
    ...{ key: null, value: Uint8Array.of(0, 0, 0, 0, id, 8), partition: 0, timestamp: 0, offset }
  }))
  batch.fill(records, () => [])
  return batch
}
