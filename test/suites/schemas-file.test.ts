import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openScript, withSchemas } from '../../compiler/commands/open-script.ts'
import { compileScript } from '../../compiler/compile.ts'
import { diagnose } from '../../compiler/lsp/diagnose.ts'
import { openSession } from '../../compiler/lsp/open-session.ts'
import type { SchemaChoice } from '../../compiler/registry/index.ts'
import { hasErrors } from '../../compiler/session.ts'

const fields = (...names: string[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'R',
    fields: names.map(name => ({ name, type: 'long' }))
  })

test('what the registry answers is kept in a file, which later compilations go by', async () => {
  await using registry = await serve(fields('id'))
  using folder = makeFolder(`http://user:p4ss@127.0.0.1:${registry.port}`)
  assert.deepEqual(await compile(folder.script), ['id'])
  const kept = readFileSync(folder.kept, 'utf8')
  assert.ok(!kept.includes('p4ss'), kept)
  registry.schema = fields('id', 'more')
  assert.deepEqual(await compile(folder.script), ['id'])
  assert.equal(readFileSync(folder.kept, 'utf8'), kept)
  assert.deepEqual(await compile(folder.script, 'latest'), ['id', 'more'])
  assert.deepEqual(await compile(folder.script), ['id', 'more'])
  assert.equal(registry.asked, 2)
})

test('without its file a script needs the registry, and says so', async () => {
  using folder = makeFolder('http://127.0.0.1:1')
  assert.match(await failure(folder.script), /^schema-not-fetched .*ECONNREFUSED/)
  assert.match(await failure(folder.script, 'locked'), /^schema-not-fetched .*s\.schemas\.json/)
  assert.ok(!existsSync(folder.kept))
  writeFileSync(folder.kept, '{ "schemas": [1, {}, null] }')
  assert.match(await failure(folder.script), /^schema-not-fetched/)
})

test('an editor goes by the file, and asks nobody', async () => {
  await using registry = await serve(fields('id'))
  using folder = makeFolder(`http://127.0.0.1:${registry.port}`)
  const codes = (): unknown[] => {
    const uri = pathToFileURL(folder.script).href
    const opened = openSession(uri, readFileSync(folder.script, 'utf8'), () => null)
    return diagnose(opened, uri).map(({ code }) => code)
  }
  assert.deepEqual(codes(), ['schema-not-fetched'])
  assert.equal(registry.asked, 0)
  await compile(folder.script)
  assert.deepEqual(codes(), [])
})

/** The columns that are inferred; what they are inferred from is kept. */
async function compile(path: string, choice?: SchemaChoice): Promise<string[]> {
  const { session, book } = await withSchemas((await openScript(path))!, choice)
  const compiled = compileScript(session)
  assert.ok(!hasErrors(session))
  book.save()
  const columns = compiled!.graph.sinks[0]!.schema.columns
  return columns.map(({ name }) => name)
}

async function failure(path: string, choice?: SchemaChoice): Promise<string> {
  const { session } = await withSchemas((await openScript(path))!, choice)
  assert.equal(compileScript(session), null)
  return session.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n')
}

function makeFolder(url: string) {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
  const script = join(folder, 's.sql')
  // As the reference prints it, but for the place of the registry.
  writeFileSync(
    script,
    `CREATE SOURCE avro_source
FROM KAFKA (
    brokers = 'localhost:9092',
    topic = 'avro-data',
    schema_registry_url = '\${REGISTRY}'
)
SCHEMA (INFER FROM REGISTRY);
CREATE SINK out TO KAFKA (topic = 'out') AS SELECT * FROM avro_source;
`.replace('${REGISTRY}', url)
  )
  return {
    script,
    kept: join(folder, 's.schemas.json'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}

async function serve(first: string) {
  const state = { schema: first, asked: 0, port: 0 }
  const server = createServer(({ url }, response) => {
    state.asked++
    assert.equal(url, '/subjects/avro-data-value/versions/latest')
    response.end(JSON.stringify({ schema: state.schema, id: state.asked, version: state.asked }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  })
}
