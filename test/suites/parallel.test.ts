import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileScript } from '../../compiler/compile.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { hasErrors } from '../../compiler/session.ts'
import { version } from '../../compiler/version.ts'
import { assertSameTopics } from '../support/compare-records.ts'
import { openScriptFolder } from '../support/compile-fixture.ts'
import { type Fixture, fixtureNames, readFixture } from '../support/fixtures.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { foldChanges } from '../support/fold-changes.ts'
import { loadTopology } from '../support/load-pipeline.ts'
import { topicsWith, writtenRecords } from '../support/memory-records.ts'
import type { RunLimits } from '../support/run-pipeline.ts'
import { runTopologyInMemory } from '../support/run-topology.ts'

const TASKS = 3

// Every case of test/fixtures/run that keeps state, in three tasks: all have to leave the same records as in one.
for (const name of fixtureNames('run')) {
  const fixture = readFixture('run', name)
  test(name, { skip: fixture.options.skip ?? fixture.options.fails ?? false }, async t => {
    const { directory, options, inputs, outputs } = fixture
    using folder = openScriptFolder(inTasks(fixture), options.models, 'script.sql', options)
    const session = folder.session(true)
    const compiled = compileScript(session)
    assert.ok(compiled !== null, renderDiagnostics(session.diagnostics, 'text', version))
    assert.ok(!hasErrors(session))
    if (!compiled.pipeline.typescript.includes('PipelineTopology')) return t.skip('has no state')
    const { definition, models } = await loadTopology(compiled, `${directory}/_actual/parallel.ts`)
    const { graph } = compiled
    const fold = (topics: Fixture['outputs']) => foldChanges(topics, graph)
    for (const [way, runs] of waysToRun(fixture)) {
      const topics = topicsWith(inputs)
      for (const limits of runs) {
        const { schemas } = options
        await runTopologyInMemory(definition, models, topics, {
          ...limits,
          ...(schemas && { schemas })
        })
      }
      const written = fold(writtenRecords(topics, inputs))
      const comparison = { ordered: false, tolerance: options.tolerance ?? 0 }
      assertSameTopics(written, fold(outputs), graph, comparison, way)
    }
  })
}

function inTasks({ script }: Fixture): Uint8Array {
  return Buffer.concat([Buffer.from(`SET parallelism = ${TASKS}; `), script])
}

function waysToRun({ inputs }: Fixture): (readonly [way: string, runs: readonly RunLimits[]])[] {
  const half = [...inputs.values()].reduce((sum, records) => sum + records.length, 0) >> 1
  return [
    ['in tasks', [{}]],
    ['three records per poll', [{ pollSize: 3 }]],
    ['stopped half-way and resumed', [{ pollSize: 1, stopAfter: half }, {}]],
    ['commits fail', [{ pollSize: 3, commits: 'failing' }]],
    ['killed', [{ pollSize: 2, kills: makeRandom(1) }]]
  ]
}

test('the plan says what is split, what is copied, and whose clock counts', () => {
  const script = `SET parallelism = ${TASKS};
CREATE SOURCE users FROM KAFKA (topic = 'users', format = 'upsert') SCHEMA (id INT, team INT, PRIMARY KEY (id));
CREATE SOURCE events FROM KAFKA (topic = 'events') SCHEMA (who INT, at AS PROCTIME());
CREATE SINK teams TO KAFKA (topic = 'teams') AS
SELECT u.team, time_bucket('1 minute', e.at) AS minute, COUNT(*) AS n FROM events e JOIN users u ON u.id = e.who GROUP BY u.team, minute;
CREATE SINK whole TO KAFKA (topic = 'whole') AS SELECT COUNT(*) AS n FROM events;`
  using folder = openScriptFolder(Buffer.from(script), {}, 'script.sql')
  const { plan, states } = compileScript(folder.session(true))!.pipeline
  for (const said of [
    'copied: whoever looks up in it has all rows, read anew at each start',
    'in 3 tasks, each with the state of its keys',
    'time: the lowest of the clocks of all who send rows to them',
    'in 1 task: its rows have no key to part them by'
  ])
    assert.equal(plan.split(said).length, 2, said)
  const names = states.map(({ name }) => name)
  assert.deepEqual(names, ['teams-groups', 'whole-groups'], 'a copy is no state')
})

const events = `CREATE SOURCE events FROM KAFKA (topic = 'events') SCHEMA (id INT, who INT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
`
const looked = `CREATE SINK named TO KAFKA (topic = 'named') AS SELECT e.id, u.name FROM events e JOIN users u ON u.id = e.who;
`
const usersOf = (options: string, columns: string): string =>
  `CREATE SOURCE users FROM KAFKA (topic = 'users', format = 'upsert'${options}) SCHEMA (id INT, name TEXT, ${columns} PRIMARY KEY (id));
`
const table = 'CREATE TABLE users (id INT, name TEXT, PRIMARY KEY (id));\n'

const versions = usersOf('', 'at TIMESTAMP,').replace('(id));', '(id), WATERMARK FOR at AS at);')
const asOf = 'JOIN users FOR SYSTEM_TIME AS OF e.ts AS u ON u.id = e.who'

/** What is not split, by why. */
const undivided: Readonly<Record<string, string>> = {
  'what changes in it is told': `${usersOf('', '')}${looked}
    CREATE SINK names TO KAFKA (topic = 'names') FROM TABLE users;`,
  'a query fills it': `${table}INSERT INTO users SELECT who, 'x' FROM events;${looked}`,
  'others would read it from the beginning of its topic, and its source says latest': `${usersOf(", auto_offset_reset = 'latest'", '')}${looked}`,
  "others would have it in memory, which SET state = 'lmdb' forbids": `SET state = 'lmdb';${usersOf('', '')}${looked}`,
  'by the clock of another start its rows may be others': `${usersOf('', 'seen AS PROCTIME(),')}${looked.replace('u.name', 'u.seen')}`,
  'a statement that fills it may be something else at another start': `${table}INSERT INTO users VALUES (1, CAST(now() AS TEXT));${looked}`,
  'a statement that changes "users" asks it': `${table}CREATE TABLE others (id INT, PRIMARY KEY (id));
    INSERT INTO others VALUES (1); INSERT INTO users VALUES (1, (SELECT CAST(MAX(id) AS TEXT) FROM others));${looked}
    CREATE SINK found TO KAFKA (topic = 'found') AS SELECT e.id FROM events e JOIN others o ON o.id = e.who;`,
  'it meets the versions of the rows of table "users"': `${versions}
    CREATE SINK named TO KAFKA (topic = 'named') AS SELECT e.id, u.name FROM events e ${asOf};`,
  'it goes by the time of what is not split': `${versions}
    CREATE SINK minutes TO KAFKA (topic = 'minutes') AS SELECT time_bucket('1 minute', e.ts) AS w, COUNT(*) AS n FROM events e ${asOf} GROUP BY w;`
}

test('tables that nothing comes into or goes out of are one process', () => {
  const script = `SET parallelism = ${TASKS}; CREATE TABLE a (id INT, PRIMARY KEY (id)); INSERT INTO a VALUES ((SELECT COUNT(*) FROM a));`
  using folder = openScriptFolder(Buffer.from(script), {}, 'script.sql')
  const { typescript } = compileScript(folder.session(true))!.pipeline
  assert.ok(!typescript.includes('PipelineTopology'))
})

for (const [why, script] of Object.entries(undivided)) {
  test(`not split: ${why}`, () => {
    const whole = Buffer.from(`SET parallelism = ${TASKS};\n${events}${script}`)
    using folder = openScriptFolder(whole, {}, 'script.sql')
    const session = folder.session(true)
    const compiled = compileScript(session)
    assert.ok(compiled !== null, renderDiagnostics(session.diagnostics, 'text', version))
    assert.ok(
      compiled.pipeline.plan.includes(`not split, in one task: ${why}`),
      compiled.pipeline.plan
    )
  })
}
