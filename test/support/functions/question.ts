import { resolveScript } from '../../../compiler/compile.ts'
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts'
import type { StreamGraph } from '../../../compiler/ir/index.ts'
import { isSameTopics } from '../compare-records.ts'
import { compileFixture, openScriptFolder } from '../compile-fixture.ts'
import { loadPipeline } from '../load-pipeline.ts'
import { type Topics, topicsWith, writtenRecords } from '../memory-records.ts'
import { type FixtureRecord, fromBytes, toBytes } from '../records.ts'
import { runGraphInOracle } from '../run-oracle.ts'
import { runPipelineInMemory } from '../run-pipeline.ts'

/** A source and a sink of one expression: many of them make a script. */
export interface Question {
  readonly title: string
  /** The sink's topic. Its rows begin with a field `n`, the index of the record that they are about. */
  readonly topic: string
  /** The source's topic; its dead letters are the rows that failed. */
  readonly input: string
  readonly statements: string
  readonly records: readonly string[]
  /** How far two DOUBLEs may be apart, relative to them; 0 unless it is given. */
  readonly tolerance?: number
}

/** What each record got, by its text: the record written, or the code of its failure. */
export type Answers = ReadonlyMap<string, string>

export interface AskedQuestions {
  /** What generated code, optimised, says. */
  readonly answers: readonly Answers[]
  /** Readable lines of what it or unoptimised code says otherwise than the slow twin. */
  readonly differences: readonly string[]
}

const scratch = `${import.meta.dirname}/../../fixtures/functions/_actual`

/** Runs one script of all questions: generated code, optimised and not, and the slow twin. Their scripts have to compile. */
export async function askQuestions(
  questions: readonly Question[],
  name: string
): Promise<AskedQuestions> {
  using folder = openScriptFolder(scriptOf(questions))
  const inputs: Topics = new Map(
    questions.map(({ input, records }) => [input, records.map(recordOf)])
  )
  const plain = compileFixture(folder, false).compiled
  const optimised = compileFixture(folder, true).compiled
  const wanted = runGraphInOracle(plain.graph, inputs).topics
  const differences: string[] = []
  let found: Topics = new Map()
  for (const [way, compiled] of [
    ['unoptimised', plain],
    ['optimised', optimised]
  ] as const) {
    const topics = topicsWith(inputs)
    await runPipelineInMemory(await loadPipeline(compiled, `${scratch}/${name}-${way}.ts`), topics)
    found = writtenRecords(topics, inputs)
    for (const question of questions) {
      const lines = compareAnswers(question, found, wanted, plain.graph)
      differences.push(...lines.map(line => `${way}: ${line}`))
    }
  }
  return { answers: questions.map(question => answersTo(question, found)), differences }
}

function scriptOf(questions: readonly Question[]): Uint8Array {
  return Buffer.from(questions.map(({ statements }) => statements).join(''))
}

function recordOf(value: string): FixtureRecord {
  return { key: null, value: toBytes(value), timestamp: 0, partition: 0, op: null, error: null }
}

/** What the compiler says against each question, in one go. */
export function findErrors(questions: readonly Question[]): readonly (readonly Diagnostic[])[] {
  using folder = openScriptFolder(scriptOf(questions))
  const session = folder.session(false)
  resolveScript(session)
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  let end = 0
  return questions.map(({ statements }) => {
    const start = end
    end += statements.length
    return errors.filter(({ span }) => span!.start >= start && span!.start < end)
  })
}

function compareAnswers(
  question: Question,
  found: Topics,
  wanted: Topics,
  graph: StreamGraph
): string[] {
  const mine = ownTopics(question, found)
  const twins = ownTopics(question, wanted)
  if (isSameTopics(mine, twins, graph, { ordered: true, tolerance: question.tolerance ?? 0 }))
    return []
  const [actual, expected] = [answersTo(question, mine), answersTo(question, twins)]
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

function answersTo({ topic, input, records }: Question, topics: Topics): Answers {
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
