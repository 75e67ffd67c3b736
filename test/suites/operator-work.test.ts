import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { doing } from '../../runtime/observe/doing.ts'
import { type PlanNode, planNodes } from '../../runtime/observe/operators.ts'
import { WorkSampler } from '../../runtime/observe/work-sampler.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { fixtureNames, readFixture } from '../support/fixtures.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

/** Operators that do something for each row that comes to them, whatever that is. */
const WORKING = [
  ...['Source', 'Filter', 'Unnest', 'Lookup', 'Predict'],
  ...['Aggregate', 'Join', 'TopN', 'Over', 'Sink']
]

test('the code says of each operator when it is at it, and can show the rows that leave it', () => {
  const missing = fixtureNames('run').flatMap(name => {
    const { script, options } = readFixture('run', name)
    if (options.skip !== undefined) return []
    using folder = openScriptFolder(script, options.models, 'script.sql', options)
    const { typescript, plan } = compileFixture(folder, true, true).compiled.pipeline
    const [code, looking = ''] = typescript.split('looking() {\n')
    const said = new Set([...code!.matchAll(/doing\[0\] = (\d+)$/gm)].map(([, id]) => Number(id)))
    const heads = [...plan.matchAll(/#(\d+) (\w+) (?!.*\(above\)$).*(\[\d+:\d+\])$/gm)]
    const silent = heads.flatMap(([head, id, kind, place]) => {
      // Those of one place are told as the one that the code knows.
      const isOne = heads.filter(one => one[2] === kind && one[3] === place).length === 1
      return isOne && WORKING.includes(kind!) && !said.has(Number(id)) ? [head] : []
    })
    const [shown, planned = ''] = looking.split('JSON.stringify({\n')
    const keys = [...planned.matchAll(/^ +key: (['"].*['"]),$/gm)].map(([, key]) => key!)
    const hidden = keys.filter(
      key => !shown!.includes(`{ key: ${key}, `) && !shown!.includes(`key: ${key},\n`)
    )
    return [...silent, ...hidden].map(one => `${name}: ${one}`)
  })
  assert.deepEqual(missing, [])
})

const RECORDS = 4000
const long = 'abcdefgh '.repeat(200)
const source = `CREATE SOURCE s FROM KAFKA (topic = 'in', group_id = 'g', auto_offset_reset = 'earliest')
  SCHEMA (id INT, text TEXT, at TIMESTAMP, items TEXT[], WATERMARK FOR at AS at);
`
const rest = (parts: Partial<Record<'a' | 'where' | 'group' | 'item', string>>): string => `
CREATE SINK a TO KAFKA (topic = 'a') AS SELECT id, ${parts.a ?? 'length(text)'} AS a FROM s WHERE ${parts.where ?? 'id >= 0'};
CREATE SINK b TO KAFKA (topic = 'b') AS SELECT time_bucket('1 second', at) AS second, ${parts.group ?? 'COUNT(*)'} AS n FROM s GROUP BY second;
CREATE SINK c TO KAFKA (topic = 'c') AS SELECT id, item FROM s CROSS JOIN UNNEST(${parts.item ?? 'items'}) AS t(item);
`
const costly = "regexp_replace(text, '[a-h]{3,7} (a|b)+[c-g]*', 'x', 'g')"

/** Where one expression takes most of the time, and what that is. */
const cases: readonly { readonly script: string; readonly kind: string; readonly title: RegExp }[] =
  [
    { script: rest({ a: `length(${costly})` }), kind: 'Project', title: /^id, a$/ },
    { script: rest({ where: `length(${costly}) > 0` }), kind: 'Filter', title: /regexp_replace/ },
    {
      script: rest({ group: `COUNT(DISTINCT ${costly})` }),
      kind: 'Aggregate',
      title: /time_bucket/
    },
    { script: rest({ item: `string_to_array(${costly}, 'z')` }), kind: 'Unnest', title: /item/ }
  ]

for (const [i, { script, kind, title }] of cases.entries()) {
  test(`the time of a costly ${kind} is its own`, async () => {
    const shares = await measure(script, `operator-work-${i}`)
    const [[first, share], [, second]] = shares.toSorted(([, a], [, b]) => b - a) as [
      [PlanNode, number],
      [PlanNode, number]
    ]
    assert.equal(first.kind, kind)
    assert.match(first.title, title)
    assert.ok(share > 3 * second, JSON.stringify(shares.map(([node, one]) => [node.title, one])))
    assert.equal(doing[0], 0, 'nothing is left behind')
  })
}

/** Each operator, and how often it was found. */
async function measure(script: string, name: string): Promise<[PlanNode, number][]> {
  using folder = openScriptFolder(Buffer.from(source + script))
  const { compiled } = compileFixture(folder, true)
  const loaded = await loadPipeline(compiled, join(import.meta.dirname, `_actual/${name}.ts`))
  const topics = makeMemoryTopics()
  for (let id = 0; id < RECORDS; id++) {
    const row = { id, text: long + id, at: new Date(id * 10).toISOString(), items: ['x', 'y'] }
    topics.append('in', { key: null, value: Buffer.from(JSON.stringify(row)), timestamp: 0 })
  }
  const nodes = planNodes(loaded.definition)
  const sampler = new WorkSampler(nodes.length)
  sampler.measure(30)
  while (sampler.snapshot().seconds === 0) await sleep(5)
  assert.equal(await runPipelineInMemory(loaded, topics, { pollSize: 500 }), null)
  const { operators } = sampler.snapshot()
  return nodes.map(node => [node, operators.find(({ id }) => id === node.id)!.looks])
}

test('nobody looks before somebody asks, nor afterwards', async () => {
  const sampler = new WorkSampler(3)
  await sleep(50)
  assert.equal(sampler.snapshot().seconds, 0)
  doing[0] = 2
  sampler.measure(0.5)
  while (sampler.snapshot().seconds < 0.05) await sleep(5)
  await sleep(700)
  const after = sampler.snapshot()
  doing[0] = 0
  assert.ok(after.seconds > 0.05 && after.seconds < 0.65, String(after.seconds))
  assert.equal(after.operators[1]!.looks, after.looks)
  assert.ok(after.looks > 10)
  await sleep(50)
  assert.equal(sampler.snapshot().seconds, after.seconds)
  sampler.measure(5)
  while (sampler.snapshot().seconds === after.seconds) await sleep(5)
})
