import assert from 'node:assert/strict'
import { globSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before } from 'node:test'
import type { Random } from '../support/functions/random-value.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { Readings, windowsAndTotals } from '../support/kafka/readings.ts'
import { Machine } from '../support/machine.ts'
import { isFull, outcome } from './outcome.ts'

const RECORDS = isFull ? 20_000 : 4000
const ROUNDS = isFull ? 10 : 2

const compile = (name: string, settings = '', sinks = ''): Executable =>
  compileExecutable(
    name,
    `SET delivery = 'exactly_once';${settings}
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}
${sinks}`
  )
const inMemory = compile('memory')
/** What it keeps grows with each record. */
const onDisk = compile(
  'disk',
  " SET state = 'lmdb';",
  `CREATE SINK numbers TO KAFKA (topic = 'numbers', format = 'upsert') AS SELECT n, COUNT(*) AS count FROM readings GROUP BY n;`
)
const machine = new Machine()
after(() => {
  inMemory.remove()
  onDisk.remove()
  machine[Symbol.dispose]()
})

describeOnKafka('a disk for checkpoints', ({ client, broker }) => {
  const readings = new Readings(client)
  const folder = join(machine.disk, 'memory')
  const start = (): RunningPipeline =>
    new RunningPipeline(
      inMemory,
      ['--brokers', broker().brokers, '--state-dir', folder],
      machine.environment
    )
  /** Sizes and times of what is there. */
  const checkpoints = (): readonly { readonly size: number; readonly mtimeMs: number }[] =>
    globSync(join(folder, '*.checkpoint')).map(path => statSync(path))
  const times = (): readonly number[] => checkpoints().map(({ mtimeMs }) => mtimeMs)
  before(async () => {
    for (const topic of ['readings', 'windows', 'totals']) await client().createTopic(topic, 3)
  })

  /** A life of the pipeline, with a checkpoint at its first commit and one at its end. */
  async function live(disturb = () => {}, records = RECORDS): Promise<RunningPipeline> {
    const pipeline = await start().ready()
    disturb()
    await readings.write(records)
    await readings.committed('memory')
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    return pipeline
  }

  /** No checkpoint is written, while it runs and from its start on; the one that is there is read. */
  async function surviveWithout(damage: () => void): Promise<void> {
    machine.mendDisk()
    await live()
    const before = times()
    assert.equal(before.length, 2)
    const withoutAny = await live(damage)
    const lines = withoutAny.log.filter(({ message }) => message.startsWith('no checkpoint'))
    assert.ok(lines.length > 0 && lines.length <= 2, withoutAny.text())
    damage()
    const { message } = await (await live()).logged('no checkpoint')
    assert.match(message, /a restart will take longer/)
    assert.deepEqual(times(), before, 'the last good ones stay')
    machine.mendDisk()
    const mended = await live()
    assert.doesNotMatch(mended.text(), /checkpoint/)
    assert.ok(times().every((time, i) => time > before[i]!))
  }

  async function checkAll(): Promise<void> {
    await readings.closeAll()
    await live(() => {}, 0)
    await readings.checkWindows()
    await readings.checkTotals()
  }

  outcome('the disk for checkpoints is full', async (random: Random) => {
    for (let round = 0; round < ROUNDS; round++) {
      await surviveWithout(() => {
        const size = checkpoints().reduce((sum, one) => sum + one.size, 0)
        machine.fillDisk(random(size))
      })
      assert.deepEqual(
        readdirSync(folder).filter(name => name.endsWith('.new')),
        []
      )
    }
    await checkAll()
  })

  outcome('the disk for checkpoints is read-only', async () => {
    await surviveWithout(() => machine.makeDiskReadOnly())
    await checkAll()
  })
})

describeOnKafka('a disk for state', ({ client, broker }) => {
  const readings = new Readings(client)
  const folder = join(machine.disk, 'disk')
  const start = (): RunningPipeline =>
    new RunningPipeline(
      onDisk,
      ['--brokers', broker().brokers, '--state-dir', folder],
      machine.environment
    )
  before(async () => {
    for (const topic of ['readings', 'windows', 'totals', 'numbers'])
      await client().createTopic(topic, 3)
  })

  /** It ends while it runs, and at its start, and goes on once the disk is mended. */
  async function stopAndGoOn(damage: () => void): Promise<void> {
    machine.mendDisk()
    const first = await start().ready()
    await readings.write(RECORDS)
    await readings.committed('disk')
    damage()
    const exit = first.exit()
    let isOver = false
    void exit.then(() => (isOver = true))
    while (!isOver) await readings.write(RECORDS)
    assert.equal(await exit, 3, first.text())
    const line = await first.logged(`the state can't be written to ${folder}`)
    assert.match(String(line['hint']), /mend the disk/, first.text())
    const second = start()
    assert.equal(await second.exit(), 3, second.text())
    await second.logged(folder)
    machine.mendDisk()
    const third = await start().ready()
    await readings.closeAll()
    await readings.committed('disk')
    assert.equal(await third.exit('SIGTERM'), 0, third.text())
    await readings.checkWindows()
    await readings.checkTotals()
  }

  outcome('the disk for state = lmdb is full', async random => {
    for (let round = 0; round < ROUNDS / 2; round++)
      await stopAndGoOn(() => machine.fillDisk(random(2) * random(100_000)))
  })

  outcome('the disk for state = lmdb is read-only', async () => {
    await stopAndGoOn(() => machine.makeDiskReadOnly())
  })
})
