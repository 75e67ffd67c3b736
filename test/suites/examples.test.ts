import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Compiled, compileScript } from '../../compiler/compile.ts'
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { decodeScript, parseSource } from '../../compiler/parse/index.ts'
import { makeSourceFile } from '../../compiler/source/index.ts'
import { verifyTypeScript } from '../../compiler/verify/index.ts'
import { version } from '../../compiler/version.ts'
import {
  makeMemoryTopics,
  type MemoryRecord,
  type MemoryTopics
} from '../../runtime/connect/memory/index.ts'
import { renderRecord } from '../../runtime/dev/render-record.ts'
import { root } from '../architecture/source-files.ts'
import { startAskedPipeline } from '../support/asked-pipeline.ts'
import { loadPipeline } from '../support/load-pipeline.ts'
import { runPipelineInMemory } from '../support/run-pipeline.ts'

const EXAMPLES = join(root, 'examples')
/** Where the rows of a SELECT on its own go in memory. */
const STDOUT = '(stdout)'
/** What one asks of a pipeline that runs: not a script. */
const QUESTIONS = 'configuration/questions.sql'

const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).sort()
const sql = files.filter(file => file.endsWith('.sql'))
const scripts = sql.filter(file => !file.endsWith('.test.sql') && file !== QUESTIONS)
/** Its columns are where it says: test/kafka/registry.test.ts compiles it beside a real one. */
const NEEDS_REGISTRY = 'configuration/schema-registry.sql'
const working = scripts.filter(script => script !== NEEDS_REGISTRY)

/** What the compiler has to say about the reference's own statements. */
const warnings: Readonly<Record<string, readonly string[]>> = {
  'analytics/analytics.sql': ['window-without-time']
}

interface Attempt {
  readonly compiled: Compiled | null
  readonly diagnostics: readonly Diagnostic[]
}

function compileExample(script: string): Attempt {
  const diagnostics: Diagnostic[] = []
  const path = join(EXAMPLES, script)
  const file = decodeScript(script, readFileSync(path), diagnostics)
  const session = { file, options: { optimize: true, directory: dirname(path) }, diagnostics }
  return { compiled: compileScript(session), diagnostics }
}

/** Of a script that has to compile. */
function compiledExample(script: string): Compiled {
  const { compiled, diagnostics } = compileExample(script)
  assert.ok(compiled !== null, renderDiagnostics(diagnostics, 'text', version))
  return compiled
}

test('every example compiles, type-checks, and has tests, data and a README', () => {
  const sources = new Map<string, string>()
  for (const script of working) {
    const { pipeline, graph } = compiledExample(script)
    const codes = compileExample(script).diagnostics.map(({ code }) => code)
    assert.deepEqual(codes, warnings[script] ?? [], script)
    sources.set(script, pipeline.typescript)
    const base = script.replace(/\.sql$/, '')
    assert.ok(sql.includes(`${base}.test.sql`), `${script} has no tests`)
    for (const { name } of graph.script.sources) {
      assert.ok(
        existsSync(join(dataFolder(script), `${name}.jsonl`)),
        `${script}: no rows of ${name}`
      )
    }
  }
  assert.deepEqual(verifyTypeScript(sources), [])
})

test('of all examples only the one with a registry does not compile by itself', () => {
  assert.ok(working.length > 5)
  assert.ok(scripts.includes(NEEDS_REGISTRY))
  const { compiled, diagnostics } = compileExample(NEEDS_REGISTRY)
  assert.equal(compiled, null)
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['schema-not-fetched']
  )
})

test('every statement of the reference is in an example, as printed', () => {
  const printed = readFileSync(join(root, 'test/unit/parse/fixtures/reference.sql'), 'utf8')
    // The only thing that depends on where it is read.
    .replace('/models/fraud_model.onnx', 'fraud_model.onnx')
  const written = [...scripts, QUESTIONS].map(file => readFileSync(join(EXAMPLES, file), 'utf8'))
  const statements = statementsOf(printed)
  assert.equal(statements.length, 40)
  const missing = statements.filter(text => !written.some(other => other.includes(`${text};`)))
  assert.deepEqual(missing, [])
})

function statementsOf(text: string): readonly string[] {
  const { statements } = parseSource(makeSourceFile('statements.sql', text)).script
  return statements.map(({ span }) => text.slice(span.start, span.end))
}

/** `data/`, or the folder in it of one of several scripts. */
function dataFolder(script: string): string {
  const data = join(EXAMPLES, dirname(script), 'data')
  const own = join(data, basename(script, '.sql'))
  return existsSync(own) ? own : data
}

for (const script of working) {
  const expected = printedRun(script)
  if (expected === null) continue
  test(`${script} does with its data what its README prints`, async () => {
    const compiled = compiledExample(script)
    const topics = topicsOf(script, compiled)
    const before = new Set(topics.names())
    const path = join(import.meta.dirname, '_actual/examples', `${script.replace('/', '-')}.ts`)
    assert.equal(await runPipelineInMemory(await loadPipeline(compiled, path), topics), null)
    const written = topics.names().filter(name => !before.has(name) && !name.endsWith('-state'))
    const lines = written.flatMap(topic => topics.read(topic).map(record => show(topic, record)))
    assert.deepEqual(lines.map(roundScores).sort(), expected.map(roundScores).sort())
  })
}

/** Holding what `data/` has for the sources of a script. */
function topicsOf(script: string, { graph }: Compiled): MemoryTopics {
  const topics = makeMemoryTopics()
  for (const { name, topic } of graph.script.sources) {
    for (const line of readLines(join(dataFolder(script), `${name}.jsonl`))) {
      topics.append(topic, { key: null, value: Buffer.from(line), timestamp: 1_706_200_000_000 })
    }
  }
  return topics
}

/** The lines below `$ miraclec dev <script>` in the folder's README; null: it does not print a run. */
function printedRun(script: string): readonly string[] | null {
  const readme = readFileSync(join(EXAMPLES, dirname(script), 'README.md'), 'utf8')
  const command = `$ miraclec dev examples/${script} --once`
  const block = readme.split('```').find(text => text.trimStart().startsWith(command))
  if (block === undefined) return null
  const [first, ...lines] = block.trim().split('\n')
  const input = / --input (\S+)$/.exec(first!)?.[1]
  if (input !== undefined) assert.equal(join(root, input), dataFolder(script))
  return lines
}

function readLines(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
}

function show(topic: string, { key, value, headers }: MemoryRecord): string {
  const text = (bytes: Uint8Array | null): string | null =>
    bytes === null ? null : Buffer.from(bytes).toString()
  if (topic === STDOUT) return printed(String(text(value)), headers)
  const names = headers.map(header => [header.key, String(text(header.value))] as const)
  return renderRecord({ topic, key: text(key), value: text(value), headers: names }).trimEnd()
}

/** A row of a SELECT on its own, as the pipeline prints it. */
function printed(row: string, headers: MemoryRecord['headers']): string {
  const op = headers.find(({ key }) => key === 'miracledb.op')?.value ?? null
  return op === null ? row : `{"miracledb.op":"${Buffer.from(op).toString()}",${row.slice(1)}`
}

/** Models compute in single precision, each machine in its own order. */
function roundScores(line: string): string {
  return line.replace(/\d\.\d{9,}/g, digits => Number(digits).toFixed(5))
}

test('a running Quick Start answers all questions that the reference asks', async () => {
  const script = 'configuration/quick-start.sql'
  const topics = topicsOf(script, compiledExample(script))
  const text = readFileSync(join(EXAMPLES, script), 'utf8')
  const asked = await startAskedPipeline('examples-quick-start', text, topics)
  try {
    const isRead = (): boolean =>
      topics.read('cdc-output').length === 4 && topics.read('order-updates-stream').length === 2
    while (!isRead()) await sleep(10)
    const answers: unknown[] = []
    for (const statement of statementsOf(readFileSync(join(EXAMPLES, QUESTIONS), 'utf8'))) {
      const { status, text: body } = await asked.post(statement)
      assert.equal(status, 200, `${statement}: ${body}`)
      const { rows, message } = JSON.parse(body) as { rows: unknown; message?: string }
      answers.push(message ?? rows)
    }
    const sources = [['transactions_stream'], ['user_events']]
    const sinks = [['cdc_output'], ['order_updates']]
    const latest = '2024-01-25T16:26:40.000Z'
    const onlyNow = 'This holds until the pipeline ends; the script has it for good.'
    assert.deepEqual(answers, [
      ...[sources, sources, sinks, sinks],
      sources.map(([name]) => [name, 'running', 0, latest]),
      [
        ['cdc_output', 'running', 4, 0],
        ['order_updates', 'running', 2, 0]
      ],
      [['miracledb-consumer', 'transactions-input', 0, 5, 0]],
      `source "transactions_stream" goes on from its first record in partitions 0. ${onlyNow}`,
      `sink "cdc_output" goes on with its new request_timeout_ms. ${onlyNow}`,
      `source "transactions_stream" is read no more. ${onlyNow}`,
      `sink "cdc_output" gets nothing more. ${onlyNow}`
    ])
  } finally {
    await asked.stop()
  }
})
