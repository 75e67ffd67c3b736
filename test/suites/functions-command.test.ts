import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { windowTables } from '../../compiler/functions/index.ts'
import { makeCommandFolder } from '../support/command-folder.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'

const folder = makeCommandFolder()
after(() => folder.remove())

const windows = [
  [
    'tumble',
    /^TUMBLE \(TABLE t, DESCRIPTOR\(ts\), SIZE \[, OFFSET\]\) in FROM\n {4}\S.*\n {4}SELECT /
  ],
  ['Hop', /^HOP \(TABLE t, DESCRIPTOR\(ts\), SLIDE, SIZE \[, OFFSET\]\) in FROM\n/],
  ['CUMULATE', /^CUMULATE \(TABLE t, DESCRIPTOR\(ts\), STEP, SIZE \[, OFFSET\]\) in FROM\n/],
  ['session', /^SESSION \(TABLE t \[PARTITION BY k, ...\], DESCRIPTOR\(ts\), GAP\) in FROM\n/],
  ['time_bucket', /^time_bucket \(INTERVAL, TIMESTAMP\) -> TIMESTAMP/]
] as const

for (const [word, listed] of windows) {
  test(`miraclec functions ${word}`, () => {
    const { status, stdout, stderr } = folder.miraclec(['functions', word], 60_000)
    assert.equal(status, 0, stderr)
    assert.match(stdout, listed)
  })
}

for (const { name, example } of Object.values(windowTables)) {
  test(`the example of ${name} compiles`, () => {
    const script = `CREATE SOURCE t FROM KAFKA (topic = 't') SCHEMA (k TEXT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
CREATE SINK out TO KAFKA (topic = 'out') AS ${example};`
    using sources = openScriptFolder(Buffer.from(script))
    compileFixture(sources, true)
  })
}
