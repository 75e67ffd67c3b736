import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { allowWrites, denyWrites, withAcls } from '../support/kafka/acl.ts'
import type { KafkaBroker } from '../support/kafka/broker.ts'
import type { ReadRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { startProxied } from '../support/kafka/proxied-broker.ts'
import type { Proxy } from '../support/kafka/proxy.ts'
import { until } from '../support/kafka/until.ts'

const OWNERS = 4
const RECORDS = 600
/** One in so many is larger than its topic takes. */
const LARGE = 250
const MOST = 2000

let proxy: Proxy

async function startBroker(): Promise<KafkaBroker> {
  const started = await startProxied(withAcls)
  proxy = started.proxy
  return started.broker
}

const isLarge = (id: number): boolean => id % LARGE === 7
const events = Array.from({ length: RECORDS }, (_, id) => ({
  key: `o${id % OWNERS}`,
  value: JSON.stringify({
    id,
    owner: `o${id % OWNERS}`,
    note: 'x'.repeat(isLarge(id) ? MOST + id : 20)
  })
}))

/** The numbers of each owner, in order. */
function expected(isIn: (id: number) => boolean): Record<string, number[]> {
  const ids = events.map((_, id) => id).filter(isIn)
  return Object.fromEntries(
    Array.from({ length: OWNERS }, (_, owner) => [
      `o${owner}`,
      ids.filter(id => id % OWNERS === owner)
    ])
  )
}

/** What was sent again counts where it came last: a record may be there twice, but none behind a later one. */
function idsByOwner(records: readonly ReadRecord[]): Record<string, number[]> {
  const last = new Map<number, { readonly at: number; readonly owner: string }>()
  records.forEach(({ value }, at) => {
    const { id, owner } = JSON.parse(value!) as { readonly id: number; readonly owner: string }
    last.set(id, { at, owner })
  })
  const found: Record<string, number[]> = {}
  for (let owner = 0; owner < OWNERS; owner++) found[`o${owner}`] = []
  const inOrder = [...last].sort(([, a], [, b]) => a.at - b.at)
  for (const [id, { owner }] of inOrder) found[owner]!.push(id)
  return found
}

describeOnKafka(
  'the order of a sink on a slow network',
  ({ client, broker }) => {
    after(() => proxy.stop())

    async function start(name: string, delivery: string, onError: string) {
      const executable = compileExecutable(
        name,
        `SET delivery = '${delivery}'; SET commit_interval = '200 ms';
CREATE SOURCE events FROM KAFKA (topic = '${name}-in', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, owner TEXT, note TEXT) CONFIG ('max.partition.fetch.bytes' = '20000');
CREATE SINK owned TO KAFKA (topic = '${name}-out', partition_key = 'owner', linger_ms = 1, batch_size = 10, compression = 'none') ON ERROR (${onError})
AS SELECT id, owner, note FROM events;`
      )
      await client().createTopic(`${name}-in`, 2)
      await client().createTopic(`${name}-out`, 2, { 'max.message.bytes': String(MOST) })
      const pipeline = new RunningPipeline(executable, ['--brokers', `127.0.0.1:${proxy.port}`])
      await pipeline.ready()
      proxy.delay(20)
      return {
        pipeline,
        async done(records: number) {
          const committed = async (): Promise<number> =>
            client()
              .committed(name, `${name}-in`)
              .catch(() => 0)
          await pipeline.beside(
            until('all is committed', async () => (await committed()) === records, 60_000)
          )
          proxy.mend()
          assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
          executable.remove()
        }
      }
    }

    for (const delivery of ['at_least_once', 'exactly_once']) {
      const short = delivery.slice(0, 2)

      test(`${delivery}: records that are refused while others are on their way`, async () => {
        const name = `large-${short}`
        const { done } = await start(name, delivery, "action = 'dead_letter'")
        await client().write(`${name}-in`, events)
        await done(RECORDS)
        const arrived = idsByOwner(await client().read(`${name}-out`))
        assert.deepEqual(
          arrived,
          expected(id => !isLarge(id))
        )
        const letters = idsByOwner(await client().read(`${name}-out-dlq`))
        assert.deepEqual(letters, expected(isLarge))
      })

      test(`${delivery}: what is tried again is not overtaken`, async () => {
        const name = `retried-${short}`
        const onError =
          "action = 'retry', max_retries = 1000, retry_backoff_ms = 20, dead_letter_topic = 'retried-dlq'"
        const { done } = await start(name, delivery, onError)
        const small = events.filter((_, id) => !isLarge(id))
        for (let part = 0; part < 3; part++) {
          const third = small.slice((part * small.length) / 3, ((part + 1) * small.length) / 3)
          const writing = client().write(`${name}-in`, third)
          await sleep(150)
          await denyWrites(broker().brokers, `${name}-out`)
          await writing
          await sleep(500)
          await allowWrites(broker().brokers, `${name}-out`)
        }
        await done(small.length)
        const arrived = idsByOwner(await client().read(`${name}-out`))
        assert.deepEqual(
          arrived,
          expected(id => !isLarge(id))
        )
      })
    }
  },
  { start: startBroker }
)
