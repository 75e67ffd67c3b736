import assert from 'node:assert/strict'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { Readings, windowsAndTotals } from '../support/kafka/readings.ts'
import { isFull, outcome } from './outcome.ts'

const RECORDS = isFull ? 20_000 : 6000
const ROUNDS = isFull ? 30 : 4

const tasks = compileExecutable(
  'tasks',
  `SET delivery = 'exactly_once';
SET parallelism = 3;
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'tasks', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  CONFIG ('session.timeout.ms' = '6000', 'heartbeat.interval.ms' = '300')
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}`
)
after(() => tasks.remove())

describeOnKafka(
  'a pipeline in tasks',
  ({ client, broker }) => {
    const start = (): RunningPipeline => new RunningPipeline(tasks, ['--brokers', broker().brokers])

    outcome('members of a pipeline in tasks come and go all the time', async random => {
      for (const topic of ['readings', 'windows', 'totals']) await client().createTopic(topic, 3)
      const readings = new Readings(client)
      const stays = await start().ready()
      const members = [start(), start()]
      for (let round = 0; round < ROUNDS; round++) {
        const writing = readings.write(RECORDS)
        const victim = random(members.length)
        await members[victim]!.logged('started')
        await sleep(random(1500))
        const signal = random(2) === 0 ? 'SIGTERM' : 'SIGKILL'
        assert.equal(await members[victim]!.exit(signal), signal === 'SIGTERM' ? 0 : null)
        members[victim] = start()
        await writing
      }
      await readings.closeAll()
      await readings.windowsTold()
      await readings.totalsTold()
      for (const one of [stays, ...members]) {
        await one.logged('started')
        assert.equal(await one.exit('SIGTERM'), 0, one.text())
      }
      await readings.checkWindows()
      await readings.checkTotals()
    })
  },
  { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300' }
)
