import { describe, test } from 'node:test'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { assertSameTopics } from '../support/compare-records.ts'
import { readFixture } from '../support/fixtures.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { runOnKafka } from '../support/kafka/fixture-on-kafka.ts'

// What every case does in memory, a few do as people run them: compiled by the command, on a real broker.
const cases = [
  'fan-out-many',
  'fraud',
  'hostile-declarations',
  'on-error-by-source',
  'partition-key-types',
  'predict-batches',
  'trace-context',
  'type-bigint',
  'union-of-failing-branches'
]

/** Headers go other ways where librdkafka has the records, and through a transaction. */
const waysOfHeaders = {
  'by librdkafka': {
    setting: '',
    environment: { MIRACLEC_FETCH: 'librdkafka', MIRACLEC_PRODUCE: 'librdkafka' }
  },
  'in transactions': { setting: "SET delivery = 'exactly_once'; ", environment: {} },
  'not at all': { setting: '', environment: { OTEL_PROPAGATORS: 'b3, none' } }
}

describeOnKafka('behaviour fixtures', ({ client, broker }) => {
  describe('each over topics of its own', { concurrency: 3 }, () => {
    for (const name of cases) {
      test(name, async () => {
        const fixture = readFixture('run', name)
        const { ordered = false, tolerance = 0 } = fixture.options
        using folder = openScriptFolder(fixture.script, fixture.options.models)
        const { graph } = compileFixture(folder, true).compiled
        const written = await runOnKafka(fixture, client(), broker().brokers)
        assertSameTopics(written, fixture.outputs, graph, { ordered, tolerance }, name)
      })
    }
    for (const [way, { setting, environment }] of Object.entries(waysOfHeaders)) {
      test(`trace-context, ${way}`, async () => {
        const fixture = readFixture('run', 'trace-context')
        const script = Buffer.concat([Buffer.from(setting), fixture.script])
        using folder = openScriptFolder(script, fixture.options.models)
        const { graph } = compileFixture(folder, true).compiled
        const own = { ...fixture, script, name: `trace-context-${way.replaceAll(' ', '-')}` }
        const written = await runOnKafka(own, client(), broker().brokers, environment)
        const expected = way === 'not at all' ? withoutHeaders(fixture.outputs) : fixture.outputs
        assertSameTopics(written, expected, graph, { ordered: false, tolerance: 1e-6 }, way)
      })
    }
  })
})

function withoutHeaders(topics: ReturnType<typeof readFixture>['outputs']): typeof topics {
  return new Map(
    [...topics].map(([topic, records]) => [topic, records.map(one => ({ ...one, headers: [] }))])
  )
}
