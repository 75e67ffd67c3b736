import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import { makeRandom, type Random } from '../support/functions/random-value.ts'
import { cstring, int16, int32, RawClient, reportFields } from '../support/postgres/raw-client.ts'

let asked: AskedPipeline
const timeouts = { login: 300, slow: 300 }

before(async () => {
  asked = await startAskedPipeline(
    'postgres-hostile',
    'CREATE TABLE t (id INT PRIMARY KEY, s TEXT);',
    makeMemoryTopics(),
    'secret',
    { timeouts }
  )
})
after(() => asked.stop())

async function stillAnswers(): Promise<void> {
  const client = new pg.Client({ host: '127.0.0.1', port: asked.pgPort, user: 'reader' })
  await client.connect()
  assert.equal((await client.query('SELECT 1')).rowCount, 1)
  await client.end()
}

/** What a client that keeps to the protocol sends, to be spoilt. */
function messages(): Buffer[] {
  const frame = (type: string, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
  }
  const value = Buffer.concat([int32(4), int32(7)])
  return [
    frame('Q', cstring('SELECT * FROM t; SELECT 2')),
    frame('Q', cstring("SELECT '; --' /* ; */ FROM")),
    frame(
      'P',
      cstring('s'),
      cstring('SELECT s FROM t WHERE id = $1 LIMIT $2'),
      int16(1),
      int32(23)
    ),
    frame(
      'B',
      cstring('p'),
      cstring('s'),
      int16(1),
      int16(1),
      int16(2),
      value,
      value,
      int16(1),
      int16(1)
    ),
    frame('D', Buffer.from('S'), cstring('s')),
    frame('D', Buffer.from('P'), cstring('p')),
    frame('E', cstring('p'), int32(1)),
    frame('C', Buffer.from('P'), cstring('p')),
    frame('H'),
    frame('d', Buffer.from('1,2\n')),
    frame('F', int32(1)),
    frame('S')
  ]
}

function spoil(frames: readonly Buffer[], random: Random): Buffer {
  const chosen = Array.from({ length: 1 + random(6) }, () => frames[random(frames.length)]!)
  const bytes = Buffer.concat(chosen)
  for (let i = random(4); i > 0; i--) bytes[random(bytes.length)] = random(256)
  const cut = random(3) === 0 ? random(bytes.length) : bytes.length
  return bytes.subarray(0, cut)
}

test(
  'messages that are spoilt at random end no more than their connection',
  { timeout: 60_000 },
  async () => {
    const seed = Number(process.env['POSTGRES_SEED'] ?? 15)
    const random = makeRandom(seed)
    const frames = messages()
    let refused = 0
    for (let i = 0; i < 300; i++) {
      const client =
        random(4) === 0 ? await RawClient.connect(asked.pgPort) : await RawClient.open(asked.pgPort)
      client.socket.end(spoil(frames, random))
      for (
        let message = await client.message();
        message !== null;
        message = await client.message()
      ) {
        if (message.type !== 'E') continue
        refused++
        // The server in the test throws what it would report as a bug.
        assert.notEqual(reportFields(message)['C'], 'XX000', `seed ${seed}, connection ${i}`)
      }
      client.close()
    }
    assert.ok(refused > 100, `${refused} refusals`)
    await stillAnswers()
  }
)

test('wrong lengths, versions and first messages', async () => {
  const first: readonly (readonly [Buffer, string | null])[] = [
    [Buffer.concat([int32(3)]), '08P01'],
    [Buffer.concat([int32(-1), int32(0)]), '08P01'],
    [Buffer.concat([int32(0x7fffffff), int32(0)]), '54000'],
    [Buffer.from('GET / HTTP/1.1\r\n\r\n'), '54000'],
    [Buffer.concat([int32(8), int32(131_072)]), '0A000'],
    [Buffer.concat([int32(9), int32(196_608), Buffer.of(0)]), '28000'],
    [Buffer.concat([int32(12), int32(196_608), Buffer.from('user')]), '08P01'],
    [Buffer.concat([int32(16), int32(80_877_102), int32(1), int32(2)]), null]
  ]
  for (const [bytes, code] of first) {
    const client = await RawClient.connect(asked.pgPort)
    client.socket.write(bytes)
    const message = await client.message()
    if (code === null) assert.equal(message, null)
    else assert.equal(reportFields(message!)['C'], code, bytes.toString('hex'))
    assert.equal(await client.message(), null)
    client.close()
  }
  const client = await RawClient.open(asked.pgPort)
  client.socket.write(Buffer.concat([Buffer.from('Q'), int32(5 << 20)]))
  assert.equal(reportFields((await client.message())!)['C'], '54000')
  assert.equal(await client.message(), null)
})

test(
  'who asks to log in and says nothing, or stops inside of a message, is let go',
  { timeout: 10_000 },
  async () => {
    const silent = await RawClient.connect(asked.pgPort)
    assert.equal(await silent.message(), null)
    const half = await RawClient.open(asked.pgPort)
    half.socket.write(Buffer.concat([Buffer.from('Q'), int32(100)]))
    assert.equal(await half.message(), null)
    const password = await RawClient.connect(asked.pgPort)
    password.start({ user: 'admin' })
    assert.equal((await password.message())!.type, 'R')
    assert.equal(await password.message(), null)
    await stillAnswers()
  }
)

test(
  'who does not read its answer is let go, and holds nobody up',
  { timeout: 20_000 },
  async () => {
    const client = await RawClient.open(asked.pgPort)
    client.socket.pause()
    const n = 'UNNEST(ARRAY[1,2,3,4,5,6,7,8,9,10])'
    client.send(
      'Q',
      cstring(`SELECT repeat('x', 100000) FROM ${n} AS a(i), ${n} AS b(i), ${n} AS c(i)`)
    )
    await stillAnswers()
    await new Promise(resolve => setTimeout(resolve, 1500))
    client.socket.resume()
    const last = (await client.untilReady()).at(-1)
    assert.notEqual(last?.type, 'Z')
  }
)

test('logins that do not keep to SCRAM', async () => {
  const wrong = ['n,,n=,r=', 'p=tls-server-end-point,,n=,r=abc', '', 'n,,r=abc']
  for (const text of wrong) {
    const client = await RawClient.connect(asked.pgPort)
    client.start({ user: 'admin' })
    await client.message()
    const first = Buffer.from(text)
    client.send('p', cstring('SCRAM-SHA-256'), int32(first.length), first)
    assert.equal(reportFields((await client.message())!)['C'], '08P01', text)
    client.close()
  }
  const client = await RawClient.connect(asked.pgPort)
  client.start({ user: 'admin' })
  await client.message()
  const first = Buffer.from('n,,n=,r=abc')
  client.send('p', cstring('SCRAM-SHA-256'), int32(first.length), first)
  const nonce = /r=([^,]*)/.exec((await client.message())!.body.toString())![1]!
  client.send('p', Buffer.from(`c=biws,r=${nonce},p=${Buffer.alloc(32).toString('base64')}`))
  assert.equal(reportFields((await client.message())!)['C'], '28P01')
  assert.equal(await client.message(), null)
})

test('one connection too many is told so, and has a place as soon as there is one', async () => {
  const clients = await Promise.all(Array.from({ length: 100 }, () => RawClient.open(asked.pgPort)))
  const late = await RawClient.connect(asked.pgPort)
  late.start({ user: 'reader' })
  const { C: code, M: message } = reportFields((await late.message())!)
  assert.deepEqual([code, message], ['53300', 'sorry, too many clients already'])
  assert.equal(await late.message(), null)
  for (const client of clients) client.close()
  await until(() =>
    stillAnswers().then(
      () => true,
      () => false
    )
  )
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 20))
}
