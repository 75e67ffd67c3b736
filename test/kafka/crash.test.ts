import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { until } from '../support/kafka/until.ts'

const copy = compileExecutable(
  'copy',
  `SET commit_interval = '200 ms';
CREATE SOURCE txns FROM KAFKA (topic = 'txns', group_id = 'crash', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, amount DOUBLE);
CREATE SINK alerts TO KAFKA (topic = 'alerts', linger_ms = 5);
INSERT INTO alerts SELECT id, amount FROM txns WHERE amount > 900;`
)
after(() => copy.remove())

describeOnKafka('crash and rebalance', ({ client, broker }) => {
  test('kill -9 at any moment loses nothing', async () => {
    await client().createTopic('txns', 4)
    await client().createTopic('alerts', 4)
    const total = 60_000
    const words = ['--brokers', broker().brokers]
    await client().write('txns', countedRecords(0, 20_000))
    for (let round = 1; round < 3; round++) {
      const victim = new RunningPipeline(copy, words)
      await victim.logged('partitions assigned')
      const writing = client().write('txns', countedRecords(round * 20_000, (round + 1) * 20_000))
      // Sooner than a commit in the first round, between two in the second.
      await sleep(round === 1 ? 60 : 330)
      assert.equal(await victim.exit('SIGKILL'), null)
      await writing
    }
    const last = await new RunningPipeline(copy, words).ready()
    await until(
      'all is committed',
      async () => (await client().committed('crash', 'txns')) === total
    )
    assert.equal(await last.exit('SIGTERM'), 0, last.text())
    const ids = new Set(idsOf(await client().read('alerts')))
    assert.equal(ids.size, total)
  })

  test('two processes share the partitions, and the one that stays takes them over', async () => {
    const words = ['--brokers', broker().brokers]
    const before = idsOf(await client().read('alerts')).length
    const first = await new RunningPipeline(copy, words).ready()
    const second = await new RunningPipeline(copy, words).ready()
    const shares = async (): Promise<number[][]> =>
      Promise.all(
        [first, second].map(async one => (await one.metrics()).sources['txns']!.partitions)
      )
    await until('each has two partitions', async () =>
      (await shares()).every(partitions => partitions.length === 2)
    )
    await client().write('txns', countedRecords(100_000, 110_000))
    await until('both have worked', async () => {
      const metrics = await Promise.all([first.metrics(), second.metrics()])
      return metrics.every(({ sources }) => sources['txns']!.messages_consumed > 0)
    })
    assert.equal(await first.exit('SIGTERM'), 0, first.text())
    await client().write('txns', countedRecords(110_000, 120_000))
    await until(
      'all is committed',
      async () => (await client().committed('crash', 'txns')) === 80_000
    )
    assert.deepEqual((await second.metrics()).sources['txns']!.partitions, [0, 1, 2, 3])
    assert.equal((await second.metrics()).sources['txns']!.lag, 0)
    assert.equal(await second.exit('SIGTERM'), 0, second.text())
    const ids = idsOf(await client().read('alerts')).filter(id => id >= 100_000)
    assert.equal(ids.length, 20_000, `not one for each: ${before} before`)
    assert.equal(new Set(ids).size, 20_000)
  })
})
