import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadRecord } from '../support/kafka/client.ts'
import { KafkaCluster } from '../support/kafka/cluster.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { isBad, Readings, sensorOf, windowsAndTotals } from '../support/kafka/readings.ts'
import { until } from '../support/kafka/until.ts'

const RECORDS = 20_000

const once = compileExecutable(
  'once',
  `SET delivery = 'exactly_once';
CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'once', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '2' SECOND)
  ON LATE (action = 'dead_letter', dead_letter_topic = 'readings-late');
${windowsAndTotals}`
)
const copying = compileExecutable(
  'copying',
  `CREATE SOURCE readings FROM KAFKA (topic = 'readings', group_id = 'copying', auto_offset_reset = 'earliest')
  SCHEMA (sensor TEXT, n INT NOT NULL)
  CONFIG ('max.partition.fetch.bytes' = '50000')
  ON ERROR (action = 'dead_letter', dead_letter_topic = 'copying-dlq');
CREATE SINK copies TO KAFKA (topic = 'copies', partition_key = 'sensor') AS SELECT n, sensor FROM readings;`
)
after(() => {
  once.remove()
  copying.remove()
})

describeOnKafka<KafkaCluster>(
  'several brokers',
  ({ broker: cluster, client }) => {
    const words = (): string[] => ['--brokers', cluster().brokers]
    const readings = new Readings(client)

    before(async () => {
      for (const topic of ['readings', 'windows', 'totals', 'copies'])
        await client().createTopic(topic, 6)
    })

    test('each of them goes and comes back, and leads again: nothing is lost, or there twice', async () => {
      const pipelines = [once, copying].map(one => new RunningPipeline(one, words()))
      await Promise.all(pipelines.map(one => one.ready()))
      for (const [i, node] of cluster().nodes.entries()) {
        await readings.write(RECORDS)
        const writing = readings.write(RECORDS)
        await node.pause(i % 2 === 0 ? 'SIGKILL' : 'SIGTERM')
        await writing
        await sleep(500)
        await node.resume()
        for (const topic of ['readings', 'windows', 'totals', 'copies', '__consumer_offsets'])
          await until(
            `${topic} is on all brokers`,
            async () => (await client().inSync(topic)) === 3,
            60_000
          )
      }
      await readings.closeAll()
      await pipelines[0]!.beside(readings.committed('once'))
      await pipelines[1]!.beside(readings.committed('copying'))
      for (const one of pipelines) assert.equal(await one.exit('SIGTERM'), 0, one.text())
      await checkNoneRefused()
      await readings.checkWindows()
      await readings.checkTotals()
      await checkCopies()
    })

    test('too few replicas for what a topic wants: records wait until they are there', async () => {
      const ways = ['raw', 'librdkafka'].flatMap(way =>
        ['at_least_once', 'exactly_once'].map(delivery => ({
          way,
          delivery,
          name: `few-${way}-${delivery.slice(0, 2)}`
        }))
      )
      const ids = Array.from({ length: 100 }, (_, id) => id)
      await client().createTopic('few', 1)
      const running: { readonly name: string; readonly pipeline: RunningPipeline }[] = []
      for (const { way, delivery, name } of ways) {
        await client().createTopic(name, 1, { 'min.insync.replicas': '3' })
        const executable = compileExecutable(
          name,
          `SET delivery = '${delivery}';
CREATE SOURCE few FROM KAFKA (topic = 'few', group_id = '${name}', auto_offset_reset = 'earliest') SCHEMA (id INT NOT NULL);
CREATE SINK out TO KAFKA (topic = '${name}', linger_ms = 5) AS SELECT id FROM few;`
        )
        const environment = { MIRACLEC_FETCH: way, MIRACLEC_PRODUCE: way }
        const pipeline = await new RunningPipeline(executable, words(), environment).ready()
        executable.remove()
        running.push({ name, pipeline })
      }
      const last = cluster().nodes.at(-1)!
      await last.pause('SIGKILL')
      for (const { name } of ways) {
        await until('a replica is away', async () => (await client().inSync(name)) === 2, 60_000)
      }
      await client().write(
        'few',
        ids.map(id => ({ value: JSON.stringify({ id }) }))
      )
      for (const { name, pipeline } of running) {
        await until('all is read', async () => {
          const { sources } = await pipeline.metrics()
          return sources['few']!.messages_consumed >= ids.length
        })
        assert.equal((await client().read(name)).length, 0)
      }
      await last.resume()
      for (const { name, pipeline } of running) {
        const arrived = async (): Promise<number[]> => {
          const values = (await client().read(name)).map(({ value }) => value!)
          return values.map(value => (JSON.parse(value) as { readonly id: number }).id)
        }
        await pipeline.beside(
          until('all has arrived', async () => (await arrived()).length >= ids.length, 60_000)
        )
        // None of them became a dead letter, or overtook another.
        assert.deepEqual(await arrived(), ids, name)
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      }
    })

    /** The process never ends, so no record is sent twice; each key stays in its order. */
    async function checkCopies(): Promise<void> {
      const places = new Map<number, ReadRecord>()
      const last = new Map<string, ReadRecord>()
      for (const record of await client().read('copies')) {
        const { n, sensor } = JSON.parse(record.value!) as Copy
        if (n < 0) continue
        assert.equal(sensor, sensorOf(n))
        const before = places.get(n)
        if (before !== undefined) assert.fail(`${n} comes again: ${showPlaces(before, record)}`)
        const previous = last.get(sensor)
        if (previous !== undefined && n < (JSON.parse(previous.value!) as Copy).n)
          assert.fail(`${n} of ${sensor} is out of order: ${showPlaces(previous, record)}`)
        places.set(n, record)
        last.set(sensor, record)
      }
      const missing = Array.from({ length: readings.count }, (_, n) => n).filter(
        n => !isBad(n) && !places.has(n)
      )
      assert.equal(missing.length, 0, showMissing(missing, places))
    }

    /** A broker that goes is no reason to take a record for bad. */
    async function checkNoneRefused(): Promise<void> {
      for (const topic of ['copies-dlq', 'windows-dlq', 'totals-dlq']) {
        const letters = await client().read(topic)
        const shown = letters.slice(0, 3).map(({ headers }) => JSON.stringify(headers))
        assert.equal(letters.length, 0, `${letters.length} in ${topic}: ${shown.join('\n')}`)
      }
    }
  },
  { start: () => KafkaCluster.start() }
)

/** In `copies`. */
interface Copy {
  readonly n: number
  readonly sensor: string
}

function showPlaces(...records: readonly ReadRecord[]): string {
  return records
    .map(({ partition, offset }) => `partition ${partition} offset ${offset}`)
    .join(', ')
}

/** Of each partition how many are missing, and between which offsets. `places`: of those that are there, by their numbers. */
function showMissing(missing: readonly number[], places: ReadonlyMap<number, ReadRecord>): string {
  const bySensor = Map.groupBy(places, ([n]) => sensorOf(n))
  const partitionOf = (n: number): number | undefined =>
    bySensor.get(sensorOf(n))?.[0]?.[1].partition
  const lines = [...Map.groupBy(missing, partitionOf)].map(([partition, numbers]) => {
    const sensors = new Set(numbers.map(sensorOf))
    const kept = [...sensors].flatMap(sensor => bySensor.get(sensor) ?? [])
    const [first, end] = [numbers[0]!, numbers.at(-1)!]
    const before = kept.filter(([n]) => n < first).map(([, { offset }]) => offset)
    const behind = kept.filter(([n]) => n > end).map(([, { offset }]) => offset)
    const offsets = `between offsets ${Math.max(-1, ...before)} and ${Math.min(...behind)}`
    return `${numbers.length} of partition ${partition} (${first} to ${end}) ${offsets}`
  })
  return `${missing.length} are missing:\n${lines.join('\n')}`
}
