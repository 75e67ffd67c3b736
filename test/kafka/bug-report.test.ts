import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileWithBug, RunningPipeline } from '../support/kafka/executable.ts'

const script = `CREATE SOURCE s FROM KAFKA (topic = 'in', auto_offset_reset = 'earliest') SCHEMA (t TEXT);
CREATE SINK k TO KAFKA (topic = 'out');
INSERT INTO k
  SELECT upper(t) AS u FROM s;
`

describeOnKafka('a bug', ({ client, broker }) => {
  test('stops an executable with 4, says where in the SQL it is, and commits nothing', async () => {
    await client().createTopic('in', 1)
    await client().createTopic('out', 1)
    const buggy = await compileWithBug('script', script)
    after(() => buggy.remove())
    const pipeline = new RunningPipeline(buggy, ['--brokers', broker().brokers])
    await client().write('in', [{ value: '{"t":"x"}' }])

    assert.equal(await pipeline.exit(), 4, pipeline.text())
    const { stack } = await pipeline.logged('internal error')
    assert.match(String(stack), /noSuchMethod is not a function\n.*\(script\.sql:4:10\)\n/)
    assert.doesNotMatch(String(stack), /main\.cjs/)
    assert.deepEqual(await client().read('out'), [])
    assert.equal(await client().committed('miracledb-consumer', 'in'), 0)
  })
})
