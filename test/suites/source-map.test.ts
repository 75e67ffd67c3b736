import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { bundleScript } from '../../compiler/bundle/javascript.ts'
import { BatchBuffer } from '../../runtime/connect/batch-buffer.ts'
import type { Batch, PipelineDefinition } from '../../runtime/contract/index.ts'
import { mapStack } from '../../runtime/native/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { toBytes } from '../support/records.ts'

const script = `-- several lines, so that places differ
CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (id INT, t TEXT);
CREATE MODEL m FROM 'm.onnx';
CREATE SINK k TO KAFKA (topic = 'out');
INSERT INTO k
  SELECT id,
         upper(t) AS u
  FROM s
  WHERE t LIKE 'x%';
INSERT INTO k SELECT id, CAST(predict('m', id) AS TEXT) AS u FROM s;
`
const models = { 'm.onnx': { kind: 'identity', elementType: 1, width: 1 } } as const

// A bug is planted in the generated code, bundled, run; its stack has to lead to the SQL that the code is there for.
const bugs = [
  { title: 'in an expression', planted: ['.toUpperCase()', '.noSuchMethod()'], place: '7:10' },
  { title: 'in WHERE', planted: ['(matchesLike(', '(noSuchFunction('], place: '9:9' },
  { title: 'in the decoder', planted: ['readText(', 'noSuchFunction('], place: '2:15' },
  { title: 'beside a model', planted: ['await askModel(', 'await noSuch('], place: '10:31' },
  { title: 'in a writer', planted: ['kWriter.begin(', 'noSuchFunction('], place: '4:13' }
] as const

for (const { title, planted, place } of bugs) {
  const [code, bug] = planted
  test(`a bug ${title} is reported with its place in the SQL`, async () => {
    using folder = openScriptFolder(Buffer.from(script), models)
    const { typescript, ...emitted } = compileFixture(folder, true).compiled.pipeline
    // The import of the name stays as it is.
    const [head, ...rest] = typescript.split("from '#runtime'")
    const source = [head, rest.join('').replace(code, bug)].join("from '#runtime'")
    assert.notEqual(source, typescript, 'the bug is planted')
    const directory = join(folder.directory, 'dist')
    mkdirSync(directory)
    const input = { ...emitted, models: [], source }
    const { module, map } = await bundleScript(input, false)
    writeFileSync(join(directory, 'pipeline.mjs'), module)

    const error = await runToFailure(join(directory, 'pipeline.mjs'))

    const payload = JSON.parse(Buffer.from(map).toString()) as SourceMapPayload
    const [frame = ''] = mapStack(error.stack!, new SourceMap(payload)).split('\n    at ').slice(1)
    assert.match(frame, new RegExp(`^\\S.*script\\.sql:${place}\\)?$`))
  })
}

/** One record through every task, with writers and models that do nothing. */
async function runToFailure(path: string): Promise<Error> {
  const { pipeline } = (await import(path)) as { readonly pipeline: PipelineDefinition }
  const nothing: object = new Proxy(() => nothing, { get: (_, name) => name !== 'then' && nothing })
  const { tasks } = pipeline.open({
    writer: () => nothing as never,
    model: () => nothing as never,
    table: () => nothing as never,
    keep: () => nothing as never,
    combine: () => nothing as never,
    clock: () => nothing as never,
    schemas: () => nothing as never,
    watermark: () => 0,
    processed: () => 0,
    rows: () => nothing as never,
    now: () => 0,
    elapsed: () => 0,
    look: () => nothing as never
  })
  const batch = new BatchBuffer((_batch: Batch, _record, { code }) => assert.fail(code))
  const value = toBytes('{"id":1,"t":"xyz"}')
  batch.fill([{ key: null, value, partition: 0, offset: 0, timestamp: 0 }], () => [])
  try {
    for (const task of tasks) await task.run(batch)
  } catch (error) {
    return error as Error
  } finally {
    batch.release()
  }
  return assert.fail('nothing failed')
}
