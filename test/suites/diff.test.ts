import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareStates } from '../../compiler/commands/diff.ts'
import { makeMemoryConnector } from '../../runtime/connect/memory/index.ts'
import { EnvironmentError } from '../../runtime/observe/environment-error.ts'
import { resetState } from '../../runtime/pipeline/reset-state.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import type { FixtureModel } from '../support/fixtures.ts'
import { type LoadedPipeline, loadPipeline } from '../support/load-pipeline.ts'
import { topicsWith } from '../support/memory-records.ts'
import { ElementType } from '../support/onnx.ts'
import { parseRecords } from '../support/records.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'
import { makeVirtualClock } from '../support/virtual-clock.ts'

// What `miraclec diff` says of two scripts is what a pipeline does that meets the state of another one.

const source = `CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (k TEXT, x INT, note TEXT);`
const users = `CREATE TABLE users (id INT, name TEXT, PRIMARY KEY (id)); INSERT INTO users (id, name) VALUES (1, 'Ann'), (2, 'Bob');`
const published = `CREATE SINK out TO KAFKA (topic = 'out') FROM TABLE users;`
const counts = (query: string): string =>
  `${source} CREATE SINK out TO KAFKA (topic = 'out') AS ${query};`
const over = (query: string): string =>
  `CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (k TEXT, x INT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
  CREATE SINK out TO KAFKA (topic = 'out') AS ${query};`
const hopping = (items: string, size: number): string =>
  over(
    `SELECT window_end, k, ${items} FROM HOP(TABLE e, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '${size}' SECOND) GROUP BY window_end, k`
  )
const groups = counts('SELECT k, COUNT(*) AS n FROM e WHERE x > 1 GROUP BY k')

const scoring = (items: string, settings = ''): string => `CREATE MODEL m FROM 'm.onnx'${settings};
  CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (k TEXT, x DOUBLE);
  CREATE SINK out TO KAFKA (topic = 'out') AS SELECT k, ${items} FROM e GROUP BY k EMIT CHANGES;`

interface Case {
  readonly title: string
  readonly before: string
  readonly after: string
  readonly says: readonly string[]
}

const cases: readonly Case[] = [
  {
    title: 'other names, nested queries and unread columns make no difference',
    before: groups,
    after: `CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (note TEXT, more INT, x INT, k TEXT);
      CREATE SINK out TO KAFKA (topic = 'out') AS
      SELECT key, n * 2 AS n FROM (SELECT q.k AS key, COUNT(*) AS n FROM (SELECT * FROM e) AS q WHERE q.x > 1 GROUP BY q.k) AS g;`,
    says: ['keep out-groups']
  },
  {
    title: 'another condition makes other rows',
    before: groups,
    after: counts('SELECT k, COUNT(*) AS n FROM e WHERE x > 2 GROUP BY k'),
    says: ['rebuild out-groups - where x > 1 + where x > 2']
  },
  {
    title: 'another aggregate is another layout',
    before: groups,
    after: counts('SELECT k, COUNT(*) AS n, MAX(x) AS most FROM e WHERE x > 1 GROUP BY k'),
    says: ['rebuild out-groups - group by k: count() + group by k: count(), max(x)']
  },
  {
    title: 'windows in slices are kept under other names',
    before: hopping('COUNT(*) AS n', 60),
    after: hopping('COUNT(*) AS many', 60),
    says: ['keep out-groups']
  },
  {
    title: 'longer windows are others, though their slices are the same',
    before: hopping('COUNT(*) AS n', 60),
    after: hopping('COUNT(*) AS n', 120),
    says: [
      "rebuild out-groups - INNER elements of hop_ends('PT10S', 'PT60S', ts) + INNER elements of hop_ends('PT10S', 'PT120S', ts)"
    ]
  },
  {
    title: 'what does not merge takes windows out of slices',
    before: hopping('COUNT(*) AS n', 60),
    after: hopping('COUNT(DISTINCT x) AS n', 60),
    says: [
      'rebuild out-groups - source e (k TEXT, ts TIMESTAMP) - group by window_end, k: count() + source e (k TEXT, ts TIMESTAMP, x INT) + group by window_end, k: count(DISTINCT x)'
    ]
  },
  {
    title: 'a table gets a column that may be NULL, in another order',
    before: users + published,
    after: `CREATE TABLE users (city TEXT, name TEXT, id INT, PRIMARY KEY (id)); INSERT INTO users (id, name) VALUES (1, 'Ann'), (2, 'Bob');${published}`,
    says: ['migrate users']
  },
  {
    title: 'a column of another type can be read by nobody',
    before: users + published,
    after: `CREATE TABLE users (id INT, name INT, PRIMARY KEY (id)); ${published}`,
    says: ['rebuild users']
  },
  {
    title: 'window functions by other names of what they are over',
    before: over(
      'SELECT k, SUM(x) OVER (PARTITION BY k ORDER BY ts) AS total, LAG(x) OVER (PARTITION BY k ORDER BY ts) AS before FROM e'
    ),
    after: over(
      'SELECT who AS k, SUM(n) OVER (PARTITION BY who ORDER BY at) AS total, LAG(n) OVER (PARTITION BY who ORDER BY at) AS was FROM (SELECT k AS who, x AS n, ts AS at FROM e)'
    ),
    says: ['keep out-over']
  },
  {
    title: 'another frame keeps other rows',
    before: over('SELECT k, SUM(x) OVER (ORDER BY ts ROWS 5 PRECEDING) AS total FROM e'),
    after: over('SELECT k, SUM(x) OVER (ORDER BY ts ROWS 6 PRECEDING) AS total FROM e'),
    says: [
      'rebuild out-over - rows by ts, sum(x) ROWS BETWEEN 5 PRECEDING AND CURRENT ROW + rows by ts, sum(x) ROWS BETWEEN 6 PRECEDING AND CURRENT ROW'
    ]
  },
  {
    title: 'what is new begins empty, what is gone is not read',
    before: users + published,
    after: groups,
    says: ['new out-groups', 'unused users']
  }
]

for (const { title, before, after, says } of cases) {
  test(title, () => {
    const changes = compareStates(compile(before), compile(after))
    const said = changes.map(({ state, verdict, gone, come }) =>
      [
        verdict,
        state,
        ...gone.map(line => `- ${line.trim()}`),
        ...come.map(line => `+ ${line.trim()}`)
      ].join(' ')
    )
    assert.deepEqual(said, says)
  })
}

test('a model with other weights keeps the state, which says so', () => {
  const total = scoring("SUM(CAST(predict('m', x) AS DECIMAL(9, 6))) AS score")
  const verdict = (before: string, after: string, bias: number) => {
    const [change] = compareStates(compile(before, logistic(0)), compile(after, logistic(bias)))
    return [change!.verdict, change!.reason]
  }
  assert.deepEqual(verdict(total, total, 0), ['keep', 'it holds the same rows'])
  const reason =
    'it holds the same rows; the file of model "m" is another: what was answered so far stays in them'
  assert.deepEqual(verdict(total, total, 1), ['keep', reason])
  // Whose answers are in no state.
  const beside = scoring(
    'COUNT(*) AS n',
    "; CREATE SINK scores TO KAFKA (topic = 'scores') AS SELECT predict('m', x) AS score FROM e"
  )
  assert.deepEqual(verdict(beside, beside, 1), ['keep', 'it holds the same rows'])
})

test('another number of the answer of a model makes other rows', () => {
  const pick = (index: number) =>
    compile(scoring("MAX(predict('m', x, x)) AS most", ` WITH (index = ${index})`), {
      'm.onnx': { kind: 'identity', elementType: ElementType.float, width: 2 }
    })
  assert.deepEqual(
    compareStates(pick(0), pick(1)).map(({ verdict }) => verdict),
    ['rebuild']
  )
})

const logistic = (bias: number): Models => ({ 'm.onnx': { kind: 'logistic', weights: [1], bias } })

type Models = Readonly<Record<string, FixtureModel>>

function compile(script: string, models: Models = {}) {
  using folder = openScriptFolder(new TextEncoder().encode(script), models)
  return compileFixture(folder, true).compiled.pipeline
}

let loaded = 0
async function load(script: string): Promise<LoadedPipeline> {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const { compiled } = compileFixture(folder, true)
  return loadPipeline(compiled, `${import.meta.dirname}/../fixtures/_actual/diff-${loaded++}.ts`)
}

const event = (k: string, x: number) =>
  parseRecords(JSON.stringify({ value: JSON.stringify({ k, x }) }))[0]!

async function runs(
  scripts: readonly (readonly [script: string, state?: 'accept' | 'rebuild'])[]
): Promise<string[]> {
  const topics = topicsWith(new Map([['e', [event('a', 2), event('a', 3)]]]))
  for (const [script, state] of scripts) {
    const limits = state === undefined ? {} : { state }
    assert.equal(await runPipelineInMemory(await load(script), topics, limits), null)
    topics.append('e', event('a', 4))
  }
  return topics.read('out').map(({ value }) => Buffer.from(value!).toString())
}

const others = counts('SELECT k, COUNT(*) AS n FROM e WHERE x > 2 GROUP BY k')

test('a pipeline that keeps something else refuses the state, until it is told', async () => {
  await assert.rejects(runs([[groups], [others]]), (error: Error) => {
    assert.ok(error instanceof EnvironmentError)
    assert.match(
      error.message,
      /"out-groups" was kept by another script: what its rows are made of has changed.*--rebuild-state.*--accept-state/s
    )
    return true
  })
  assert.deepEqual(await runs([[groups], [others, 'accept']]), [
    '{"k":"a","n":2}',
    '{"k":"a","n":3}'
  ])
  assert.deepEqual(await runs([[groups], [others, 'rebuild']]), [
    '{"k":"a","n":2}',
    '{"k":"a","n":2}'
  ])
})

test('another layout can only be rebuilt', async () => {
  const more = counts('SELECT k, COUNT(*) AS n, MAX(x) AS most FROM e WHERE x > 1 GROUP BY k')
  await assert.rejects(
    runs([[groups], [more, 'accept']]),
    /it holds TEXT; rows; count\(\), and would hold/
  )
  assert.deepEqual(await runs([[groups], [more, 'rebuild']]), [
    '{"k":"a","n":2}',
    '{"k":"a","n":3,"most":4}'
  ])
})

test('rows of a table get the columns that it has now, also in the changelog', async () => {
  const first = users + published
  const insert = `INSERT INTO users (id, name) VALUES (1, 'Ann'), (2, 'Bob')`
  const wider = `CREATE TABLE users (city TEXT, name TEXT, id INT, PRIMARY KEY (id)); ${insert};`
  const update = (name: string): string => `UPDATE users SET name = '${name}' WHERE id = 2;`
  const one = wider + update('Bea') + published
  const two = wider + update('Bea') + update('Bo') + published
  assert.deepEqual((await runs([[first], [one], [two]])).slice(2), [
    '{"city":null,"name":"Bea","id":2}',
    '{"city":null,"name":"Bo","id":2}'
  ])
})

test('statements that have run stay the first ones', async () => {
  const other = `CREATE TABLE users (id INT, name TEXT, PRIMARY KEY (id)); INSERT INTO users VALUES (3, 'Cid');`
  await assert.rejects(
    runs([[users + published], [other + published]]),
    /statement 1 of the script has run already and is another now/
  )
})

test('a rebuild that was broken off has to be made again', async () => {
  const topics = topicsWith(new Map([['e', [event('a', 2)]]]))
  const pipeline = await load(groups)
  const run = (limits = {}) => runPipelineInMemory(pipeline, topics, limits)
  await run()
  const connector = makeMemoryConnector(topics, makeVirtualClock())
  const broken = { ...connector, resetState: () => Promise.reject(new Error('killed')) }
  await assert.rejects(resetState(pipeline.definition, broken), /killed/)
  await assert.rejects(run(), /--rebuild-state was broken off/)
  assert.equal(await run({ state: 'rebuild' }), null)
  assert.equal(await run(), null)
  assert.deepEqual(
    topics.read('out').map(({ value }) => Buffer.from(value!).toString()),
    ['{"k":"a","n":1}', '{"k":"a","n":1}']
  )
})
