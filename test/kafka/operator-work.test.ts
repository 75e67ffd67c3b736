import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { PlanNode } from '../../runtime/observe/operators.ts'
import type { Snapshot } from '../../runtime/observe/snapshot.ts'
import { operatorWork, workBetween } from '../../runtime/watch/work-between.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const RECORDS = 4000
const PARTITIONS = 4
const scriptOf = (group: string): string =>
  `CREATE SOURCE notes FROM KAFKA (topic = 'notes', group_id = '${group}', auto_offset_reset = 'earliest')
  SCHEMA (id INT NOT NULL, who INT, text TEXT);
CREATE SINK marked TO KAFKA (topic = 'marked') AS
SELECT id, regexp_replace(repeat(text, 8), '[a-h]{3,7} (a|b)+[c-g]*', 'x', 'g') LIKE '%x' AS mark FROM notes WHERE who <> 3;
CREATE SINK short TO KAFKA (topic = 'short') AS
SELECT id, substring(text, 1, 3) AS begin FROM notes WHERE length(text) > 3;
`
const executables = ['alone', 'shared'].map(name => compileExecutable(name, scriptOf(name)))
after(() => executables.forEach(one => one.remove()))
const [alone, shared] = executables as [(typeof executables)[0], (typeof executables)[0]]

/** What costs little. */
const others = [/Filter who/, /Filter length/, /Project id, begin/, /Source notes/, /Sink short/]

describeOnKafka('the time of operators', ({ client, broker }) => {
  const text = 'abcdefgh ab '.repeat(16)
  const records = Array.from({ length: RECORDS }, (_, id) => ({
    ...{ key: `${id}`, partition: id % PARTITIONS },
    value: JSON.stringify({ id, who: id % 10, text })
  }))
  before(async () => {
    await client().createTopic('notes', PARTITIONS)
    for (const topic of ['marked', 'short']) await client().createTopic(topic, 1)
  })

  /** Does `look` while the pipeline has always something to read. */
  const whileFed = async (pipeline: RunningPipeline, look: () => Promise<void>): Promise<void> => {
    let isOver = false
    const fed = (async () => {
      while (!isOver) {
        await client().write('notes', records)
        await sleep(50)
      }
    })()
    try {
      await until('it reads', async () => {
        const { sources } = await pipeline.metrics()
        return sources['notes']!.messages_consumed > 5 * RECORDS
      })
      await look()
    } finally {
      isOver = true
      await fed
    }
  }

  test('explain --analyze shows which one is costly, and what the rest of the time goes into', async () => {
    const pipeline = await new RunningPipeline(alone, ['--brokers', broker().brokers]).ready()
    const words = ['explain', '--analyze', '--seconds', '1.5', '--port', `${await pipeline.port()}`]
    // Not spawnSync: this process feeds it.
    const asked = promisify(execFile)
    await whileFed(pipeline, async () => {
      const { stdout, stderr } = await asked(alone.path, words, { env: {} })
      assert.equal(stderr, '')
      const share = (title: RegExp): number => {
        const line = stdout.split('\n').find(one => title.test(one))
        return Number(/ (\d+\.\d) % /.exec(line ?? '')?.[1] ?? NaN)
      }
      const costly = share(/Project id, mark/)
      for (const title of others) assert.ok(share(title) * 3 < costly, stdout)
      const each = /^ +[\d,]+ +[\d,]+ +\d+\.\d % +\d+(?:\.\d+)? (?:ns|µs|ms) .*Project id, mark/m
      assert.match(stdout, each)
      assert.match(stdout, /^In 1\.\d s, of one core:\noperators, as above +\d+\.\d %$/m)
    })
    await pipeline.exit('SIGTERM')
  })

  test('several workers are told together, and a page that asks gets the same', async () => {
    const words = ['--brokers', broker().brokers, '--workers', '2']
    const pipeline = await new RunningPipeline(shared, words).ready()
    const page = `http://127.0.0.1:${await pipeline.port()}/api/v1/pipeline`
    const ask = async <T>(path: string): Promise<T> =>
      (await (await fetch(page + path)).json()) as T
    await whileFed(pipeline, async () => {
      const silent = await ask<Snapshot>('/status')
      for (const { work } of silent.processes) assert.equal(work.looks, 0, 'nobody has asked')
      await ask<Snapshot>('/status?measure=10')
      await sleep(1000)
      const before = await ask<Snapshot>('/status')
      await sleep(2000)
      const now = await ask<Snapshot>('/status')
      const { nodes } = await ask<{ readonly nodes: readonly PlanNode[] }>('')
      const work = workBetween(now, before)
      assert.equal(work?.processes, 2)
      const shares = nodes.map(node => {
        const { share = 0 } = operatorWork(node, work, now, before) ?? {}
        return [`${node.kind} ${node.title}`, share] as const
      })
      const [first, second] = shares.toSorted(([, a], [, b]) => b - a)
      assert.equal(first![0], 'Project id, mark', JSON.stringify(shares))
      assert.ok(first![1] > 3 * second![1], JSON.stringify(shares))
    })
    await pipeline.exit('SIGTERM')
  })
})
