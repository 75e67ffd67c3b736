import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const RECORDS = 8000

const copying = compileExecutable(
  'copying',
  `CREATE SOURCE numbers FROM KAFKA (topic = 'numbers', group_id = 'copying', auto_offset_reset = 'earliest')
  SCHEMA (n INT NOT NULL) CONFIG ('session.timeout.ms' = '6000');
CREATE SINK evens TO KAFKA (topic = 'evens') AS SELECT n FROM numbers WHERE n % 2 = 0;`
)
const counting = compileExecutable(
  'counting',
  `CREATE SOURCE numbers FROM KAFKA (topic = 'numbers', group_id = 'counting') SCHEMA (n INT NOT NULL);
CREATE SINK counts TO KAFKA (topic = 'counts', format = 'upsert') AS
SELECT n % 10 AS digit, COUNT(*) AS count FROM numbers GROUP BY digit;`
)
after(() => {
  copying.remove()
  counting.remove()
})

/** The processes that one has started. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describeOnKafka('workers', ({ client, broker }) => {
  const start = (): RunningPipeline =>
    new RunningPipeline(copying, ['--brokers', broker().brokers, '--workers', '3'])

  before(async () => {
    for (const topic of ['numbers', 'evens', 'counts']) await client().createTopic(topic, 6)
    const records = Array.from({ length: RECORDS }, (_, n) => ({
      key: `${n}`,
      value: `{"n":${n}}`
    }))
    await client().write('numbers', records)
  })

  test('they share the partitions, show themselves as one and end together', async () => {
    const pipeline = await start().ready()
    await until('all is read', async () => {
      const { sources, sinks } = await pipeline.metrics()
      const { partitions, messages_consumed: read } = sources['numbers']!
      return read === RECORDS && partitions.length === 6 && sinks['evens']!.messages_produced > 0
    })
    const workers = childrenOf(pipeline.pid)
    assert.equal(workers.length, 2)
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    await until('the others have ended', () => !workers.some(isAlive))
    const numbers = (await client().read('evens')).map(({ value }) => JSON.parse(value!) as object)
    assert.equal(new Set(numbers.map(row => JSON.stringify(row))).size, RECORDS / 2)
    assert.equal(numbers.length, RECORDS / 2)
  })

  test('one that is killed takes the others along', async () => {
    const pipeline = await start().ready()
    const [victim, other] = childrenOf(pipeline.pid)
    process.kill(victim!, 'SIGKILL')
    assert.equal(await pipeline.exit(), 3, pipeline.text())
    await until('the other one has ended', () => !isAlive(other!))
  })

  test('one that has started the others and is killed takes them along', async () => {
    const pipeline = await start().ready()
    const workers = childrenOf(pipeline.pid)
    await pipeline.exit('SIGKILL')
    await until('they have ended', () => !workers.some(isAlive))
  })

  test('state without parallelism is one process', async () => {
    const pipeline = new RunningPipeline(counting, ['--brokers', broker().brokers, '--workers=2'])
    assert.equal(await pipeline.exit(), 2, pipeline.text())
    assert.match(pipeline.text(), /SET parallelism = 2/)
  })
})
