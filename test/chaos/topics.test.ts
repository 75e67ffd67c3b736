import assert from 'node:assert/strict'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '../../runtime/observe/snapshot.ts'
import { openTestClient } from '../support/kafka/client.ts'
import { countedRecords, idsOf } from '../support/kafka/counted-records.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import { isFull, outcome } from './outcome.ts'

/** How long the topic of a sink is waited for in a test, in ms. */
const SUNK_WAIT = 10_000
/** Readiness goes while a topic is waited for; librdkafka says nothing meanwhile. */
const isOwn = process.env['MIRACLEC_PRODUCE'] !== 'librdkafka'
const executables: Executable[] = []
after(() => executables.forEach(executable => executable.remove()))

/** Copies `<name>` to `<name>-out`. */
function compileWith(
  delivery: string,
  name: string,
  reset: 'earliest' | 'latest',
  properties = ''
): Executable {
  const made = compileExecutable(
    name,
    `SET delivery = '${delivery}'; SET commit_interval = '100 ms';
CREATE SOURCE numbers FROM KAFKA (topic = '${name}', group_id = '${name}', auto_offset_reset = '${reset}'${properties})
  SCHEMA (id BIGINT) CONFIG ('topic.metadata.refresh.interval.ms' = '500');
CREATE SINK copies TO KAFKA (topic = '${name}-out', linger_ms = 1) AS SELECT id FROM numbers;`
  )
  executables.push(made)
  return made
}

for (const delivery of isFull ? ['at_least_once', 'exactly_once'] : ['at_least_once'])
  describeOnKafka(`topics that change, ${delivery}`, ({ client, broker }) => {
    const compileCopy = (name: string, reset: 'earliest' | 'latest', properties = ''): Executable =>
      compileWith(delivery, name, reset, properties)
    const start = (executable: Executable, ...words: string[]): RunningPipeline =>
      new RunningPipeline(executable, ['--brokers', broker().brokers, ...words])

    async function createTopics(name: string): Promise<void> {
      await client().createTopic(name, 2)
      await client().createTopic(`${name}-out`, 1)
    }
    /** The ids that came out, each as often as it did. */
    const idsIn = async (name: string): Promise<number[]> =>
      idsOf(await client().read(`${name}-out`)).sort((a, b) => a - b)
    const committed = (name: string, count: number): Promise<void> =>
      until(
        `${count} are committed`,
        async () =>
          (await client()
            .committed(name, name)
            .catch(() => -1)) === count,
        // Clients look for new partitions every 30 s, and their group has to agree then.
        90_000
      )
    const range = (from: number, to: number): number[] =>
      Array.from({ length: to - from }, (_, i) => from + i)
    const inPartition = (partition: number, from: number, to: number) =>
      countedRecords(from, to).map(record => ({ ...record, partition }))

    /** 100 records that are read, 100 that are deleted before they are, 100 that are there. */
    async function passRetention(name: string, executable: Executable): Promise<void> {
      await createTopics(name)
      await client().write(name, inPartition(1, 0, 100))
      const first = await start(executable).ready()
      await committed(name, 100)
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await client().write(name, inPartition(1, 100, 300))
      await client().deleteBefore(name, 1, 200)
    }

    outcome('retention passes a pipeline that is stopped', async () => {
      const executable = compileCopy('passed', 'earliest')
      await passRetention('passed', executable)
      const second = start(executable)
      assert.equal(await second.exit(), 3, second.text())
      const line = await second.logged('partition 1 of topic "passed" begins at offset 200')
      assert.match(line.message, /100 to 199 were deleted unread/)
      assert.match(String(line['hint']), /--skip-missing/)
      const third = await start(executable, '--skip-missing').ready()
      await committed('passed', 300)
      const metrics = (await third.page('/metrics')).text
      assert.match(
        metrics,
        /miraclec_source_missing_records_total\{source="numbers",topic="passed"\} 100/
      )
      assert.match(metrics, /miraclec_errors_total\{[^}]*code="missing-records"[^}]*\} 1/)
      assert.equal(await third.exit('SIGTERM'), 0, third.text())
      assert.deepEqual(await idsIn('passed'), [...range(0, 100), ...range(200, 300)])
    })

    outcome('... whose script says missing_records = skip', async () => {
      const executable = compileCopy('skipped', 'latest', ", missing_records = 'skip'")
      await createTopics('skipped')
      const first = await start(executable).ready()
      await client().write('skipped', inPartition(0, 0, 100))
      await committed('skipped', 100)
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await client().write('skipped', inPartition(0, 100, 300))
      await client().deleteBefore('skipped', 0, 200)
      const second = await start(executable).ready()
      const line = await second.logged('100 to 199 were deleted unread')
      assert.equal(line['level'], 'error')
      await committed('skipped', 300)
      assert.equal(await second.exit('SIGTERM'), 0, second.text())
      assert.deepEqual(await idsIn('skipped'), [...range(0, 100), ...range(200, 300)])
    })

    outcome('retention passes what a transaction ended with', async () => {
      await createTopics('marked')
      const commit = await client().writeUncommitted('marked', inPartition(0, 0, 10))
      await commit()
      const executable = compileCopy('marked', 'earliest')
      const first = await start(executable).ready()
      // Ten records and the mark behind them.
      await committed('marked', 11)
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await client().deleteBefore('marked', 0, 11)
      await client().write('marked', inPartition(0, 10, 20))
      const second = await start(executable).ready()
      await committed('marked', 21)
      assert.equal(await second.exit('SIGTERM'), 0, second.text())
      assert.deepEqual(await idsIn('marked'), range(0, 20))
    })

    outcome('a topic is deleted and made anew under a pipeline that runs', async () => {
      const executable = compileCopy('anew', 'earliest')
      await createTopics('anew')
      await client().write('anew', inPartition(0, 0, 100))
      const first = await start(executable).ready()
      await committed('anew', 100)
      await client().deleteTopic('anew')
      await client().createTopic('anew', 2)
      // More than the old one had: the old offset is one of the new topic too.
      await client().write('anew', inPartition(0, 100, 400))
      assert.equal(await first.exit(), 3, first.text())
      const line = await first.logged('was deleted and made anew')
      assert.match(String(line['hint']), /--skip-missing/)
      const second = start(executable)
      assert.equal(await second.exit(), 3, second.text())
      const third = await start(executable, '--skip-missing').ready()
      await committed('anew', 300)
      assert.equal(await third.exit('SIGTERM'), 0, third.text())
      const ids = await idsIn('anew')
      // Those behind the old offset may have been read before this was seen: at least once.
      assert.deepEqual([...new Set(ids)], range(0, 400))
    })

    outcome('a topic is deleted, and made anew later', async () => {
      const executable = compileCopy('later', 'latest')
      await createTopics('later')
      const first = await start(executable).ready()
      await client().write('later', inPartition(0, 0, 100))
      await committed('later', 100)
      await client().deleteTopic('later')
      await first.logged('does not exist')
      await client().createTopic('later', 2)
      await client().write('later', inPartition(0, 100, 110))
      assert.equal(await first.exit(), 3, first.text())
      await first.logged('was deleted and made anew')
      const second = await start(executable, '--skip-missing').ready()
      await committed('later', 10)
      assert.equal(await second.exit('SIGTERM'), 0, second.text())
      assert.deepEqual(await idsIn('later'), range(0, 110))
    })

    /** Copies `<name>` to `<name>-out` by keys, and all that it holds to `<name>-open`. */
    const compileTwo = (name: string, wait: number): Executable => {
      const config = `CONFIG ('topic.metadata.propagation.max.ms' = '${wait}')`
      const made = compileExecutable(
        name,
        `SET delivery = '${delivery}'; SET commit_interval = '100 ms';
CREATE SOURCE numbers FROM KAFKA (topic = '${name}', group_id = '${name}', auto_offset_reset = 'earliest') SCHEMA (id BIGINT);
CREATE SINK copies TO KAFKA (topic = '${name}-out', partition_key = 'id', linger_ms = 1) ${config} AS SELECT id FROM numbers;
CREATE SINK open TO KAFKA (topic = '${name}-open', linger_ms = 1) ${config} AS SELECT id FROM numbers;`
      )
      executables.push(made)
      return made
    }
    const idsOfTopic = async (topic: string): Promise<number[]> =>
      idsOf(await client().read(topic)).sort((a, b) => a - b)

    outcome('the topic of a sink is deleted', async () => {
      const executable = compileTwo('sunk', SUNK_WAIT)
      await createTopics('sunk')
      await client().createTopic('sunk-open', 1)
      const pipeline = await start(executable).ready()
      await client().write('sunk', inPartition(0, 0, 100))
      await committed('sunk', 100)
      await client().deleteTopic('sunk-out')
      await client().write('sunk', inPartition(0, 100, 150))
      if (isOwn) {
        const { reason } = await pipeline.logged('it waits')
        assert.match(String(reason), /topic "sunk-out" is not there/)
        assert.equal((await pipeline.get('/health/ready')).status, 503)
        const { sinks } = (await pipeline.get('/api/v1/pipeline/status')).body as Snapshot
        assert.equal(sinks[0]!.trouble, reason)
      }
      await committed('sunk', 150)
      // What comes later does not wait as long again.
      const since = performance.now()
      await client().write('sunk', inPartition(0, 150, 200))
      await committed('sunk', 200)
      const waited = performance.now() - since
      assert.ok(waited < SUNK_WAIT, `${waited} ms`)
      const letters = await client().read('sunk-out-dlq')
      for (const { headers } of letters) {
        assert.equal(headers['miracledb.error.code'], 'unknown-topic')
        assert.equal(headers['miracledb.error.topic'], 'sunk-out')
      }
      assert.deepEqual(await idsOfTopic('sunk-out-dlq'), range(100, 200))
      // As it was, but for its partitions.
      await client().createTopic('sunk-out', 3)
      // librdkafka looks for it each second, and nothing tells when it has found it.
      if (!isOwn) await sleep(5000)
      await client().write('sunk', inPartition(0, 200, 300))
      await committed('sunk', 300)
      if (isOwn) await pipeline.logged('it goes on')
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      assert.deepEqual(await idsIn('sunk'), range(200, 300))
      assert.deepEqual(await idsOfTopic('sunk-open'), range(0, 300))
      assert.equal((await client().read('sunk-out-dlq')).length, 100)
    })

    outcome('... and made anew soon', async () => {
      const executable = compileTwo('risen', 30_000)
      await createTopics('risen')
      await client().createTopic('risen-open', 1)
      await client().deleteTopic('risen-out')
      await client().createTopic('risen-out', 3)
      const pipeline = await start(executable).ready()
      await client().write('risen', inPartition(0, 0, 100))
      await committed('risen', 100)
      await client().deleteTopic('risen-out')
      await client().write('risen', inPartition(0, 100, 200))
      await until(
        'it is not there',
        async () => (await pipeline.metrics()).sources['numbers']!.messages_consumed === 200
      )
      // With fewer partitions than it had.
      await client().createTopic('risen-out', 1)
      await committed('risen', 200)
      const { errors } = (await pipeline.metrics()).sinks['copies']!
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      // librdkafka has given each record its partition already.
      const letters = isOwn ? [] : await idsOfTopic('risen-out-dlq')
      assert.equal(errors, letters.length)
      const arrived = [...(await idsIn('risen')), ...letters]
      assert.deepEqual(
        arrived.sort((a, b) => a - b),
        range(100, 200)
      )
      assert.deepEqual(await idsOfTopic('risen-open'), range(0, 200))
    })

    outcome('a topic gets more partitions', async () => {
      const executable = compileCopy('more', 'latest')
      await createTopics('more')
      const both = [await start(executable).ready(), await start(executable).ready()]
      await client().write('more', inPartition(0, 0, 10))
      await committed('more', 10)
      await client().addPartitions('more', 5)
      // Written before anybody knows of it.
      const other = await openTestClient(broker().brokers)
      for (const partition of [2, 3, 4])
        await other.write('more', inPartition(partition, partition * 10, partition * 10 + 10))
      await other.close()
      await committed('more', 40)
      for (const one of both) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      assert.deepEqual([...new Set(await idsIn('more'))], [...range(0, 10), ...range(20, 50)])
    })
  })
