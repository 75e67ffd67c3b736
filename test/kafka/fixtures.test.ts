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
  'type-bigint',
  'union-of-failing-branches'
]

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
  })
})
