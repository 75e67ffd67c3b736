import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { planNodes } from '../../runtime/observe/operators.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline, lookingPipeline } from '../support/load-pipeline.ts'
import { topicsWith } from '../support/memory-records.ts'
import type { FixtureRecord } from '../support/records.ts'
import { runPipelineInMemory, takeAllRows } from '../support/run-pipeline.ts'

const script = `CREATE SOURCE orders FROM KAFKA (topic = 'orders', group_id = 'looked', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT NOT NULL, who TEXT, amount DECIMAL(20, 2), tags TEXT[], at TIMESTAMP, spare TEXT);
CREATE SOURCE people FROM KAFKA (topic = 'people', group_id = 'looked', auto_offset_reset = 'earliest', format = 'upsert')
  SCHEMA (who TEXT, city TEXT, PRIMARY KEY (who));
CREATE SINK large TO KAFKA (topic = 'large');
CREATE SINK words TO KAFKA (topic = 'words');
CREATE SINK totals TO KAFKA (topic = 'totals');
INSERT INTO large
SELECT o.id, upper(p.city) AS city, o.amount FROM orders AS o JOIN people AS p ON o.who = p.who WHERE o.amount > 5;
INSERT INTO words SELECT id, t.tag FROM orders CROSS JOIN UNNEST(tags) AS t(tag) WHERE t.tag <> 'x';
CREATE TABLE totals_by (who TEXT PRIMARY KEY, n BIGINT);
INSERT INTO totals_by SELECT who, COUNT(*) AS n FROM orders GROUP BY who;
INSERT INTO totals SELECT who, n + 100 AS n FROM totals_by WHERE n > 1;`

const big = '9007199254740993'
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const record = (value: string, key: string | null = null): FixtureRecord => ({
  ...{ key: key === null ? null : bytes(key), value: bytes(value), timestamp: 0, partition: 0 },
  ...{ error: null, op: null }
})

const inputs = new Map([
  ['people', [record('{"who":"a","city":"Rome"}', 'a')]],
  [
    'orders',
    [
      record(
        `{"id":${big},"who":"a","amount":"7.50","tags":["x","é\\"<b>"],"at":"2026-01-02T03:04:05Z","spare":"s"}`
      ),
      record('{"id":2,"who":"a","amount":"1.00","tags":null,"at":null}')
    ]
  ]
])

test('rows on their way are those that leave each operator, with the columns that somebody reads', async () => {
  using folder = openScriptFolder(Buffer.from(script))
  const { compiled } = compileFixture(folder, true, true)
  const file = join(import.meta.dirname, '_actual/looked-at.ts')
  const looking = lookingPipeline(await loadPipeline(compiled, file))
  const samples = takeAllRows()
  assert.equal(
    await runPipelineInMemory(looking, topicsWith(inputs), { samples, pollSize: 1 }),
    null
  )
  const all = samples.all()
  const shown = planNodes(looking.definition).flatMap(({ kind, title, key }) => {
    if (key === null) return []
    const rows = (all[`operator ${key}`] ?? []).map(({ value }) => value).toReversed()
    return [[kind, title, ...rows]]
  })
  assert.deepEqual(shown, [
    ['Table', 'people', '{"who":"a","city":"Rome"}'],
    [
      ...['Lookup', 'JOIN people ON who = people.who'],
      `{"id":${big},"who":"a","amount":7.50,"tags":["x","é\\"<b>"],"who":"a","city":"Rome"}`,
      '{"id":2,"who":"a","amount":1.00,"tags":null,"who":"a","city":"Rome"}'
    ],
    [
      ...['Filter', 'CAST(amount AS DECIMAL) > 5'],
      `{"id":${big},"who":"a","amount":7.50,"tags":["x","é\\"<b>"],"who":"a","city":"Rome"}`
    ],
    ['Project', 'id, city, amount', `{"id":${big},"city":"ROME","amount":7.50}`],
    // One of those of a batch.
    ['Unnest', 'tags as tag', `{"id":${big},"tag":"x"}`],
    ['Filter', "tag <> 'x'", `{"id":${big},"tag":"é\\"<b>"}`],
    ['Project', 'id, tag', `{"id":${big},"tag":"é\\"<b>"}`],
    ['Aggregate', 'who', '{"who":"a","count":2}'],
    ['Project', 'who, n', '{"who":"a","n":2}'],
    ['Table', 'totals_by', '{"who":"a","n":2}'],
    ['Filter', 'n > 1', '{"who":"a","n":2}'],
    ['Project', 'who, n', '{"who":"a","n":102}']
  ])
})

test('who looks at nothing runs the code that there would be without', () => {
  using folder = openScriptFolder(Buffer.from(script))
  const codeOf = (looks: boolean): string => {
    const { typescript } = compileFixture(folder, true, looks).compiled.pipeline
    return typescript.slice(typescript.indexOf("from '#runtime'"))
  }
  const plain = codeOf(false)
  const end = plain.indexOf('\n  plan: {')
  assert.ok(codeOf(true).startsWith(`${plain.slice(0, end)}\n  // The same,`))
  assert.doesNotMatch(plain, /look\.(due|take)/)
})
