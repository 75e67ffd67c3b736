import assert from 'node:assert/strict'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom } from '../support/functions/random-value.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { Readings, windowsAndTotals } from '../support/kafka/readings.ts'
import { openStateFolder } from '../support/state-folder.ts'

const KILLS = Number(process.env['LMDB_KILLS'] ?? 6)
const RECORDS_PER_KILL = 20_000
const random = makeRandom(20_261_127)

const spilled = compileExecutable(
  'spilled',
  `SET delivery = 'exactly_once';
SET state = 'lmdb';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'spilled', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG ('max.partition.fetch.bytes' = '100000')
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}`
)
const folder = openStateFolder()
after(() => {
  spilled.remove()
  folder[Symbol.dispose]()
})

describeOnKafka('state on the disk', ({ client, broker }) => {
  const words = (): string[] => ['--brokers', broker().brokers, '--state-dir', folder.path]
  const file = join(folder.path, 'state.mdb')
  const readings = new Readings(client)
  const anew = 'the local state is made anew'

  before(async () => {
    for (const topic of ['readings', 'windows', 'totals']) await client().createTopic(topic, 3)
  })

  test('killed at any moment, each result comes once', async () => {
    for (let round = 0; round < KILLS; round++) {
      const victim = new RunningPipeline(spilled, words())
      await victim.logged('partitions assigned')
      const writing = readings.write(RECORDS_PER_KILL)
      await sleep(random(1000))
      assert.equal(await victim.exit('SIGKILL'), null)
      await writing
      assert.ok(!victim.text().includes(anew), 'what a crash leaves is whole')
    }
    await readings.closeAll()
    const last = await new RunningPipeline(spilled, words()).ready()
    await readings.committed('spilled')
    assert.equal(await last.exit('SIGTERM'), 0, last.text())
    await readings.checkWindows()
    await readings.checkTotals()
  })

  for (const [what, damage] of [
    ['cut', () => truncateSync(file, 20_000)],
    ['something else', () => writeFileSync(file, 'x'.repeat(10_000))]
  ] as const) {
    test(`a file that is ${what} is made anew from the changelogs`, async () => {
      damage()
      const pipeline = await new RunningPipeline(spilled, words()).ready()
      await pipeline.logged(anew)
      await readings.write(1000)
      await readings.committed('spilled')
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      await readings.checkTotals()
    })
  }
})
