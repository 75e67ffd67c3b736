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

// Every case of test/fixtures/run that keeps state and can be split, in three tasks: all have to leave the same records as in one.
for (const name of fixtureNames('run')) {
  const fixture = readFixture('run', name)
  test(name, { skip: fixture.options.skip ?? fixture.options.fails ?? false }, async t => {
    const { directory, options, inputs, outputs } = fixture
    using folder = openScriptFolder(inTasks(fixture), options.models, 'script.sql', options)
    const session = folder.session(true)
    const compiled = compileScript(session)
    const codes = new Set(session.diagnostics.map(({ code }) => code))
    if (compiled === null && codes.has('parallelism-needs-keys')) return t.skip('is not split')
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
    'not split: whoever looks up in it has all rows, read anew at each start',
    'in 3 tasks, each with the state of its keys',
    'time: the lowest of the clocks of all who send rows to them',
    'in 1 task: its rows have no key to part them by'
  ])
    assert.equal(plan.split(said).length, 2, said)
  const names = states.map(({ name }) => name)
  assert.deepEqual(names, ['teams-groups', 'whole-groups'], 'a copy is no state')
})
