import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

const script = (name: string, least: number, settings = ''): string =>
  `SET commit_interval = '100 ms';${settings}
CREATE SOURCE readings FROM KAFKA (topic = '${name}-readings', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT);
CREATE SINK totals TO KAFKA (topic = '${name}-totals', format = 'upsert', linger_ms = 1) AS
SELECT sensor, SUM(n) AS total FROM readings WHERE n > ${least} GROUP BY sensor;`
const executables: Executable[] = []
after(() => executables.forEach(pipeline => pipeline.remove()))

/** Two scripts of one name: the one that is deployed, and the one that takes over. */
function compileBoth(name: string, settings = ''): readonly [before: Executable, now: Executable] {
  const both = [0, 1].map(least => compileExecutable(name, script(name, least, settings)))
  executables.push(...both)
  return [both[0]!, both[1]!]
}

const readings = [1, 2, 3].map(n => ({ key: 'a', value: JSON.stringify({ sensor: 'a', n }) }))

describeOnKafka('another script', ({ client, broker }) => {
  const total = async (name: string): Promise<unknown> => {
    const records = await client().read(`${name}-totals`)
    return records.map(({ value }) => (JSON.parse(value!) as { total: number }).total).at(-1)
  }

  test('refuses what the one before has kept, and makes it anew when it is told', async () => {
    const [before, now] = compileBoth('other')
    await client().createTopic('other-readings', 2)
    await client().createTopic('other-totals', 1)
    const words = ['--brokers', broker().brokers]
    const totals = (): Promise<unknown> => total('other')

    const first = await new RunningPipeline(before, words).ready()
    await client().write('other-readings', readings)
    await until('the first script has counted', async () => (await totals()) === 6)
    assert.equal(await first.exit('SIGTERM'), 0, first.text())

    const refused = new RunningPipeline(now, words)
    assert.equal(await refused.exit(), 3, refused.text())
    assert.match(refused.text(), /totals-groups.*kept by another script.*--rebuild-state/s)
    assert.equal(await totals(), 6, 'nothing was written')

    const rebuilt = await new RunningPipeline(now, [...words, '--rebuild-state']).ready()
    await until('it has read everything again', async () => (await totals()) === 5)
    assert.equal(await rebuilt.exit('SIGTERM'), 0, rebuilt.text())

    const again = await new RunningPipeline(now, words).ready()
    await client().write('other-readings', readings.slice(2))
    await until('it goes on', async () => (await totals()) === 8)
    assert.equal(await again.exit('SIGTERM'), 0, again.text())
  })

  test('in tasks it has read nothing when it refuses: the one before goes on where it was', async () => {
    const [before, now] = compileBoth('parts', ' SET parallelism = 2;')
    await client().createTopic('parts-readings', 2)
    await client().createTopic('parts-totals', 1)
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(before, words).ready()
    await client().write('parts-readings', readings)
    await until('it has counted', async () => (await total('parts')) === 6)
    assert.equal(await first.exit('SIGTERM'), 0, first.text())

    // One that the script which takes over has no use for.
    await client().write('parts-readings', readings.slice(0, 1))
    const refused = new RunningPipeline(now, words)
    assert.equal(await refused.exit(), 3, refused.text())
    assert.match(refused.text(), /totals-groups.*kept by another script.*--rebuild-state/s)

    const again = await new RunningPipeline(before, words).ready()
    await until('it goes on', async () => (await total('parts')) === 7)
    assert.equal(await again.exit('SIGTERM'), 0, again.text())
  })

  test('in tasks it looks for rows of another release before it reads', async () => {
    const [pipeline] = compileBoth('release', ' SET parallelism = 2;')
    await client().createTopic('release-readings', 2)
    await client().createTopic('release-totals', 1)
    const words = ['--brokers', broker().brokers]
    const first = await new RunningPipeline(pipeline, words).ready()
    await client().write('release-readings', readings)
    await until('it has counted', async () => (await total('release')) === 6)
    assert.equal(await first.exit('SIGTERM'), 0, first.text())

    await keepAsOtherRelease('release-totals-groups-tasks-state')
    const empty = await new RunningPipeline(pipeline, words).ready()
    assert.equal(await empty.exit('SIGTERM'), 0, empty.text())

    await keepAsOtherRelease('release-totals-groups-tasks-state')
    await client().write('release-totals-groups-exchange', [
      { key: null, partition: 1, value: '{"sensor":"a","partial":[1,1]}' }
    ])
    await client().write('release-readings', readings)
    const read = await client().committed('release', 'release-readings')
    const refused = new RunningPipeline(pipeline, words)
    assert.equal(await refused.exit(), 3, refused.text())
    assert.match(refused.text(), /sent by another script, or by another release.*--rebuild-state/s)
    assert.equal(await client().committed('release', 'release-readings'), read)
    assert.equal(await total('release'), 6)
  })

  /** What tasks remember of the form of what is sent to them is another one. */
  const keepAsOtherRelease = async (topic: string): Promise<void> => {
    const facts = await client().read(topic)
    const identities = facts.filter(({ key, value }) => value !== null && /state of /.test(key!))
    const changed = identities.map(({ key, value, partition }) => {
      const [name, text] = JSON.parse(value!) as [string, string]
      const identity: unknown = JSON.parse(text)
      const other = JSON.stringify({ ...(identity as object), sent: 'another' })
      return { key, partition, value: JSON.stringify([name, other]) }
    })
    assert.ok(changed.length > 0)
    await client().write(topic, changed)
  }
})
