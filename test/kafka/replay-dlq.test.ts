import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ReadRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const MIRACLEC = join(import.meta.dirname, '../../compiler/miraclec')

const divide = compileExecutable(
  'shares',
  `CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'shares', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT NOT NULL, total INT, items INT);
CREATE SINK prices TO KAFKA (topic = 'prices', linger_ms = 5);
INSERT INTO prices SELECT id, total / items AS price FROM orders;`
)
after(() => divide.remove())

describeOnKafka('replay-dlq', ({ client, broker }) => {
  const replay = (...words: readonly string[]) => {
    const all = ['replay-dlq', '--brokers', broker().brokers, ...words]
    const { status, stdout, stderr } = spawnSync(divide.path, all, { encoding: 'utf8', env: {} })
    return { status, stdout, stderr }
  }

  test('lists dead letters by their reasons, and writes the wanted ones back, once', async () => {
    await client().createTopic('orders', 2)
    await client().createTopic('prices', 1)
    await client().write('orders', [
      {
        value: '{"id":1,"total":4,"items":0}',
        key: 'k1',
        partition: 1,
        timestamp: Date.parse('2026-01-01'),
        headers: [['trace', 'a']]
      },
      { value: '{"id":2,"total":4,"items":0}', partition: 0 },
      { value: '{"id":3', key: '', partition: 0 },
      { value: null, key: 'k4', partition: 1 }
    ])
    const pipeline = await new RunningPipeline(divide, ['--brokers', broker().brokers]).ready()
    await until('all is read', async () => (await client().committed('shares', 'orders')) === 4)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())

    const list = replay()
    assert.equal(list.status, 0, list.stderr)
    assert.match(list.stdout, /orders-dlq: 4 dead letters, 4 not written back yet/)
    assert.match(list.stdout, /2 +2 +division-by-zero +orders +INSERT INTO prices 4:31/)
    assert.match(list.stdout, /1 +1 +truncated-json +orders/)
    assert.match(list.stdout, /shares replay-dlq --write/)
    assert.match(list.stdout, /prices-dlq: no dead letters/)
    const show = replay('--show', '--code', 'division-by-zero', '--topic', 'orders-dlq')
    assert.match(show.stdout, /message +division by zero[^]*key +k1\n +value +\{"id":1/)
    assert.doesNotMatch(show.stdout, /truncated/)

    const dry = replay('--write', '--dry-run', '--code', 'division-by-zero')
    assert.match(dry.stdout, /2 records would be written back/)
    assert.equal((await client().read('orders')).length, 4)

    const write = replay('--write', '--code', 'division-by-zero')
    assert.equal(write.status, 0, write.stderr)
    assert.match(write.stdout, /2 records written back/)
    assert.match(replay('--write', '--code', 'division-by-zero').stdout, /0 records written back/)
    assert.match(replay('--write').stdout, /2 records written back/)
    assert.match(replay().stdout, /4 dead letters, 0 not written back yet/)

    const back = (await client().read('orders')).filter(isReplayed)
    assert.equal(back.length, 4)
    const [first] = back.filter(({ key }) => key === 'k1')
    const { 'miracledb.replayed': audit, ...headers } = first!.headers
    assert.match(audit!, /^orders-dlq\[\d\]@\d+ \d{4}-\d\d-\d\dT/)
    assert.deepEqual(headers, { trace: 'a' })
    assert.equal(first!.partition, 1)
    assert.equal(first!.value, '{"id":1,"total":4,"items":0}')
    assert.deepEqual(
      back.filter(({ value }) => value === null).map(({ key, partition }) => [key, partition]),
      [['k4', 1]]
    )
    assert.deepEqual(
      back.filter(({ value }) => value === '{"id":3').map(({ key }) => key),
      ['']
    )
  })

  test('killed in the middle, it has written nothing twice and loses nothing', async () => {
    const count = 30_000
    await client().createTopic('killed', 2)
    await client().createTopic('killed-dlq', 2)
    const letters = Array.from({ length: count }, (_, id) => ({
      value: `bad ${id}`,
      partition: id % 2,
      headers: [
        ['miracledb.error.topic', 'killed'],
        ['miracledb.error.source', 'events'],
        ['miracledb.error.partition', String(id % 2)],
        ['miracledb.error.offset', String(id)],
        ['miracledb.error.code', 'truncated-json']
      ] as const
    }))
    await client().write('killed-dlq', letters)
    const words = ['replay-dlq', '--topic', 'killed-dlq', '--brokers', broker().brokers, '--write']
    for (let round = 0; round < 3; round++) {
      const before = (await client().read('killed')).length
      const child: ChildProcess = spawn(divide.path, words, { stdio: 'ignore' })
      const ended = once(child, 'exit')
      const writes = async () => (await client().read('killed')).length > before
      await until('it writes', async () => child.exitCode !== null || writes())
      child.kill('SIGKILL')
      await ended
      if (round === 0) assert.ok((await client().read('killed')).length < count, 'it was killed')
    }
    const last = spawnSync(divide.path, words, { encoding: 'utf8' })
    assert.equal(last.status, 0, last.stderr)
    const again = spawnSync(
      MIRACLEC,
      ['replay-dlq', 'killed-dlq', '--brokers', broker().brokers, '--write'],
      { encoding: 'utf8' }
    )
    assert.match(again.stdout, /0 records written back/, again.stderr)
    const back = (await client().read('killed')).map(({ value }) => value)
    assert.equal(back.length, count)
    assert.deepEqual(new Set(back), new Set(letters.map(({ value }) => value)))
  })

  test('says what to do', async () => {
    assert.equal(replay('--wirte').status, 2)
    assert.match(replay('--offset', 'x').stderr, /--offset is a number or a range/)
    const gone = replay('--topic', 'nothing-dlq')
    assert.equal(gone.status, 3)
    assert.match(gone.stderr, /there is no topic "nothing-dlq"/)
    await client().createTopic('homeless-dlq', 1)
    await client().write('homeless-dlq', [
      {
        value: 'x',
        headers: [
          ['miracledb.error.topic', 'home'],
          ['miracledb.error.offset', '1']
        ]
      },
      { value: 'row', headers: [['miracledb.error.topic', 'home']] }
    ])
    const homeless = replay('--topic', 'homeless-dlq', '--write')
    assert.equal(homeless.status, 3)
    assert.match(homeless.stderr, /there is no topic "home".*\nCreate it, then call/)
    await client().createTopic('home', 1)
    const written = replay('--topic', 'homeless-dlq', '--write')
    assert.match(written.stdout, /1 records written back\n1 can't be written back: it is a row/)
  })
})

function isReplayed({ headers }: ReadRecord): boolean {
  return 'miracledb.replayed' in headers
}
