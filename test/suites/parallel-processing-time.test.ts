import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryTopics, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import type { PipelineDefinition } from '../../runtime/contract/index.ts'
import { definePart } from '../../runtime/topology/define-part.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { loadTopology } from '../support/load-pipeline.ts'
import { type RunLimits, runPipelineInMemory } from '../support/run-pipeline.ts'

// Windows of processing time in tasks: each process that reads has a clock of its own, and so has each task.

const START = Date.UTC(2026, 0, 1)
const PARTITIONS = 3
const clicks = `SET parallelism = 3;
CREATE SOURCE clicks FROM KAFKA (topic = 'clicks', auto_offset_reset = 'earliest') SCHEMA (who TEXT, at AS PROCTIME());
`

interface Processes {
  /** A process that has one partition of the source, from this second on. */
  read(partition: number, second: number, limits?: RunLimits): Promise<void>
  /** All tasks, from this second on. */
  work(second: number, limits?: RunLimits): Promise<void>
}

async function processes(name: string, script: string, topics: MemoryTopics): Promise<Processes> {
  using folder = openScriptFolder(Buffer.from(clicks + script), {}, `${name}.sql`)
  const { compiled } = compileFixture(folder, true)
  const path = join(import.meta.dirname, `_actual/processing-time-${name}.ts`)
  const { definition: topology, models } = await loadTopology(compiled, path)
  const [reading, ...stages] = topology.fragments
  const run = (definition: PipelineDefinition, second: number, limits: RunLimits = {}) =>
    runPipelineInMemory({ definition, models }, topics, {
      ...limits,
      startsAt: START + 1000 * second
    })
  return {
    async read(partition, second, limits) {
      const part = definePart(topology, reading!, 0)
      const sources = part.sources.map(source => ({ ...source, partition }))
      await run({ ...part, sources }, second, limits)
    },
    async work(second, limits) {
      for (const stage of stages) {
        for (let index = 0; index < stage.tasks; index++)
          await run(definePart(topology, stage, index), second, limits)
      }
    }
  }
}

function click(topics: MemoryTopics, partition: number, ...who: string[]): void {
  for (const one of who) {
    const value = Buffer.from(JSON.stringify({ who: one }))
    topics.append('clicks', { partition, key: null, value, timestamp: START })
  }
}

function rowsIn(topics: MemoryTopics, topic: string): Record<string, unknown>[] {
  return topics
    .read(topic)
    .map(({ value }) => JSON.parse(Buffer.from(value!).toString()) as Record<string, unknown>)
}

const counts = `CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT window_start AS w, who, COUNT(*) AS n FROM TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY window_start, who;`

test('a window is told when all who read are past its end, whatever the clock of its task says', async () => {
  const topics = makeMemoryTopics()
  const { read, work } = await processes('all', counts, topics)
  click(topics, 0, 'a', 'a')
  click(topics, 1, 'a', 'b')
  await read(0, 3)
  await read(1, 4)
  await work(50)
  assert.deepEqual(rowsIn(topics, 'k'), [])
  await read(0, 11)
  await work(50)
  assert.deepEqual(rowsIn(topics, 'k'), [], 'partition 1 may still bring rows of the window')
  await read(1, 12)
  await work(5)
  const w = new Date(START).toISOString()
  const byWho = (rows: Record<string, unknown>[]) =>
    rows.sort((a, b) => String(a['who']).localeCompare(String(b['who'])))
  assert.deepEqual(byWho(rowsIn(topics, 'k')), [
    { w, who: 'a', n: 3 },
    { w, who: 'b', n: 1 }
  ])
})

test('who has a partition next does not begin before what was told of it', async () => {
  const topics = makeMemoryTopics()
  const { read, work } = await processes('next', counts, topics)
  click(topics, 0, 'a')
  click(topics, 1, 'a')
  await read(0, 3)
  await read(1, 3)
  await read(0, 21)
  await read(1, 21)
  await work(21)
  assert.equal(rowsIn(topics, 'k').length, 1)
  // Its clock is behind.
  click(topics, 0, 'a')
  await read(0, 5)
  await work(5)
  await read(0, 40)
  await read(1, 40)
  await work(40)
  const told = rowsIn(topics, 'k').map(({ w, n }) => [w, n])
  assert.deepEqual(told, [
    [new Date(START).toISOString(), 2],
    [new Date(START + 20_000).toISOString(), 1]
  ])
  assert.ok(!topics.names().includes('clicks-dlq'), 'none is late')
})

const all = `${counts}
CREATE SINK hops TO KAFKA (topic = 'hops') AS
SELECT window_start AS w, who, COUNT(*) AS n FROM HOP(TABLE clicks, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '10' SECOND) GROUP BY window_start, who;
CREATE SINK sessions TO KAFKA (topic = 'sessions') AS
SELECT window_start AS w, who, COUNT(*) AS n FROM SESSION(TABLE clicks PARTITION BY who, DESCRIPTOR(at), INTERVAL '3' SECOND) GROUP BY window_start, who;
CREATE SINK wide TO KAFKA (topic = 'wide') AS
SELECT time_bucket('30 seconds', t) AS w, SUM(n) AS n FROM (
  SELECT window_time AS t, who, COUNT(*) AS n FROM TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY window_time, who) GROUP BY w;
CREATE SINK later TO KAFKA (topic = 'later') AS
SELECT time_bucket('20 seconds', t) AS w, SUM(n) AS n FROM (SELECT PROCTIME() AS t, n FROM (
  SELECT window_time, who, COUNT(*) AS n FROM TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY window_time, who)) GROUP BY w;
CREATE SINK numbered TO KAFKA (topic = 'numbered') AS
SELECT who, COUNT(*) OVER (PARTITION BY who ORDER BY at ROWS UNBOUNDED PRECEDING) AS n FROM clicks;
CREATE SINK firsts TO KAFKA (topic = 'firsts') AS
SELECT w, who, place FROM (SELECT time_bucket('10 seconds', at) AS w, who, ROW_NUMBER() OVER (PARTITION BY time_bucket('10 seconds', at), who ORDER BY who) AS place FROM clicks) WHERE place <= 1;`

for (const seed of [1, 2, 3]) {
  test(`each row is in one window of each kind, with clocks that differ, and processes that are killed: ${seed}`, async () => {
    const random = makeRandom(seed)
    const topics = makeMemoryTopics()
    const { read, work } = await processes('random', all, topics)
    let clicked = 0
    for (let round = 0; round < 30; round++) {
      const partition = random(PARTITIONS)
      const who = Array.from({ length: random(6) }, () => 'abc'[random(3)]!)
      click(topics, partition, ...who)
      clicked += who.length
      // Up to twelve seconds apart.
      const second = 20 + 3 * round + random(12)
      await read(partition, second, random(3) === 0 ? { kills: random, pollSize: 1 } : {})
      if (random(2) === 0) await work(random(200), random(3) === 0 ? { kills: random } : {})
    }
    for (const day of [1, 2]) {
      for (let partition = 0; partition < PARTITIONS; partition++)
        await read(partition, 86_400 * day)
      await work(86_400 * day)
    }
    const sum = (topic: string): number =>
      rowsIn(topics, topic).reduce((total, { n }) => total + Number(n), 0)
    for (const [topic, times] of [
      ['k', 1],
      ['hops', 2],
      ['sessions', 1],
      ['wide', 1],
      ['later', 1]
    ] as const) {
      assert.equal(sum(topic), times * clicked, topic)
      const windows = rowsIn(topics, topic).map(({ n: _, ...key }) => JSON.stringify(key))
      assert.equal(new Set(windows).size, windows.length, `${topic}: each window is told once`)
    }
    const numbers = rowsIn(topics, 'numbered').map(row => JSON.stringify(row))
    assert.equal(numbers.length, clicked)
    assert.equal(new Set(numbers).size, clicked)
    const firsts = rowsIn(topics, 'firsts')
      .map(row => JSON.stringify(row))
      .sort()
    const inWindows = rowsIn(topics, 'k')
      .map(({ w, who }) => JSON.stringify({ w, who, place: 1 }))
      .sort()
    assert.deepEqual(firsts, inWindows)
    assert.ok(!topics.names().some(name => name.endsWith('-dlq')), topics.names().join())
  })
}
