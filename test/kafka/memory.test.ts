import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fillTopic } from '../../bench/harness/fill-topic.ts'
import type { KafkaBroker } from '../support/kafka/broker.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { startProxied } from '../support/kafka/proxied-broker.ts'
import type { Proxy } from '../support/kafka/proxy.ts'
import { until } from '../support/kafka/until.ts'
import { openStateFolder } from '../support/state-folder.ts'

const MB = 1 << 20
const SINKS = 12
const WIDE = 20_000
/** So many that what counts them does not fit into 128 MB. */
const KEYS = 240_000

const executables: Executable[] = []
const folder = openStateFolder()
let proxy: Proxy
after(() => {
  executables.forEach(executable => executable.remove())
  folder[Symbol.dispose]()
})

async function startBroker(): Promise<KafkaBroker> {
  const started = await startProxied()
  proxy = started.proxy
  return started.broker
}

function compile(name: string, script: string): Executable {
  const made = compileExecutable(name, script)
  executables.push(made)
  return made
}

/** The processes that one has started. */
function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

/** In bytes: the most that it had at once. */
function peakOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)![1]) * 1024
}

async function metricOf(pipeline: RunningPipeline, name: string): Promise<number> {
  const { text } = await pipeline.page('/metrics')
  return Number(new RegExp(`^miraclec_${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)![1])
}

const counting = (name: string, settings: string): string => `${settings}
SET delivery = 'exactly_once';
CREATE SOURCE keys FROM KAFKA (topic = 'keys', group_id = '${name}', auto_offset_reset = 'earliest') SCHEMA (k TEXT, n BIGINT);
CREATE SINK counts TO KAFKA (topic = '${name}-counts', format = 'upsert') AS
SELECT k, COUNT(*) AS count, SUM(n) AS total FROM keys GROUP BY k;`

describeOnKafka(
  '--max-memory',
  ({ client, broker }) => {
    after(() => proxy.stop())

    test('without state: what does not go out does not come in', async () => {
      await client().createTopic('wide', 4)
      const text = 'x'.repeat(1000)
      await fillTopic(broker().brokers, 'wide', WIDE, n =>
        Buffer.from(`{"id":${n},"note":"${text}"}`)
      )
      const sinks = Array.from({ length: SINKS }, (_, i) => `copy${i}`)
      for (const sink of sinks) await client().createTopic(sink, 1)
      const slow = `127.0.0.1:${proxy.port}`
      const executable = compile(
        'copies',
        `CREATE SOURCE wide FROM KAFKA (brokers = '${broker().brokers}', topic = 'wide', group_id = 'copies', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, note TEXT);
${sinks
  .map(
    name =>
      `CREATE SINK ${name} TO KAFKA (brokers = '${slow}', topic = '${name}', compression = 'none') AS SELECT id, note FROM wide;`
  )
  .join('\n')}`
      )
      proxy.throttle(4 * MB)
      const pipeline = await new RunningPipeline(executable, ['--max-memory', '256MB']).ready()
      await until('it has begun', async () => {
        const { sources } = await pipeline.metrics()
        return sources['wide']!.messages_consumed >= WIDE / 10
      })
      await sleep(2000)
      const { sources } = await pipeline.metrics()
      assert.ok(sources['wide']!.lag > 0, 'it has more to do than it can')
      proxy.mend()
      await until('all is done', async () => (await client().committed('copies', 'wide')) === WIDE)
      const peak = peakOf(pipeline.pid)
      assert.ok(peak < 256 * MB, `${peak / MB} MB`)
      assert.equal(await metricOf(pipeline, 'memory_limit_bytes'), 256 * MB)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    })

    // A limit that is not kept would be waited for without end.
    const bounded = { timeout: 120_000 }
    test(
      'state that does not fit ends it after a commit; with more it goes on from there',
      bounded,
      async () => {
        await client().createTopic('keys', 2)
        await client().createTopic('counted-counts', 2)
        await fillTopic(broker().brokers, 'keys', KEYS, n =>
          Buffer.from(`{"k":"${'key '.repeat(10)}${n}","n":${n}}`)
        )
        const executable = compile('counted', counting('counted', ''))
        const words = ['--brokers', broker().brokers]
        const small = new RunningPipeline(executable, [...words, '--max-memory', '128MB'])
        assert.equal(await small.exit(), 3, small.text())
        const line = await small.logged('--max-memory 128MB is not enough')
        assert.match(line.message, /it holds [\d,]+ rows of state, \d+MB/)
        const [, needed] = /Give it (\d+)MB or more/.exec(String(line['hint']))!
        assert.ok(Number(needed) > 128)
        const committed = await client().committed('counted', 'keys')
        assert.ok(committed > 0 && committed < KEYS, String(committed))

        const again = new RunningPipeline(executable, [...words, '--max-memory', '128MB'])
        assert.equal(await again.exit(), 3, again.text())

        const large = await new RunningPipeline(executable, [
          ...words,
          '--max-memory',
          '1GB'
        ]).ready()
        await until(
          'all is done',
          async () =>
            (await client()
              .committed('counted', 'keys')
              .catch(() => 0)) >= KEYS,
          60_000
        )
        assert.equal(await large.exit('SIGTERM'), 0, large.text())
        await checkCounts('counted')
      }
    )

    test('state on the disk spills: it goes on with little', async () => {
      await client().createTopic('spilled-counts', 2)
      const executable = compile('spilled', counting('spilled', "SET state = 'lmdb';"))
      const pipeline = await new RunningPipeline(executable, [
        ...['--brokers', broker().brokers, '--state-dir', folder.path],
        ...['--max-memory', '128MB']
      ]).ready()
      let most = 0
      const isDone = async (): Promise<boolean> => {
        most = Math.max(most, await metricOf(pipeline, 'memory_used_bytes'))
        const done = client().committed('spilled', 'keys')
        return (await done.catch(() => 0)) >= KEYS
      }
      await pipeline.beside(until('all is done', isDone, 60_000))
      assert.ok(most < 128 * MB, `${most / MB} MB`)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      await checkCounts('spilled')
    })

    test('workers share it', async () => {
      await client().createTopic('shared', 4)
      const executable = compile(
        'shared',
        `CREATE SOURCE wide FROM KAFKA (brokers = '${broker().brokers}', topic = 'wide', group_id = 'shared', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, note TEXT);
CREATE SINK shared TO KAFKA (brokers = '127.0.0.1:${proxy.port}', topic = 'shared', compression = 'none') AS SELECT id, note FROM wide;`
      )
      proxy.throttle(4 * MB)
      const limit = 300 * MB
      const words = ['--workers', '2', '--max-memory', '300MB']
      const pipeline = await new RunningPipeline(executable, words).ready()
      await sleep(1000)
      proxy.mend()
      await until('all is done', async () => (await client().committed('shared', 'wide')) === WIDE)
      const pids = [pipeline.pid, ...childrenOf(pipeline.pid)]
      const peaks = pids.map(peakOf)
      assert.equal(peaks.length, 2)
      for (const peak of peaks) assert.ok(peak < limit / 2, `${peak / MB} MB`)
      const { text } = await pipeline.page('/metrics')
      const limits = [...text.matchAll(/^miraclec_memory_limit_bytes\S* (\d+)$/gm)]
      assert.deepEqual(
        limits.map(([, bytes]) => Number(bytes)),
        [limit / 2, limit / 2]
      )
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    })

    test(
      'tasks in two processes: state that does not fit ends both after a commit',
      bounded,
      async () => {
        await client().createTopic('tasks-counts', 2)
        const executable = compile('tasks', counting('tasks', 'SET parallelism = 2;'))
        const words = ['--brokers', broker().brokers, '--workers', '2']
        const small = new RunningPipeline(executable, [...words, '--max-memory', '256MB'])
        assert.equal(await small.exit(), 3, small.text())
        const line = await small.logged('--max-memory 256MB is not enough for 2 processes')
        const [, needed] = /Give it (\d+)MB or more/.exec(String(line['hint']))!
        assert.ok(Number(needed) > 256)
        const large = await new RunningPipeline(executable, [
          ...words,
          '--max-memory',
          '2GB'
        ]).ready()
        await until(
          'all is told',
          async () => (await client().read('tasks-counts')).length >= KEYS,
          60_000
        )
        assert.equal(await large.exit('SIGTERM'), 0, large.text())
        await checkCounts('tasks')
      }
    )

    /** Each key once, with its number: nothing is lost, and nothing counted twice. */
    async function checkCounts(name: string): Promise<void> {
      const records = await client().read(`${name}-counts`)
      assert.equal(records.length, KEYS)
      const total = records.reduce((sum, { value }) => {
        const { count, total: one } = JSON.parse(value!) as { count: number; total: number }
        assert.equal(count, 1)
        return sum + one
      }, 0)
      assert.equal(total, (KEYS * (KEYS - 1)) / 2)
    }
  },
  { start: startBroker }
)
