import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom } from '../support/functions/random-value.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { ABORT_SOON, KilledProcesses } from '../support/kafka/killed-processes.ts'
import { Readings } from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'

const RECORDS = 20_000
const KILLS = Number(process.env['PARALLEL_KILLS'] ?? 6)
/** Rounds from one restart of the broker to the next. */
const RESTART_EVERY = 7
const random = makeRandom(20_261_127)

const script = (delivery: string, parallelism: number): string => `SET delivery = '${delivery}';
SET parallelism = ${parallelism};
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'tasks', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
CREATE SINK windows TO KAFKA (topic = 'windows') AS
SELECT time_bucket('10 seconds', at) AS window, sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY window, sensor;
CREATE SINK totals TO KAFKA (topic = 'totals', format = 'upsert') AS
SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor;
CREATE SINK spread TO KAFKA (topic = 'spread', format = 'upsert') AS
SELECT count, COUNT(*) AS sensors, SUM(total) AS total
FROM (SELECT sensor, COUNT(*) AS count, SUM(n) AS total FROM readings GROUP BY sensor) GROUP BY count;`

const idling = `SET parallelism = 2;
CREATE SOURCE idle FROM KAFKA (topic = 'idle', group_id = 'idling', auto_offset_reset = 'earliest')
  SCHEMA (k TEXT, at TIMESTAMP, WATERMARK FOR at AS at IDLE TIMEOUT INTERVAL '1' SECOND)
  ON LATE (action = 'dead_letter', dead_letter_topic = 'idle-late');
CREATE SINK idle_windows TO KAFKA (topic = 'idle-windows') AS
SELECT time_bucket('10 seconds', at) AS w, k, COUNT(*) AS n FROM idle GROUP BY w, k;`

describeOnKafka(
  'parallelism',
  ({ client, broker }) => {
    const readings = new Readings(client)
    const executables: Executable[] = []
    const compile = (parallelism: number): Executable => {
      const made = compileExecutable('tasks', script('exactly_once', parallelism))
      executables.push(made)
      return made
    }
    const start = (executable: Executable): RunningPipeline =>
      new RunningPipeline(executable, ['--brokers', broker().brokers])

    const restartBroker = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
      await broker().pause(signal)
      await sleep(random(2000))
      await broker().resume()
    }

    before(async () => {
      for (const topic of ['readings', 'windows', 'totals', 'spread'])
        await client().createTopic(topic, 3)
    })
    after(() => executables.forEach(executable => executable.remove()))

    test('one process, three, two: tasks move with their state', async () => {
      const executable = compile(3)
      const first = await start(executable).ready()
      let writing = readings.write(RECORDS)
      const others = await Promise.all([1, 2].map(() => start(executable).ready()))
      await writing
      writing = readings.write(RECORDS)
      assert.equal(await first.exit('SIGTERM'), 0, first.text())
      await writing
      await readings.closeAll()
      await readings.windowsTold()
      await readings.totalsTold()
      await readings.spreadTold()
      await readings.checkWindows()
      for (const one of others) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      await readings.checkTotals()
      await readings.checkSpread()
    })

    test('two processes, one of them killed at any moment, and the broker restarted', async () => {
      const executable = compile(3)
      const processes = new KilledProcesses(() => start(executable), random)
      for (let round = 0; round < KILLS; round++) {
        await processes.killOne(readings.write(RECORDS), 3000)
        if (round % RESTART_EVERY !== 3) continue
        // One that finds no broker when it starts ends.
        await processes.started()
        await restartBroker(round % 2 === 0 ? 'SIGTERM' : 'SIGKILL')
      }
      await readings.closeAll()
      await readings.windowsTold()
      await readings.totalsTold()
      await readings.spreadTold()
      await processes.drain()
      await readings.checkWindows()
      await readings.checkTotals()
      await readings.checkSpread()
    })

    test('a process that hangs loses its tasks, and comes back', async () => {
      const executable = compile(3)
      const [hanging, other] = [start(executable), start(executable)]
      await Promise.all([hanging.ready(), other.ready()])
      let writing = readings.write(RECORDS)
      await sleep(300)
      hanging.kill('SIGSTOP')
      await writing
      writing = readings.write(RECORDS)
      await until(
        'the other one has all partitions',
        async () => {
          const { sources } = await other.metrics()
          return sources['readings']!.partitions.length === 3
        },
        90_000
      )
      await writing
      hanging.kill('SIGCONT')
      await readings.write(RECORDS)
      await readings.closeAll()
      await readings.windowsTold()
      await readings.totalsTold()
      await readings.spreadTold()
      for (const one of [hanging, other]) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      await readings.checkWindows()
      await readings.checkTotals()
      await readings.checkSpread()
    })

    test('what has got through an exchange is deleted', async () => {
      const pipeline = await start(executables.at(-1)!).ready()
      await until('most of it is deleted', async () => {
        await readings.write(100)
        const { length } = await client().read('tasks-windows-groups-exchange')
        return length < readings.count / 2
      })
      await readings.closeAll()
      await readings.windowsTold()
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    })

    test('another parallelism is refused: state is kept in as many parts as before', async () => {
      const pipeline = start(compile(2))
      assert.equal(await pipeline.exit(), 3, pipeline.text())
      const line = await pipeline.logged('has 3 partitions')
      assert.match(String(line['hint']), /--rebuild-state/)
    })

    test('with --rebuild-state everything is read again in as many tasks as the script says now', async () => {
      const words = ['--brokers', broker().brokers, '--rebuild-state']
      const pipeline = await new RunningPipeline(executables.at(-1)!, words).ready()
      await readings.windowsTold(2)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      await readings.checkWindows(2)
    })

    test('rows of a partition that others went on without go alone until it has caught up', async () => {
      await client().createTopic('idle', 2)
      await client().createTopic('idle-windows', 1)
      const executable = compileExecutable('idling', idling)
      executables.push(executable)
      const at = (seconds: number): string =>
        new Date(1_767_225_600_000 + 1000 * seconds).toISOString()
      const write = (partition: number, seconds: number, count: number): Promise<void> =>
        client().write(
          'idle',
          Array.from({ length: count }, () => ({
            partition,
            value: JSON.stringify({ k: 'a', at: at(seconds) })
          }))
        )
      const sent = async (): Promise<number> => {
        const records = await client().read('idling-idle_windows-groups-exchange')
        return records.filter(({ value }) => value?.startsWith('{')).length
      }
      const late = async (): Promise<number> => (await client().read('idle-late')).length
      const [first, second] = [start(executable), start(executable)]
      await Promise.all([first.ready(), second.ready()])
      await write(0, 1000, 1)
      await write(1, 1, 1)
      await until(
        'a window is told without the silent one',
        async () => (await client().read('idle-windows')).length === 1
      )
      const before = await sent()
      await write(1, 5, 20)
      await until('each late row is told', async () => (await late()) === 20, 30_000)
      assert.equal(await sent(), before + 20)
      // Ahead of the other, and never silent for long: from some commits on it goes together.
      const known = await sent()
      for (let second = 2000; second < 2030; second++) {
        await write(1, second, 20)
        await sleep(100)
      }
      await until('all are read', async () => (await client().committed('idling', 'idle')) >= 622)
      assert.ok((await sent()) - known < 300, String((await sent()) - known))
      for (const one of [first, second]) assert.equal(await one.exit('SIGTERM'), 0, one.text())
    })
  },
  ABORT_SOON
)
