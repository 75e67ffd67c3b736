import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bundlePipeline } from '../../compiler/bundle/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { RunningPipeline } from '../support/kafka/executable.ts'

const script = `CREATE SOURCE s FROM KAFKA (topic = 'in', auto_offset_reset = 'earliest') SCHEMA (t TEXT);
CREATE SINK k TO KAFKA (topic = 'out');
INSERT INTO k
  SELECT upper(t) AS u FROM s;
`

describeOnKafka('a bug', ({ client, broker }) => {
  test('stops an executable with 4, says where in the SQL it is, and commits nothing', async () => {
    await client().createTopic('in', 1)
    await client().createTopic('out', 1)
    using folder = openScriptFolder(Buffer.from(script))
    const { typescript, ...emitted } = compileFixture(folder, true).compiled.pipeline
    const source = typescript.replace('.toUpperCase()', '.noSuchMethod()')
    assert.notEqual(source, typescript, 'the bug is planted')
    const { directory } = folder
    const input = { ...emitted, source }
    const { main: path } = await bundlePipeline(input, { directory, format: 'executable' })

    const pipeline = new RunningPipeline({ path, remove: () => {} }, [
      '--brokers',
      broker().brokers
    ])
    await client().write('in', [{ value: '{"t":"x"}' }])

    assert.equal(await pipeline.exit(), 4, pipeline.text())
    const { stack } = await pipeline.logged('internal error')
    assert.match(String(stack), /noSuchMethod is not a function\n.*\(script\.sql:4:10\)\n/)
    assert.doesNotMatch(String(stack), /main\.cjs/)
    assert.deepEqual(await client().read('out'), [])
    assert.equal(await client().committed('miracledb-consumer', 'in'), 0)
  })
})
