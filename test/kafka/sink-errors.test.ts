import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allowWrites, denyWrites, withAcls } from '../support/kafka/acl.ts'
import type { TestRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'

describeOnKafka(
  'errors of sinks',
  ({ client, broker }) => {
    /**
     * Reads `<name>-in`, and writes to `<name>-shut`, as `onError` says, and to `<name>-open`. `shut`: what the first one is set to;
     * null: nobody may write to it.
     */
    async function start(
      name: string,
      delivery: string,
      onError: string,
      shut: Readonly<Record<string, string>> | null = null,
      written: readonly TestRecord[] = events
    ) {
      const executable = compileExecutable(
        name,
        `SET delivery = '${delivery}'; SET commit_interval = '100 ms';
CREATE SOURCE events FROM KAFKA (topic = '${name}-in', group_id = '${name}', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, owner TEXT);
CREATE SINK shut TO KAFKA (topic = '${name}-shut', partition_key = 'owner', linger_ms = 5) ON ERROR (${onError});
CREATE SINK open TO KAFKA (topic = '${name}-open', partition_key = 'owner', linger_ms = 5);
INSERT INTO shut SELECT id, owner FROM events;
INSERT INTO open SELECT id, owner FROM events;`
      )
      for (const topic of ['in', 'open']) await client().createTopic(`${name}-${topic}`, 2)
      await client().createTopic(`${name}-shut`, 2, shut ?? {})
      if (shut === null) await denyWrites(broker().brokers, `${name}-shut`)
      await client().write(`${name}-in`, written)
      const pipeline = new RunningPipeline(executable, ['--brokers', broker().brokers])
      return {
        pipeline,
        done: () =>
          until(
            'all is committed',
            async () => (await client().committed(name, `${name}-in`)) === written.length
          ).catch((error: unknown) => {
            throw new Error(`${String(error)}\n${pipeline.text()}`)
          }),
        read: async (topic: string) => client().read(`${name}-${topic}`),
        remove: () => executable.remove()
      }
    }

    for (const delivery of ['at_least_once', 'exactly_once']) {
      const short = delivery.slice(0, 2)

      test(`${delivery}: records for a topic that may not be written are dead letters, others arrive`, async () => {
        const { pipeline, done, read, remove } = await start(
          `denied-${short}`,
          delivery,
          "action = 'dead_letter'"
        )
        await done()
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
        assert.deepEqual(idsByOwner(await read('open')), expected)
        const letters = await read('shut-dlq')
        assert.deepEqual(idsByOwner(letters), expected)
        const { headers } = letters[0]!
        assert.equal(headers['miracledb.error.code'], 'not-authorized')
        assert.equal(headers['miracledb.error.sink'], 'shut')
        assert.equal(headers['miracledb.error.topic'], `denied-${short}-shut`)
        assert.equal(headers['miracledb.error.attempt'], '1')
        remove()
      })

      test(`${delivery}: retry sends them when they may be written, in order`, async () => {
        const { pipeline, done, read, remove } = await start(
          `retried-${short}`,
          delivery,
          "action = 'retry', max_retries = 1000, retry_backoff_ms = 50, dead_letter_topic = 'none-dlq'"
        )
        await until('it fails', () => /again|commit failed/.test(pipeline.text()))
        assert.equal((await read('shut')).length, 0)
        await allowWrites(broker().brokers, `retried-${short}-shut`)
        await done()
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
        assert.deepEqual(idsByOwner(await read('shut')), expected)
        assert.deepEqual(idsByOwner(await read('open')), expected)
        remove()
      })

      test(`${delivery}: retry gives up after max_retries`, async () => {
        const { pipeline, done, read, remove } = await start(
          `tried-${short}`,
          delivery,
          `action = 'retry', max_retries = 2, retry_backoff_ms = 20, dead_letter_topic = 'tried-${short}-dlq'`
        )
        await done()
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
        assert.deepEqual(idsByOwner(await read('open')), expected)
        // A transaction that could not begin is sent again from memory, and counts as a try.
        if (delivery === 'exactly_once') assert.doesNotMatch(pipeline.text(), /last commit/)
        const letters = await read('dlq')
        assert.deepEqual(idsByOwner(letters), expected)
        assert.equal(letters[0]!.headers['miracledb.error.attempt'], '3')
        remove()
      })
    }

    for (const delivery of ['at_least_once', 'exactly_once']) {
      const short = delivery.slice(0, 2)

      test(`${delivery}: records that a topic does not take for what they are become dead letters, alone`, async () => {
        // A compacted topic takes none without a key.
        const { pipeline, done, read, remove } = await start(
          `keyless-${short}`,
          delivery,
          "action = 'dead_letter'",
          { 'cleanup.policy': 'compact' },
          keyless
        )
        await done()
        assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
        const owned = keyless.filter(({ key }) => key !== null)
        assert.deepEqual(idsByOwner(await read('shut')), idsByOwner(owned))
        assert.deepEqual(idsByOwner(await read('open')), idsByOwner(keyless))
        const letters = await read('shut-dlq')
        assert.deepEqual(idsByOwner(letters), idsByOwner(keyless.filter(({ key }) => key === null)))
        for (const { headers } of letters) {
          assert.equal(headers['miracledb.error.code'], 'invalid-record')
          assert.equal(headers['miracledb.error.topic'], `keyless-${short}-shut`)
        }
        remove()
      })
    }

    test('retry without a dead-letter topic stops when it gives up', async () => {
      const { pipeline, remove } = await start(
        'strict',
        'at_least_once',
        "action = 'retry', max_retries = 1, retry_backoff_ms = 20"
      )
      await pipeline.logged('stopped by a record')
      assert.equal(await pipeline.exit(), 1)
      assert.equal(await client().committed('strict', 'strict-in'), 0)
      remove()
    })
  },
  withAcls
)

const OWNERS = 4
const events = Array.from({ length: 200 }, (_, id) => ({
  key: `o${id % OWNERS}`,
  value: JSON.stringify({ id, owner: `o${id % OWNERS}` })
}))

/** Each tenth has nobody's name. */
const keyless = events.map(({ key }, id) => {
  const owner = id % 10 === 0 ? null : key
  return { key: owner, value: JSON.stringify({ id, owner }), partition: 0 }
})

const expected = Object.fromEntries(
  Array.from({ length: OWNERS }, (_, owner) => [
    `o${owner}`,
    Array.from({ length: events.length / OWNERS }, (_, i) => i * OWNERS + owner)
  ])
)

/** What was sent again counts where it came last: at least once a record may be there twice, but none behind a later one. */
function idsByOwner(records: readonly { readonly value: string | null }[]) {
  const found: Record<string, number[]> = {}
  for (const { value } of records) {
    const row = JSON.parse(value!) as { readonly id: number; readonly owner: string | null }
    const { id, owner } = row
    const ids = (found[owner ?? 'nobody'] ??= [])
    const before = ids.indexOf(id)
    if (before >= 0) ids.splice(before, 1)
    ids.push(id)
  }
  // Without a key they may be in any partition, and so have no order.
  found['nobody']?.sort((a, b) => a - b)
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
}
