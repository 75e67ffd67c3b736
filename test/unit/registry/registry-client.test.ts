import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { SchemaText } from '../../../runtime/contract/index.ts'
import { EnvironmentError } from '../../../runtime/observe/environment-error.ts'
import { openRegistry, RegistryFailure } from '../../../runtime/registry/index.ts'

interface Asked {
  readonly line: string
  readonly authorization: string | undefined
  readonly body: string
}
type Answer = readonly [status: number, body: string | object]

const avro: SchemaText = { type: 'AVRO', text: '"string"', references: [] }

test('a schema by its id, with what it refers to, each before those that refer to it', async () => {
  await using registry = await serve({
    'GET /schemas/ids/7': [200, { schema: 'A', references: [ref('b', 1), ref('c', 2)] }],
    'GET /subjects/b/versions/1': [200, { schema: 'B', references: [ref('c', 2)] }],
    'GET /subjects/c/versions/2': [200, { schema: 'C' }]
  })
  const { text, type, references } = await openRegistry(registry.definition(), {}).schema(7)
  assert.deepEqual([text, type], ['A', 'AVRO'])
  assert.deepEqual(
    references.map(({ name, text }) => [name, text]),
    [
      ['c', 'C'],
      ['b', 'B']
    ]
  )
})

test('subjects are names of anything, and the URL may have a path', async () => {
  await using registry = await serve({
    'GET /apis/ccompat/v7/subjects/a%2Fb%20c-value/versions/latest': [
      200,
      { schema: 'S', schemaType: 'PROTOBUF', id: 3, version: 9 }
    ]
  })
  const client = openRegistry(registry.definition('/apis/ccompat/v7'), {})
  assert.deepEqual(await client.latest('a/b c-value'), {
    ...{ type: 'PROTOBUF', text: 'S', references: [], id: 3, version: 9 }
  })
})

test('a schema is registered with its type, and Avro as old registries take it', async () => {
  await using registry = await serve({ 'POST /subjects/t-value/versions': [200, { id: 5 }] })
  const client = openRegistry(registry.definition(), {})
  assert.equal(await client.register('t-value', avro), 5)
  await client.register('t-value', { ...avro, type: 'PROTOBUF', references: [named('x')] })
  assert.deepEqual(
    registry.asked.map(({ body }) => JSON.parse(body) as unknown),
    [
      { schema: '"string"' },
      {
        ...{ schema: '"string"', schemaType: 'PROTOBUF' },
        references: [{ name: 'x', subject: 'x', version: 1 }]
      }
    ]
  )
})

test('what a registry refuses is told from what it has not, what one may not, and what may work later', async () => {
  await using registry = await serve({
    'POST /subjects/a/versions': [409, { error_code: 409, message: 'READER_FIELD_MISSING' }],
    'POST /subjects/a': [404, { error_code: 40403, message: 'Schema not found' }],
    'GET /schemas/ids/1': [401, { error_code: 401, message: 'Unauthorized' }],
    'GET /schemas/ids/2': [503, 'busy'],
    'GET /schemas/ids/3': [200, '<html>'],
    'GET /schemas/ids/4': [404, '<html>']
  })
  const client = openRegistry(registry.definition(), {})
  const kindOf = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (failure: unknown) => failure
    )
    assert.ok(error instanceof RegistryFailure)
    return `${error.kind} ${error.reason}`
  }
  assert.equal(await kindOf(client.register('a', avro)), 'refused READER_FIELD_MISSING')
  assert.equal(await kindOf(client.lookup('a', avro)), 'not-found Schema not found')
  assert.equal(await kindOf(client.schema(1)), 'denied Unauthorized')
  assert.equal(await kindOf(client.schema(2)), 'unreachable HTTP 503')
  assert.equal(await kindOf(client.schema(3)), 'unreachable the answer is no JSON')
  assert.equal(await kindOf(client.schema(4)), 'not-found HTTP 404')
  const nobody = openRegistry({ url: 'http://127.0.0.1:1', properties: {} }, {})
  assert.match(await kindOf(nobody.schema(1)), /^unreachable .*ECONNREFUSED/)
})

test('the next of several registries is asked where one does not answer', async () => {
  await using registry = await serve({ 'GET /schemas/ids/1': [200, { schema: 'S' }] })
  const url = `http://127.0.0.1:1, ${registry.definition().url}`
  assert.equal((await openRegistry({ url, properties: {} }, {}).schema(1)).text, 'S')
})

test('user and token come from the environment, and are never shown', async () => {
  await using registry = await serve({
    'GET /schemas/ids/1': [403, { message: 'no p4ss for s3cret and dTpwNHNz' }]
  })
  const { url } = registry.definition()
  const basic = { 'basic.auth.user.info': '${USER}' }
  const bearer = { 'bearer.auth.token': '${TOKEN}' }
  const environment = { USER: 'u:p4ss', TOKEN: 's3cret' }
  const messageOf = async (definition: Parameters<typeof openRegistry>[0]): Promise<string> => {
    const error: unknown = await openRegistry(definition, environment)
      .schema(1)
      .catch((failure: unknown) => failure)
    assert.ok(error instanceof EnvironmentError)
    return error.message
  }
  const messages = [
    await messageOf({ url, properties: basic }),
    await messageOf({ url, properties: bearer }),
    await messageOf({ url: url.replace('http://', 'http://u:p4ss@'), properties: {} })
  ]
  const basicHeader = `Basic ${Buffer.from('u:p4ss').toString('base64')}`
  assert.deepEqual(
    registry.asked.map(({ authorization }) => authorization),
    [basicHeader, 'Bearer s3cret', basicHeader]
  )
  const [first, second, third] = messages
  for (const message of [first!, third!]) assert.ok(!message.includes('p4ss'), message)
  assert.ok(!second!.includes('s3cret'), second)
})

test('a URL that is none is not shown either: it may hold a password', () => {
  const wrong = { url: 'htp://u:p4ss@host', properties: {} }
  assert.throws(
    () => openRegistry(wrong, {}),
    (error: Error) => error instanceof EnvironmentError && !error.message.includes('p4ss')
  )
  const missing = { url: '${NOWHERE}', properties: {} }
  assert.throws(() => openRegistry(missing, {}), /NOWHERE/)
})

function ref(subject: string, version: number) {
  return { name: subject, subject, version }
}

function named(name: string) {
  return { ...ref(name, 1), text: '' }
}

/** A server that answers as told, and anything else with what a server says that is no registry. */
async function serve(answers: Readonly<Record<string, Answer>>) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      const line = `${request.method} ${request.url}`
      asked.push({ line, authorization: request.headers.authorization, body })
      const [status, answer] = answers[line] ?? [404, 'nothing here']
      response.writeHead(status)
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    asked,
    definition: (path = '') => ({ url: `http://127.0.0.1:${port}${path}`, properties: {} }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
