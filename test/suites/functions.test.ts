import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveScript } from '../../compiler/compile.ts'
import { catalogue } from '../../compiler/functions/index.ts'
import type { StreamGraph } from '../../compiler/ir/index.ts'
import { isSameTopics } from '../support/compare-records.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import {
  columnOf,
  type FunctionCase,
  makeCase,
  randomArgument,
  showCall,
  showField,
  showLiteral
} from '../support/functions/function-call.ts'
import { makeRandom } from '../support/functions/random-value.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { type Topics, topicsWith, writtenRecords } from '../support/memory-records.ts'
import { type FixtureRecord, fromBytes, toBytes } from '../support/records.ts'
import { runGraphInOracle } from '../support/run-oracle.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

// Every overload of every function with random arguments, NULLs and extremes: over columns of a record and over literals.
// Generated code, optimised and not, has to say what the slow twin says, row by row.

const SEED = 20261126
const ROWS = 24
const CONSTANT_CALLS = 4
/** Overloads per script: a module of a few thousand lines. */
const BATCH = 60

/** One sink, whose rows are answers of one call. */
interface Question {
  readonly title: string
  readonly topic: string
  /** The source's topic: its dead letters are the rows that failed. */
  readonly input: string
  readonly statements: string
  readonly records: readonly string[]
}

// What differs from call to call has no twin that could say the same.
const cases = catalogue
  .filter(({ kind, volatile }) => kind !== 'form' && !volatile)
  .flatMap(entry => entry.signatures.map(signature => makeCase(entry, signature)))

for (let from = 0; from < cases.length; from += BATCH) {
  const batch = cases.slice(from, from + BATCH)
  const name = `${batch[0]!.entry.name} to ${batch.at(-1)!.entry.name}`
  test(`over columns: ${name}`, async () => {
    await check(
      batch.map((each, i) => overColumns(each, from + i)),
      `columns-${from}`
    )
  })
  test(`over literals: ${name}`, async () => {
    await check(
      batch.flatMap((each, i) => overLiterals(each, from + i)),
      `literals-${from}`
    )
  })
}

test('examples hold', async () => {
  // A model needs a file.
  const entries = catalogue.filter(({ name }) => name !== 'predict')
  const script = entries.map(
    ({ example }, i) =>
      `CREATE SINK k${i} TO KAFKA (topic = 'out${i}') AS SELECT ${example} AS x FROM s;`
  )
  script.unshift("CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (n INT);")
  using folder = openScriptFolder(Buffer.from(script.join('\n')))
  const { compiled } = compileFixture(folder, true)
  const inputs: Topics = new Map([['in', [recordOf('{}')]]])
  const topics = topicsWith(inputs)
  const path = `${import.meta.dirname}/../fixtures/functions/_actual/examples.ts`
  await runPipelineInMemory(await loadPipeline(compiled, path), topics)
  const types = new Map(
    compiled.graph.sinks.map(({ sink, schema }) => [sink.topic, schema.columns[0]!.type.kind])
  )
  for (const [i, { name, example }] of entries.entries()) {
    const value = topics.read(`out${i}`)[0]?.value ?? null
    assert.ok(value !== null, `the example of ${name} fails: ${example}`)
    // Most are conditions.
    if (types.get(`out${i}`) !== 'Boolean') continue
    assert.equal(String(fromBytes(value)), '{"x":true}', `the example of ${name}: ${example}`)
  }
})

function overColumns(each: FunctionCase, index: number): Question {
  const random = makeRandom(SEED + index)
  const { entry, params, pools, title } = each
  const columns = params.map((type, i) => columnOf(type, `a${i}`))
  const values = columns.map(([, value], i) =>
    pools[i]?.constant === true ? showLiteral(randomArgument(each, i, random), params[i]!) : value
  )
  const schema = ['n INT', ...columns.map(([column]) => column)].join(', ')
  const input = `in${index}`
  const records = Array.from({ length: ROWS }, (_, n) => {
    const fields = params.map(
      (type, i) => `"a${i}":${showField(randomArgument(each, i, random), type)}`
    )
    return `{${[`"n":${n}`, ...fields].join(',')}}`
  })
  return {
    title: `${title}: ${showCall(entry, values)}`,
    topic: `out${index}`,
    input,
    statements: `
      CREATE SOURCE s${index} FROM KAFKA (topic = '${input}') SCHEMA (${schema});
      CREATE SINK k${index} TO KAFKA (topic = 'out${index}') AS SELECT n, ${showCall(entry, values)} AS x FROM s${index};`,
    records
  }
}

function overLiterals(each: FunctionCase, index: number): Question[] {
  const random = makeRandom(SEED * 2 + index)
  return Array.from({ length: CONSTANT_CALLS }, (_, j) => {
    const args = each.params.map((type, i) => showLiteral(randomArgument(each, i, random), type))
    const call = showCall(each.entry, args)
    const id = `${index}_${j}`
    return {
      title: `${each.title}: ${call}`,
      topic: `out${id}`,
      input: `in${id}`,
      statements: `
        CREATE SOURCE s${id} FROM KAFKA (topic = 'in${id}') SCHEMA (n INT);
        CREATE SINK k${id} TO KAFKA (topic = 'out${id}') AS SELECT n, ${call} AS x FROM s${id};`,
      records: ['{"n":0}']
    }
  })
}

async function check(all: readonly Question[], name: string): Promise<void> {
  const questions = withoutRefused(all)
  using folder = openScriptFolder(scriptOf(questions))
  const inputs: Topics = new Map(
    questions.map(({ input, records }) => [input, records.map(recordOf)])
  )
  const plain = compileFixture(folder, false).compiled
  const wanted = runGraphInOracle(plain.graph, inputs).topics
  for (const [way, compiled] of [
    ['unoptimised', plain],
    ['optimised', compileFixture(folder, true).compiled]
  ] as const) {
    const path = `${import.meta.dirname}/../fixtures/functions/_actual/${name}-${way}.ts`
    const topics = topicsWith(inputs)
    await runPipelineInMemory(await loadPipeline(compiled, path), topics)
    const found = writtenRecords(topics, inputs)
    assert.deepEqual(
      questions.flatMap(question => differences(question, found, wanted, plain.graph)),
      [],
      way
    )
  }
}

function recordOf(value: string): FixtureRecord {
  return { key: null, value: toBytes(value), timestamp: 0, partition: 0, op: null, error: null }
}

/** Readable lines of what generated code and twin say of the same record, where that differs. */
function differences(
  question: Question,
  found: Topics,
  wanted: Topics,
  graph: StreamGraph
): string[] {
  const [mine, twins] = [found, wanted].map(topics => ownTopics(question, topics)) as [
    Topics,
    Topics
  ]
  if (isSameTopics(mine, twins, graph, { ordered: true, tolerance: 0 })) return []
  const [actual, expected] = [answers(question, mine), answers(question, twins)]
  return question.records
    .filter(record => actual.get(record) !== expected.get(record))
    .map(
      record =>
        `${question.title} of ${record}: ${actual.get(record)}, twin ${expected.get(record)}`
    )
}

function ownTopics({ topic, input }: Question, topics: Topics): Topics {
  return new Map([...topics].filter(([name]) => name === topic || name === `${input}-dlq`))
}

/** What each row got, by its record: the record written, or the code of its failure. */
function answers({ topic, input, records }: Question, topics: Topics): Map<string, string> {
  const values = (topics.get(topic) ?? []).map(({ value }): [string, string] => {
    const text = String(fromBytes(value))
    return [records[Number(/^\{"n":(\d+)/.exec(text)![1])]!, text]
  })
  const failures = (topics.get(`${input}-dlq`) ?? []).map(({ value, error }): [string, string] => [
    String(fromBytes(value)),
    error!.code
  ])
  return new Map([...values, ...failures])
}

/** What a constant argument that no row could make right is told. */
const REFUSALS = ['invalid-argument', 'invalid-like-pattern', 'invalid-literal']

/** Without the calls that the compiler refuses for their constants, which is all that it may refuse them for. */
function withoutRefused(questions: readonly Question[]): Question[] {
  using folder = openScriptFolder(scriptOf(questions))
  const session = folder.session(false)
  resolveScript(session)
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  let end = 0
  return questions.filter(({ statements, title }) => {
    const start = end
    end += statements.length
    const own = errors.filter(({ span }) => span!.start >= start && span!.start < end)
    for (const error of own) assert.ok(REFUSALS.includes(error.code), `${title}: ${error.message}`)
    return own.length === 0
  })
}

function scriptOf(questions: readonly Question[]): Uint8Array {
  return Buffer.from(questions.map(({ statements }) => statements).join(''))
}
