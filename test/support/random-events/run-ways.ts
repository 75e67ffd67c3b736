import assert from 'node:assert/strict'
import { type Compiled, compileScript } from '../../../compiler/compile.ts'
import { renderDiagnostics } from '../../../compiler/diagnostics/render/index.ts'
import { version } from '../../../compiler/version.ts'
import { makeMemoryTopics, type MemoryTopics } from '../../../runtime/connect/memory/index.ts'
import { type ChangelogFormat, foldChangelog } from '../changelog/fold-changelog.ts'
import { openScriptFolder } from '../compile-fixture.ts'
import { makeRandom, pick, type Random } from '../functions/random-value.ts'
import { inPassingFile, loadPipeline, loadTopology } from '../load-pipeline.ts'
import { type Topics, writtenRecords } from '../memory-records.ts'
import { type FixtureRecord, toBytes } from '../records.ts'
import { runGraphInOracle } from '../run-oracle.ts'
import { type RunLimits, runPipelineInMemory } from '../run-pipeline.ts'
import { runTopologyInMemory } from '../run-topology.ts'
import { openStateFolder } from '../state-folder.ts'

/** A record of an input; what it holds has an `id`, by which a dead letter is known. */
export interface RandomEvent {
  readonly topic: string
  readonly partition: number
  readonly key?: string
  /** Null: its key is deleted. */
  readonly value: Readonly<Record<string, unknown>> | null
  readonly timestamp: number
}

/** What a script has written to its sink `o`, and the ids of the events that are late. */
export interface Told {
  readonly rows: readonly string[]
  readonly late: readonly string[]
}

export interface Way {
  readonly name: string
  /** The same for the same events. Throws where a reader of the sink would stumble. */
  run(events: readonly RandomEvent[]): Promise<Told>
}

/** What the compiler says that it cannot. */
export interface Refused {
  readonly codes: readonly string[]
}

export interface Ways {
  readonly compiled: Compiled
  readonly all: readonly Way[]
}

/**
 * The ways to run a script with a sink `o`: by the slow twin, in one process, optimised or not, and in tasks; in memory or on the disk,
 * stopped and resumed, killed, or with commits that fail.
 */
export async function openWays(
  script: string,
  format: ChangelogFormat,
  seed: number
): Promise<Ways | Refused> {
  const random = makeRandom(seed)
  const isOnDisk = random(3) === 0
  const whole = isOnDisk ? `SET state = 'lmdb';\n${script}` : script
  const plain = compile(whole, false)
  if ('codes' in plain) return plain
  const twin: Way = {
    name: 'slow twin',
    run: async events => {
      const { failed, topics } = runGraphInOracle(plain.graph, recordsOf(events))
      assert.equal(failed, null)
      return toldIn(topics, format)
    }
  }
  const of = (name: string, start: Start, run: number): Way => ({
    name,
    run: events => runStopped(start, events, format, isOnDisk, makeRandom(seed + run))
  })
  const optimised = compile(whole, true)
  assert.ok(!('codes' in optimised), 'a script compiles optimised as it does unoptimised')
  const all = [
    twin,
    of('unoptimised', await startAlone(plain), 1_000_000),
    of('optimised', await startAlone(optimised), 2_000_000),
    of('in tasks', await startTasks(whole), 3_000_000)
  ]
  return { compiled: plain, all }
}

export function compile(script: string, optimize: boolean): Compiled | Refused {
  using folder = openScriptFolder(new TextEncoder().encode(script))
  const session = folder.session(optimize)
  const compiled = compileScript(session)
  if (compiled !== null) return compiled
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  const codes = errors.map(({ code }) => code)
  const isKnown = codes.every(code => REFUSALS.has(code))
  assert.ok(isKnown, isKnown ? '' : renderDiagnostics(errors, 'text', version))
  return { codes: [...new Set(codes)] }
}

/** What the compiler may say of a random query. */
const REFUSALS = new Set(['not-supported-yet', 'changelog-not-supported', 'session-key-missing'])

export type Start = (topics: MemoryTopics, limits: RunLimits) => Promise<void>

export async function startAlone(compiled: Compiled): Promise<Start> {
  const pipeline = await inPassingFile(path => loadPipeline(compiled, path))
  return async (topics, limits) => {
    assert.equal(await runPipelineInMemory(pipeline, topics, limits), null)
  }
}

export async function startTasks(script: string): Promise<Start> {
  const compiled = compile(`SET parallelism = 3;\n${script}`, true)
  assert.ok(!('codes' in compiled))
  if (!compiled.pipeline.typescript.includes('PipelineTopology')) return startAlone(compiled)
  const { definition, models } = await inPassingFile(path => loadTopology(compiled, path))
  return (topics, limits) => runTopologyInMemory(definition, models, topics, limits)
}

/** In some runs, one after the other. */
async function runStopped(
  start: Start,
  events: readonly RandomEvent[],
  format: ChangelogFormat,
  isOnDisk: boolean,
  random: Random
): Promise<Told> {
  using folder = openStateFolder()
  const topics = makeMemoryTopics()
  const inputs = recordsOf(events)
  for (const { topic, ...event } of events) topics.append(topic, recordOf(event))
  const commits = pick(random, [{}, {}, { commits: 'failing' }, { kills: random }] as const)
  const disk = isOnDisk ? { disk: folder.path } : {}
  const limits: RunLimits = { pollSize: pick(random, [1, 3, 20, Infinity]), ...disk, ...commits }
  const stops = Array.from({ length: random(3) }, () => ({ stopAfter: random(events.length) }))
  for (const more of [...stops, {}]) await start(topics, { ...limits, ...more })
  return toldIn(writtenRecords(topics, inputs), format)
}

function recordsOf(events: readonly RandomEvent[]): ReadonlyMap<string, FixtureRecord[]> {
  const byTopic = Map.groupBy(events, ({ topic }) => topic)
  return new Map([...byTopic].map(([topic, all]) => [topic, all.map(recordOf)]))
}

function recordOf(event: Omit<RandomEvent, 'topic'>): FixtureRecord & { headers: [] } {
  const { key, partition, timestamp, value } = event
  const bytes = {
    key: key === undefined ? null : toBytes(key),
    value: value === null ? null : toBytes(JSON.stringify(value))
  }
  return { ...bytes, partition, timestamp, headers: [], error: null, op: null }
}

function toldIn(written: Topics, format: ChangelogFormat): Told {
  const fold = foldChangelog(written.get('o') ?? [], format)
  assert.deepEqual(fold.problems, [], 'what is told can be followed')
  const letters = [...written].flatMap(([name, records]) => (name === 'o' ? [] : records))
  return { rows: fold.rows(), late: letters.map(readLate).sort() }
}

/** The id of the event that is late. */
function readLate({ error, value }: FixtureRecord): string {
  assert.deepEqual(error, { code: 'late-row', column: null })
  const { id } = JSON.parse(new TextDecoder().decode(value!)) as { readonly id: number }
  return `{"id":${id}}`
}
