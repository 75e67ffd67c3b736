import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { isLoopback, type Listening, LOCAL, openListening } from '../../runtime/access/listen.ts'
import { askLocal } from '../../runtime/access/local-request.ts'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { EnvironmentError } from '../../runtime/observe/environment-error.ts'
import { parseCommandLine } from '../../runtime/pipeline/command-line.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import { TestAuthority } from '../support/certificates.ts'
import { describeWithPsql, runPsql } from '../support/postgres/psql.ts'

const authority = new TestAuthority()
const pair = authority.issue('pipeline')
let asked: AskedPipeline

before(async () => {
  const paths = { listen: null, tlsCert: pair.cert, tlsKey: pair.key }
  const listening: Listening = { ...openListening(paths, 'secret'), isLocal: false }
  asked = await startAskedPipeline(
    'access',
    'CREATE TABLE t (id INT PRIMARY KEY);',
    makeMemoryTopics(),
    'secret',
    { listening, maxRows: 3, httpTimeouts: { request: 400, head: 200, answer: 300 } }
  )
})
after(async () => {
  await asked.stop()
  authority.remove()
})

function local(token: string | null) {
  return { port: Number(new URL(asked.url).port), token, ca: readFileSync(authority.ca) }
}

const usage: Readonly<Record<string, RegExp>> = {
  '--listen 0.0.0.0 --port 1': /give --tls-cert and --tls-key, or --no-tls/,
  '--listen :: --pg-port 1': /give --tls-cert and --tls-key, or --no-tls/,
  '--listen everywhere --port 1': /is an address of this machine/,
  '--listen 0.0.0.0 --no-tls': /give --port or --pg-port too/,
  '--port 1 --tls-cert a.pem': /go together/,
  '--port 1 --tls-cert a.pem --tls-key a.key --no-tls': /leave --tls-cert and --tls-key out/,
  '--port 1 --max-rows 0': /whole number from 1 on/,
  '--pg-port 70000': /--pg-port is a number/
}
for (const [words, problem] of Object.entries(usage)) {
  test(`refused: ${words}`, () => {
    const command = parseCommandLine(words.split(' '))
    assert.equal(command.kind, 'usage')
    assert.match(command.kind === 'usage' ? command.problem : '', problem)
  })
}

test('what may listen', () => {
  for (const words of [
    '--listen 127.0.0.1 --port 1',
    '--listen ::1 --pg-port 1',
    '--listen localhost --port 1',
    '--listen 0.0.0.0 --port 1 --no-tls',
    '--listen 10.0.0.1 --port 1 --tls-cert a --tls-key b'
  ]) {
    assert.equal(parseCommandLine(words.split(' ')).kind, 'run', words)
  }
  assert.deepEqual(['127.8.0.1', '::1', '::', '0.0.0.0', '192.168.0.1'].map(isLoopback), [
    ...[true, true],
    ...[false, false, false]
  ])
})

test('from outside nobody is answered where there is no token, or a certificate that is none', () => {
  const open = { listen: '0.0.0.0', tlsCert: null, tlsKey: null }
  assert.throws(
    () => openListening(open, null),
    (error: EnvironmentError) =>
      /--listen 0\.0\.0\.0 needs a token/.test(error.message) && /openssl rand/.test(error.hint!)
  )
  assert.equal(openListening(open, 'secret').isLocal, false)
  assert.deepEqual(openListening({ ...open, listen: null }, null), LOCAL)
  const wrong = { listen: null, tlsCert: pair.cert, tlsKey: authority.ca }
  assert.throws(() => openListening(wrong, null), EnvironmentError)
  assert.throws(() => openListening({ ...wrong, tlsKey: '/nowhere' }, null), /--tls-key: ENOENT/)
})

test('HTTP with TLS: with the token only', async () => {
  const ask = (token: string | null) =>
    askLocal(local(token), { path: '/api/v1/sql', body: 'SELECT 1' })
  assert.equal((await ask('secret')).status, 200)
  const refused = await ask(null)
  assert.deepEqual(
    [refused.status, (JSON.parse(refused.body) as { code: string }).code],
    [401, 'token-needed']
  )
  assert.equal((await ask('secreT')).status, 401)
  assert.equal((await askLocal(local(null), { path: '/nowhere' })).status, 401)
  await assert.rejects(askLocal({ ...local('secret'), ca: null }, { path: '/' }))
  const stranger = new TestAuthority()
  await assert.rejects(
    askLocal({ ...local('secret'), ca: readFileSync(stranger.ca) }, { path: '/' }),
    /self-signed|unable to verify/
  )
  stranger.remove()
})

test('a driver with TLS, and one without', async () => {
  const options = { host: '127.0.0.1', port: asked.pgPort, user: 'admin', password: 'secret' }
  const client = new pg.Client({ ...options, ssl: { ca: readFileSync(authority.ca, 'utf8') } })
  await client.connect()
  assert.equal((await client.query('INSERT INTO t VALUES (1)')).rowCount, 1)
  assert.equal(
    (await client.query("SELECT repeat('x', 300000) AS x FROM t")).rows[0].x.length,
    300_000
  )
  await client.end()
  const plain = new pg.Client(options)
  await assert.rejects(plain.connect(), /TLS/)
})

test('an answer has no more rows than it may', async () => {
  const sql = 'SELECT * FROM UNNEST(ARRAY[1, 2, 3, 4]) AS u(n)'
  const { status, text } = await ask(sql)
  assert.equal(status, 400, text)
  assert.match(text, /answer-too-large.*more than 3 rows/s)
  assert.equal((await ask(`${sql} LIMIT 3`)).status, 200)
})

async function ask(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const { status, body: text } = await askLocal(local('secret'), { path: '/api/v1/sql', body })
  return { status, text }
}

test('who is slow over HTTP is let go', { timeout: 10_000 }, async () => {
  const slow = await startAskedPipeline(
    'access-slow',
    'CREATE TABLE t (id INT PRIMARY KEY);',
    makeMemoryTopics(),
    'secret',
    {
      httpTimeouts: { request: 400, head: 200, answer: 300 }
    }
  )
  const port = Number(new URL(slow.url).port)
  const head = connect(port, '127.0.0.1')
  head.write('POST /api/v1/sql HTTP/1.1\r\nHost: localhost\r\n')
  head.resume()
  await once(head, 'close')
  const body = connect(port, '127.0.0.1')
  body.write('POST /api/v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nSELECT')
  body.resume()
  await once(body, 'close')
  const reader = connect(port, '127.0.0.1')
  const sql = "SELECT repeat('x', 9000000) FROM UNNEST(ARRAY[1, 2, 3, 4]) AS u(n)"
  reader.write(
    `POST /api/v1/sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${sql.length}\r\n\r\n${sql}`
  )
  await once(reader, 'readable')
  await new Promise(resolve => setTimeout(resolve, 1500))
  let read = 0
  reader.on('data', (chunk: Buffer) => (read += chunk.length))
  await once(reader, 'close')
  assert.ok(read < 30_000_000, `${read} bytes`)
  const large = connect(port, '127.0.0.1')
  large.write(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(9000)}\r\n\r\n`)
  const [answer] = (await once(large, 'data')) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 431/)
  large.destroy()
  await slow.stop()
})

test(
  'who connects and says nothing holds no place, with TLS neither',
  { timeout: 10_000 },
  async () => {
    const plain = await startAskedPipeline(
      'access-silent',
      'CREATE TABLE t (id INT PRIMARY KEY);',
      makeMemoryTopics(),
      'secret',
      { httpTimeouts: { request: 400, head: 200, answer: 300 } }
    )
    for (const { url } of [asked, plain]) {
      const silent = connect(Number(new URL(url).port), '127.0.0.1')
      silent.resume()
      await once(silent, 'close')
    }
    await plain.stop()
  }
)

test(
  'there are as many connections as there may be, and no more',
  { timeout: 20_000 },
  async () => {
    const port = Number(new URL(asked.url).port)
    const held = Array.from({ length: 256 }, () => connect(port, '127.0.0.1'))
    for (const socket of held) socket.on('error', () => {}).resume()
    await Promise.all(held.map(socket => once(socket, 'connect')))
    const late = connect(port, '127.0.0.1')
    late.on('error', () => {}).resume()
    await once(late, 'close')
    assert.equal(late.bytesRead, 0)
    // Those before it have said nothing: their places are free again.
    for (const socket of held) if (!socket.closed) await once(socket, 'close')
    assert.equal((await ask('SELECT 1')).status, 200)
  }
)

describeWithPsql('psql with TLS', () => {
  test('the certificate is checked', async () => {
    const admin = { PGUSER: 'admin', PGPASSWORD: 'secret', PGSSLMODE: 'verify-full' }
    const words = ['-At', '-c', 'SELECT 1']
    const good = await runPsql(asked.pgPort, words, { ...admin, PGSSLROOTCERT: authority.ca })
    assert.deepEqual(good, { status: 0, stdout: '1\n', stderr: '' })
    const stranger = new TestAuthority()
    const bad = await runPsql(asked.pgPort, words, { ...admin, PGSSLROOTCERT: stranger.ca })
    assert.match(bad.stderr, /certificate verify failed/)
    const plain = await runPsql(asked.pgPort, words, { ...admin, PGSSLMODE: 'disable' })
    assert.match(plain.stderr, /TLS/)
    stranger.remove()
  })
})
