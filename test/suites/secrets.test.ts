import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { compileExecutable } from '../support/kafka/executable.ts'

/** A place for each kind of secret, read at the start. */
const script = `CREATE SOURCE a FROM KAFKA (topic = 'a', group_id = 'g', format = 'avro', schema_registry_url = '\${REGISTRY}') SCHEMA (id INT)
  CONFIG ('basic.auth.user.info' = '\${REGISTRY_USER}', 'security.protocol' = 'ssl', 'ssl.key.location' = '\${KEY}', 'ssl.key.password' = '\${KEY_PASSWORD}');
CREATE SOURCE b FROM KAFKA (topic = 'b', group_id = 'g', format = 'avro', schema_registry_url = '\${REGISTRY}') SCHEMA (id INT)
  CONFIG ('bearer.auth.token' = '\${REGISTRY_TOKEN}', 'security.protocol' = 'sasl_plaintext', 'sasl.mechanisms' = 'OAUTHBEARER', 'sasl.oauthbearer.method' = 'oidc',
    'sasl.oauthbearer.client.id' = 'me', 'sasl.oauthbearer.client.secret' = '\${CLIENT_SECRET}', 'sasl.oauthbearer.token.endpoint.url' = '\${ISSUER}');
CREATE SINK k TO KAFKA (topic = 'out', format = 'avro', schema_registry_url = '\${REGISTRY}')
  CONFIG ('sasl.username' = 'me', 'sasl.password' = '\${PASSWORD}', 'security.protocol' = 'sasl_ssl', 'sasl.mechanisms' = 'SCRAM-SHA-256', 'ssl.key.pem' = '\${PEM}');
INSERT INTO k SELECT id FROM a;
INSERT INTO k SELECT id FROM b;`

const PLANTED = 'planted-9d1f'
const folder = mkdtempSync(join(tmpdir(), 'miraclec-secrets-'))
const key = join(folder, 'key.pem')
const executable = compileExecutable('secrets', script)
/** Quotes what it was sent, as some servers do when they refuse something. */
const server = createServer((request, response) => {
  response.writeHead(401)
  response.end(JSON.stringify({ error_code: 401, message: JSON.stringify(request.rawHeaders) }))
})
let environment: Record<string, string> = {}

before(async () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' }
  })
  writeFileSync(key, privateKey)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`
  environment = {
    REGISTRY: `http://me:${PLANTED}@${at}/?token=${PLANTED}`,
    REGISTRY_USER: `me:${PLANTED}`,
    REGISTRY_TOKEN: PLANTED,
    KEY: key,
    KEY_PASSWORD: PLANTED,
    CLIENT_SECRET: PLANTED,
    ISSUER: `http://${at}/token?key=${PLANTED}`,
    PASSWORD: PLANTED,
    PEM: PLANTED,
    MIRACLEC_TOKEN: PLANTED,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://me:${PLANTED}@${at}`,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${PLANTED}`,
    XDG_CACHE_HOME: join(tmpdir(), 'miraclec-test-cache')
  }
})
after(() => {
  server.close()
  executable.remove()
  rmSync(folder, { recursive: true, force: true })
})

interface Told {
  readonly code: number
  readonly text: string
}

function run(words: readonly string[], more: Record<string, string> = {}): Promise<Told> {
  return new Promise(resolve =>
    execFile(
      executable.path,
      words,
      { env: { ...environment, ...more } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), text: stdout + stderr })
    )
  )
}

/** What people would look for it as. */
const SPELLINGS = [
  PLANTED,
  Buffer.from(`me:${PLANTED}`).toString('base64'),
  Buffer.from(PLANTED).toString('base64')
]

function assertNothingTold(text: string): void {
  for (const spelling of SPELLINGS) {
    const at = text.indexOf(spelling)
    assert.equal(at, -1, text.slice(Math.max(0, at - 200), at + 60))
  }
}

test('secrets of every kind: no dry run, log or answer tells one', async () => {
  const nowhere = ['--brokers', '127.0.0.1:1']
  const [dry, started] = await Promise.all([
    run([...nowhere, '--dry-run']),
    run([...nowhere, '--port', '0', '--log-level', 'debug'])
  ])
  assert.equal(dry.code, 3)
  // Each was used, and refused.
  assert.match(dry.text, /subject "a-value": .*"Basic \*\*\*"/)
  assert.match(dry.text, /subject "b-value": .*"Bearer \*\*\*"/)
  assert.match(dry.text, /the token endpoint http:\/\/127\.0\.0\.1:\d+\/token answers 401/)
  assert.match(
    dry.text,
    /a certificate or key can not be read for 127\.0\.0\.1:1.*\n.*ssl\.key\.password/
  )
  assert.match(dry.text, /ssl\.key\.pem failed/)
  assert.equal(started.code, 3)
  const lines = started.text.trim().split('\n')
  for (const line of lines) assert.doesNotThrow(() => JSON.parse(line) as unknown, line)
  const rest = [['explain'], ['explain', '--format', 'json'], ['sbom'], ['--help'], ['health']]
  const all = await Promise.all(rest.map(words => run(words)))
  assertNothingTold([dry, started, ...all].map(({ text }) => text).join('\n'))
})

test('a token endpoint that holds a user, gives no JSON or is not there is told without its secrets', async () => {
  const at = new URL(environment['ISSUER']!).host
  const wrong = [
    [`http://me:${PLANTED}@${at}/token`, /holds a user/],
    [`http://127.0.0.1:6/token?key=${PLANTED}`, /127\.0\.0\.1:6\/token does not answer/],
    [`nonsense ${PLANTED}`, /is no URL/]
  ] as const
  const words = ['--brokers', '127.0.0.1:1', '--dry-run']
  const all = await Promise.all(wrong.map(([url]) => run(words, { ISSUER: url })))
  wrong.forEach(([, said], i) => {
    assert.equal(all[i]!.code, 3)
    assert.match(all[i]!.text, said)
    assertNothingTold(all[i]!.text)
  })
})

test('what a compile leaves beside the executable holds none either', () => {
  const at = dirname(executable.path)
  const files = readdirSync(at).filter(file => file !== basename(executable.path))
  assert.ok(files.includes('pipeline.ts') && files.includes('sbom.cdx.json'))
  for (const file of files) assertNothingTold(readFileSync(join(at, file), 'utf8'))
})
