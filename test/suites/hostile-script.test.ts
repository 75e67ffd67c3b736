import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PlanNode } from '../../compiler/explain/describe.ts'
import { renderMermaid } from '../../compiler/explain/render-mermaid.ts'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { hostile, hostileSeed, makeNames, quoteName, quoteText } from '../support/hostile-text.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

/** The head of a graph, a node whose label is in quotes, or an arrow; what is no plain character is `#n;`, n that of a whole one. */
const LABEL = String.raw`"(?:[\p{L}\p{N} .,:()_+*/=-]|<br/>|#(?!5[5-7]\d{3};)\d+;)*"`
const MERMAID = new RegExp(
  String.raw`^(?:flowchart LR| {2}n\d+(?:\(\[${LABEL}\]\)|\[${LABEL}\])| {2}n\d+ --> n\d+)$`,
  'u'
)

const { pwned: none } = globalThis as { readonly pwned?: unknown }
assert.equal(none, undefined)

function path(text: string): string {
  return quoteText(`$[${JSON.stringify(text)}]`)
}

for (let round = 0; round < 25; round++) {
  test(`hostile names and texts do what they say, and nothing else: seed ${hostileSeed}, round ${round}`, async () => {
    const random = makeRandom(hostileSeed * 1000 + round)
    const [source, sink, table, id, text, alias, constant, nested] = makeNames(random, 8) as [
      ...[string, string, string, string],
      ...[string, string, string, string]
    ]
    const topicNames = makeNames(random, 3).map(text => `t${text}`)
    const [topicIn, topicOut, topicTable] = topicNames as [string, string, string]
    const value = hostile(random)
    const script = `-- ${JSON.stringify(hostile(random))}
CREATE SOURCE ${quoteName(source)} FROM KAFKA (topic = ${quoteText(topicIn)}, group_id = ${quoteText(`g${hostile(random)}`)})
SCHEMA (${quoteName(id)} INT NOT NULL, ${quoteName(text)} TEXT, ${quoteName(nested)} TEXT PATH ${path(value)});
CREATE TABLE ${quoteName(table)} (${quoteName(id)} INT PRIMARY KEY, ${quoteName(text)} TEXT DEFAULT ${quoteText(value)});
CREATE SINK ${quoteName(sink)} TO KAFKA (topic = ${quoteText(topicOut)});
CREATE SINK ${quoteName(`${sink}2`)} TO KAFKA (topic = ${quoteText(topicTable)}) FROM TABLE ${quoteName(table)};
INSERT INTO ${quoteName(table)} (${quoteName(id)}) VALUES (1);
INSERT INTO ${quoteName(sink)} SELECT ${quoteName(id)}, ${quoteName(text)} AS ${quoteName(alias)}, ${quoteText(value)} AS ${quoteName(constant)}, ${quoteName(nested)}
FROM ${quoteName(source)} WHERE ${quoteName(text)} = ${quoteText(value)} OR ${quoteName(text)} LIKE '%x';
`
    using folder = openScriptFolder(Buffer.from(script), {}, 'hostile.sql')
    const { compiled } = compileFixture(folder, true)
    const file = join(import.meta.dirname, `_actual/hostile-script-${round}.ts`)
    const loaded = await loadPipeline(compiled, file)
    const topics = makeMemoryTopics()
    const send = (bytes: string): void =>
      topics.append(topicIn, { key: null, value: Buffer.from(bytes), timestamp: 0 })
    // By hand: an object of JavaScript has no key __proto__ of its own.
    const members = [
      [id, 7],
      [text, value],
      ...(value === id || value === text ? [] : [[value, 'inside']])
    ]
    send(
      `{${members.map(([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`).join(',')}}`
    )
    send('{"other": 1}')
    assert.equal(await runPipelineInMemory(loaded, topics), null)
    const read = (topic: string): string[] =>
      topics.read(topic).map(one => Buffer.from(one.value ?? []).toString())
    const inside = value === id ? '7' : value === text ? value : 'inside'
    const expected = [
      [id, 7],
      [alias, value],
      [constant, value],
      [nested, inside]
    ]
    assert.deepEqual(read(topicOut).map(membersOf), [expected])
    assert.deepEqual(read(topicTable).map(membersOf), [
      [
        [id, 1],
        [text, value]
      ]
    ])
    assert.equal((globalThis as { pwned?: unknown }).pwned, undefined)
    const { plan } = loaded.definition
    JSON.parse(plan.json)
    for (const shown of [plan.text, plan.mermaid]) {
      assert.doesNotMatch(
        shown,
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/,
        shown
      )
    }
    for (const line of plan.mermaid.trimEnd().split('\n')) assert.match(line, MERMAID)
  })
}

test('a label of a graph that is cut ends with a whole character', () => {
  const node = { id: 1, kind: 'Filter', details: [], inputs: [] }
  for (let i = 55; i < 65; i++) {
    const title = `${'x'.repeat(i)}😀y`
    const graph = renderMermaid({ nodes: [{ ...node, title } as unknown as PlanNode] })
    for (const line of graph.trimEnd().split('\n')) assert.match(line, MERMAID)
  }
})

/** The members of a JSON object in their order, with those that JavaScript's objects hide. */
function membersOf(text: string): unknown[][] {
  const found: unknown[][] = []
  JSON.parse(text, function (key, value: unknown) {
    if (key !== '') found.push([key, value])
    return value
  })
  return found
}
