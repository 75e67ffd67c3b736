import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const copy = compileExecutable(
  'kip848',
  `SET commit_interval = '100 ms';
CREATE SOURCE events FROM KAFKA (topic = 'kip848-in', group_id = 'kip848') SCHEMA (id BIGINT);
CREATE SINK copies TO KAFKA (topic = 'kip848-out', linger_ms = 1);
INSERT INTO copies SELECT id FROM events;`
)
after(() => copy.remove())

describeOnKafka('--group-protocol consumer', ({ client, broker }) => {
  test('two processes share partitions and hand them over, each record once', async () => {
    await client().createTopic('kip848-in', 4)
    await client().createTopic('kip848-out', 1)
    await client().write('kip848-in', countedRecords(0, 100))
    const words = ['--brokers', broker().brokers, '--group-protocol', 'consumer']
    const first = await new RunningPipeline(copy, words).ready()
    await client().write('kip848-in', countedRecords(1000, 2000))
    const second = await new RunningPipeline(copy, words).ready()
    await until('each has two partitions', async () => {
      const metrics = await Promise.all([first.metrics(), second.metrics()])
      return metrics.every(({ sources }) => sources['events']!.partitions.length === 2)
    })
    await client().write('kip848-in', countedRecords(2000, 3000))
    await until('both have worked', async () => {
      const metrics = await Promise.all([first.metrics(), second.metrics()])
      return metrics.every(({ sources }) => sources['events']!.messages_consumed > 0)
    })
    assert.equal(await first.exit('SIGTERM'), 0, first.text())
    await client().write('kip848-in', countedRecords(3000, 4000))
    const committed = (): Promise<number> => client().committed('kip848', 'kip848-in')
    await until('all is committed', async () => (await committed()) === 3100)
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
    const ids = idsOf(await client().read('kip848-out')).sort((a, b) => a - b)
    assert.deepEqual(
      ids,
      Array.from({ length: 3000 }, (_, i) => 1000 + i)
    )
  })
})
