import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { txn130 } from '../../data/transactions.ts'
import { DELAY } from '../../data/windows.ts'
import type { BenchCase } from '../../harness/case.ts'
import { compileBundle } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import type { LoadedKafka } from '../../harness/loaded-kafka.ts'
import { MeasuredProcess } from '../../harness/measured-process.ts'
import { type Job, lookupsJob, verdictsJob, windowsJob } from '../peers/job.ts'
import { type Deopt, readDeopts } from './deopts.ts'

const WATCH = join(import.meta.dirname, 'watch-heap.mjs')
/** Of the outputs: when a pipeline is warm, and when what counts is over. */
const [WARM, END] = [0.5, 0.9]
const POLL_INTERVAL = 5
/** As in exactly once. With those of at least once, of a second, a run of some seconds would have hardly any behind it when it is warm. */
const COMMITS = "SET commit_interval = '100 ms';"
/** Sources whose functions run for each record, by what their paths hold; other code runs for each batch. */
const PER_RECORD = [
  '.sql',
  'runtime/codec/',
  'runtime/functions/',
  'runtime/sql/',
  'batch-writer.ts'
]

interface Kind {
  readonly name: string
  readonly job: (input: string, records: number) => Job
  /** Of what runs for each record: bytes of V8's heap, per record. Null: it is only shown. */
  readonly most: number | null
}

const kinds: readonly Kind[] = [
  { name: 'filter, CASE', job: verdictsJob, most: 1 },
  {
    name: 'windows',
    job: (input, records) => windowsJob(input, records, 'merchant_id'),
    most: null
  },
  { name: 'lookups', job: lookupsJob, most: null }
]

/** What V8 does in the second half of a run: optimised code that it takes back, and what it allocates for a record. */
export const steady: BenchCase = {
  title: 'deoptimisations, and bytes of V8’s heap for a record, in the second half of a run',
  async run({ kafka: start, options: { records } }) {
    const kafka = await start()
    const input = 'transactions-steady'
    await kafka.fill(input, records, n => txn130(n))
    const figures: Figure[] = []
    for (const { name, job, most } of kinds) {
      figures.push(...describe(name, most, await watch(kafka, job(input, records))))
    }
    await kafka.deleteTopic(input)
    return figures
  }
}

interface Steady {
  readonly deopts: readonly Deopt[]
  /** Per record. */
  readonly bytes: number
  /** Of those sampled, the bytes of what runs for each record. */
  readonly bytesOfRecords: number
  /** Places of what runs for each record that have met several shapes or functions. */
  readonly several: readonly string[]
}

async function watch(kafka: LoadedKafka, job: Job): Promise<Steady> {
  const output = `steady_${job.kind}`
  await job.prepare(kafka)
  await kafka.createTopic(output)
  using pipeline = compileBundle(output, `${COMMITS}\n${job.script(output, 'at_least_once')}`)
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-steady-'))
  const trace = join(folder, 'deopts.txt')
  const flags = [
    '--trace-deopt',
    '--trace-deopt-verbose',
    '--redirect-code-traces',
    `--redirect-code-traces-to=${trace}`,
    '--allow-natives-syntax'
  ]
  const own = ['--brokers', kafka.brokers, '--port', '0', '--state-dir', pipeline.state]
  const program = [...flags, '--import', WATCH, pipeline.path, ...own]
  const process = new MeasuredProcess(globalThis.process.execPath, program)
  const { outputs, records, consumed } = job.work(output, DELAY)
  const reach = async (share: number): Promise<number> => {
    for (;;) {
      const written = await kafka.written(output)
      if (written >= outputs * share) {
        return consumed?.(written) ?? (written / outputs) * records
      }
      process.requireRunning()
      await sleep(POLL_INTERVAL)
    }
  }
  try {
    await process.said('started')
    process.signal('SIGUSR2')
    const first = await reach(WARM)
    process.signal('SIGUSR2')
    // What saying it takes back is no part of the pipeline.
    await process.said('heap {}')
    const before = statSync(trace).size
    const last = await reach(END)
    const traced = readFileSync(trace, 'utf8').slice(before)
    process.signal('SIGUSR2')
    const line = await process.said('heap {"bytes"')
    const { bytes, places, caches } = JSON.parse(line.slice('heap '.length)) as Heap
    const sources = new SourceMap(JSON.parse(readFileSync(`${pipeline.path}.map`, 'utf8')))
    const perRecord = sum(forRecords(places, sources).map(([, size]) => size))
    const count = last - first
    return {
      deopts: readDeopts(traced, sources),
      bytes: bytes / count,
      bytesOfRecords: perRecord / count,
      several: forRecords(caches, sources).flatMap(([place, met]) =>
        met.map(each => `${place}: ${each}`)
      )
    }
  } finally {
    await process.stop()
    await kafka.deleteTopic(output)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As `watch-heap.mjs` says it. */
interface Heap {
  readonly bytes: number
  readonly places: Readonly<Record<string, number>>
  /** As V8 says it. */
  readonly caches: Readonly<Record<string, readonly string[]>>
}

/** Of what is known by the places of functions, that of those which run for each record, by their place in the source. */
function forRecords<T>(
  places: Readonly<Record<string, T>>,
  sources: SourceMap
): readonly (readonly [place: string, known: T])[] {
  return Object.entries(places).flatMap(([place, known]) => {
    const [, line, column] = /^file:.*pipeline\.mjs:(\d+):(\d+)$/.exec(place) ?? []
    if (line === undefined) return []
    const entry = sources.findEntry(Number(line), Number(column))
    if (!('originalSource' in entry)) return []
    const { originalSource, originalLine } = entry
    if (!PER_RECORD.some(part => originalSource.includes(part))) return []
    return [[`${originalSource}:${originalLine + 1}`, known] as const]
  })
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}

function describe(name: string, most: number | null, run: Steady): readonly Figure[] {
  for (const { text, place } of run.deopts) console.log(`${name}: ${text} (${place})`)
  for (const text of run.several) console.log(`${name}: ${text}`)
  const [ours, nodes] = [false, true].map(isNodes =>
    run.deopts.filter(deopt => deopt.isNodes === isNodes)
  )
  const bytes = { unit: 'B/record', better: 'less' } as const
  return [
    bestOf({ name: `${name}: deoptimisations`, unit: '', better: 'less', bar: 0 }, [ours!.length]),
    bestOf({ name: `${name}: ... of Node’s own functions`, unit: '', better: 'less' }, [
      nodes!.length
    ]),
    bestOf({ name: `${name}: polymorphic sites`, unit: '', better: 'less', bar: 0 }, [
      run.several.length
    ]),
    bestOf({ name: `${name}: allocated`, ...bytes }, [run.bytes]),
    bestOf(
      { name: `${name}: ... for each record`, ...bytes, ...(most === null ? {} : { bar: most }) },
      [run.bytesOfRecords]
    )
  ]
}
