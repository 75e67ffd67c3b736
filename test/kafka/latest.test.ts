import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

// Nothing is committed as long as it runs.
const newest = compileExecutable(
  'newest',
  `SET commit_interval = '10 min';
CREATE SOURCE events FROM KAFKA (topic = 'latest-in', group_id = 'latest') SCHEMA (id BIGINT);
CREATE SINK copies TO KAFKA (topic = 'latest-out', linger_ms = 1);
INSERT INTO copies SELECT id FROM events;`
)
after(() => newest.remove())

describeOnKafka('a source that starts at the end of its topic', ({ client, broker }) => {
  test('reads what is written from the moment that it is ready, also across kill -9', async () => {
    await client().createTopic('latest-in', 3)
    await client().createTopic('latest-out', 1)
    await client().write('latest-in', countedRecords(0, 300))
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(newest, words).ready()
    const copied = async (): Promise<Set<number>> =>
      new Set(idsOf(await client().read('latest-out')))
    await client().write('latest-in', countedRecords(300, 600))
    await until('copies', async () => (await copied()).size === 300)
    await first.exit('SIGKILL')
    await client().write('latest-in', countedRecords(600, 900))
    const second = await new RunningPipeline(newest, words).ready()
    await until('what came meanwhile', async () => (await copied()).size === 600)
    assert.equal(Math.min(...(await copied())), 300)
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
    assert.equal(await client().committed('latest', 'latest-in'), 900)
  })
})
