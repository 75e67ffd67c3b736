import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deriveSchema } from '../../compiler/avro/index.ts'
import type { SqlType } from '../../compiler/types/index.ts'
import { openRegistry, RegistryFailure, schemaId } from '../../runtime/registry/index.ts'
import { registryMissing, TestRegistry } from '../support/registry/registry.ts'

const skip = process.env['CI'] === undefined ? (registryMissing() ?? false) : false
if (skip !== false) console.warn(`\n!!! SKIPPED, no real registry: ${skip}\n`)

test('a real registry: schemas of sinks are registered, found, refused', { skip }, async () => {
  const registry = await TestRegistry.start()
  try {
    const { url } = registry
    const client = openRegistry({ url, properties: {} }, {})
    const subject = 'orders-value'
    const open = (type: SqlType, autoRegister: boolean): Promise<number> => {
      const columns = [{ name: 'id', type, nullable: true }]
      const text = deriveSchema({ columns }, 'orders') as string
      const schema = { type: 'AVRO' as const, text, references: [] }
      return schemaId({ url, properties: {}, subject, autoRegister, schema }, client)
    }
    await rejects(open({ kind: 'Int' }, false), 'not-found', /has not the schema of the sink/)
    const id = await open({ kind: 'Int' }, true)
    assert.equal(await open({ kind: 'Int' }, true), id)
    assert.equal(await open({ kind: 'Int' }, false), id)
    assert.equal((await client.latest(subject)).id, id)
    assert.equal((await client.schema(id)).text, (await client.latest(subject)).text)
    await rejects(client.schema(id + 1000), 'not-found', /No content/)
    await registry.requireCompatibility(subject, 'BACKWARD')
    await rejects(open({ kind: 'Text' }, true), 'refused', /reader union lacking writer type/)
    assert.equal((await client.latest(subject)).id, id)
  } finally {
    await registry.stop()
  }
})

async function rejects(
  work: Promise<unknown>,
  kind: RegistryFailure['kind'],
  message: RegExp
): Promise<void> {
  await assert.rejects(work, (error: unknown) => {
    assert.ok(error instanceof RegistryFailure)
    assert.equal(error.kind, kind)
    assert.match(error.message, message)
    return true
  })
}
