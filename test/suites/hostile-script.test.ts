import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { makeRandom, pick, type Random } from '../support/functions/random-value.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

/** What would do something, were it anywhere else than in a literal. */
const PARTS = [
  ...["'", '"', '`', '\\', '\\u0027', '${globalThis.pwned=1}', '`+(globalThis.pwned=1)+`'],
  ...[
    "';globalThis.pwned=1;//",
    '";globalThis.pwned=1;//',
    '*/globalThis.pwned=1/*',
    '// x',
    '/* x'
  ],
  ...[
    '\n',
    '\r',
    '\u2028',
    '\u2029',
    '\u001b[31m',
    '\u0007',
    '\u202e',
    '\ufeff',
    '😀',
    '</script>'
  ],
  ...[
    '<script>globalThis.pwned=1</script>',
    '<!--',
    '-->',
    '&amp;',
    '%%{init}%%',
    'graph TD',
    'end'
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'then', 'default'],
  ...[
    'await',
    'class',
    'eval',
    'undefined',
    'null',
    '$&',
    "$'",
    '$1',
    '#{x}',
    '{{x}}',
    ' ',
    'ü',
    'a',
    ';'
  ]
]

const { pwned: none } = globalThis as { readonly pwned?: unknown }
assert.equal(none, undefined)

function hostile(random: Random): string {
  return Array.from({ length: 1 + random(4) }, () => pick(random, PARTS)).join('')
}

/** Names of one script that differ from each other, whatever their case. */
function makeNames(random: Random, count: number): string[] {
  const names = new Map<string, string>()
  while (names.size < count) {
    const name = hostile(random)
    names.set(name.toLowerCase(), name)
  }
  return [...names.values()]
}

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`
const string = (text: string): string => `'${text.replaceAll("'", "''")}'`

function path(text: string): string {
  return string(`$[${JSON.stringify(text)}]`)
}

const seed = Number(process.env['HOSTILE_SEED'] ?? 7)

for (let round = 0; round < 25; round++) {
  test(`hostile names and texts do what they say, and nothing else: seed ${seed}, round ${round}`, async () => {
    const random = makeRandom(seed * 1000 + round)
    const [source, sink, table, id, text, alias, constant, nested] = makeNames(random, 8) as [
      ...[string, string, string, string],
      ...[string, string, string, string]
    ]
    const topicNames = makeNames(random, 3).map(text => `t${text}`)
    const [topicIn, topicOut, topicTable] = topicNames as [string, string, string]
    const value = hostile(random)
    const script = `-- ${JSON.stringify(hostile(random))}
CREATE SOURCE ${name(source)} FROM KAFKA (topic = ${string(topicIn)}, group_id = ${string(`g${hostile(random)}`)})
SCHEMA (${name(id)} INT NOT NULL, ${name(text)} TEXT, ${name(nested)} TEXT PATH ${path(value)});
CREATE TABLE ${name(table)} (${name(id)} INT PRIMARY KEY, ${name(text)} TEXT DEFAULT ${string(value)});
CREATE SINK ${name(sink)} TO KAFKA (topic = ${string(topicOut)});
CREATE SINK ${name(`${sink}2`)} TO KAFKA (topic = ${string(topicTable)}) FROM TABLE ${name(table)};
INSERT INTO ${name(table)} (${name(id)}) VALUES (1);
INSERT INTO ${name(sink)} SELECT ${name(id)}, ${name(text)} AS ${name(alias)}, ${string(value)} AS ${name(constant)}, ${name(nested)}
FROM ${name(source)} WHERE ${name(text)} = ${string(value)} OR ${name(text)} LIKE '%x';
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
    assert.doesNotMatch(plan.mermaid, /<(?!br)[a-z/!]/i, plan.mermaid)
  })
}

/** The members of a JSON object in their order, with those that JavaScript's objects hide. */
function membersOf(text: string): unknown[][] {
  const found: unknown[][] = []
  JSON.parse(text, function (key, value: unknown) {
    if (key !== '') found.push([key, value])
    return value
  })
  return found
}
