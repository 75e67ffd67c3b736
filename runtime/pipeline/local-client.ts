import { setTimeout as sleep } from 'node:timers/promises'
import type { PipelineDefinition } from '../contract/index.ts'
import { planNodes } from '../observe/operators.ts'
import { printable, printableLines } from '../observe/printable.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import type { WatchPart } from '../observe/watch-part.ts'
import { askLocal, explainSilence, type LocalPipeline, urlOf } from '../access/local-request.ts'
import type { AnalyzeOptions, StatusOptions } from './command-line.ts'

/** Between two looks at a pipeline whose rates are to be told, in ms. */
const RATE_INTERVAL = 500
/** Until what measures the work has begun, in s, with that of workers, which tell of themselves twice a second. */
const STARTING = 0.7
/** Between two screens of `status --watch`, in ms. */
const WATCH_INTERVAL = 2000
/** Puts the cursor to the top, and clears what is below it: no screen flickers. */
const HOME = '\x1b[H\x1b[J'

/** 0 when the pipeline on this machine is ready, 1 when it is not, 3 when nobody answers. */
export async function askHealth(pipeline: LocalPipeline): Promise<number> {
  const answer = await ask(pipeline, '/health/ready')
  if (answer === null) return 3
  process.stdout.write(printableLines(answer.text))
  if (answer.ok) return 0
  process.stderr.write('status, with the same options, shows what it waits for\n')
  return 1
}

/** Prints how the pipeline is; with `watch` until Ctrl-C, also while it is started again. */
export async function askStatus(
  pipeline: LocalPipeline,
  { format, watch }: StatusOptions,
  load: () => WatchPart
): Promise<number> {
  const first = await askSnapshot(pipeline)
  if (typeof first === 'number') return first
  if (format === 'json' && !watch) {
    process.stdout.write(`${printableLines(JSON.stringify(first, null, 2))}\n`)
    return exitCodeOf(first)
  }
  let before = first
  const start = watch && process.stdout.isTTY ? HOME : ''
  for (let wait = RATE_INTERVAL; ; wait = WATCH_INTERVAL) {
    await sleep(wait)
    const now = await askSnapshot(pipeline, process.stderr.isTTY ? start : '')
    if (typeof now !== 'number') {
      if (format === 'json') process.stdout.write(`${printable(JSON.stringify(now))}\n`)
      else process.stdout.write(start + renderScreen(now, before, watch, load))
      before = now
    }
    if (!watch) return exitCodeOf(now)
  }
}

function renderScreen(
  now: Snapshot,
  before: Snapshot,
  watch: boolean,
  load: () => WatchPart
): string {
  const { isTTY, columns, rows } = process.stdout
  // What goes into a file or another program is whole, and so is what can be scrolled back to.
  const [width, height] = isTTY ? [columns, watch ? rows : Infinity] : [Infinity, Infinity]
  return load().renderStatus(now, before, width, height)
}

function exitCodeOf(found: Snapshot | number): number {
  if (typeof found === 'number') return found
  return found.isReady ? 0 : 1
}

/** Prints the plan with what its operators do. */
export async function askAnalysis(
  pipeline: LocalPipeline,
  { seconds }: AnalyzeOptions,
  definition: Pick<PipelineDefinition, 'plan'>,
  load: () => WatchPart
): Promise<number> {
  const first = await askSnapshot(pipeline, '', seconds + STARTING + 1)
  if (typeof first === 'number') return first
  await sleep(STARTING * 1000)
  const before = await askSnapshot(pipeline)
  if (typeof before === 'number') return before
  await sleep(seconds * 1000)
  const now = await askSnapshot(pipeline)
  if (typeof now === 'number') return now
  const plan = { text: definition.plan.text, nodes: planNodes(definition) }
  const { isTTY, columns } = process.stdout
  const width = isTTY ? columns : Infinity
  process.stdout.write(load().renderAnalysis(plan, now, before, width))
  return 0
}

/** The exit code where there is none, which is said behind `start`, what clears the screen. `measure`: for so many seconds its work is measured. */
async function askSnapshot(
  pipeline: LocalPipeline,
  start = '',
  measure = 0
): Promise<Snapshot | number> {
  const query = measure === 0 ? '' : `?measure=${measure}`
  const answer = await ask(pipeline, `/api/v1/pipeline/status${query}`, start)
  if (answer === null) return 3
  if (answer.ok) return readSnapshot(answer.text)
  process.stderr.write(start)
  const known = problems[answer.status]
  process.stderr.write(`${known ?? NO_PIPELINE}\n`)
  return known === undefined ? 3 : 1
}

const problems: Readonly<Record<number, string>> = {
  401: 'the pipeline answers nobody without its token: give --token-file, or MIRACLEC_TOKEN',
  503: 'the pipeline starts'
}
const NO_PIPELINE = 'what answers there is no pipeline'

/** Something else may listen there. */
function readSnapshot(text: string): Snapshot | number {
  try {
    const found = JSON.parse(text) as Partial<Snapshot>
    if (Array.isArray(found.sources)) return found as Snapshot
  } catch {
    // Said below.
  }
  process.stderr.write(`${NO_PIPELINE}\n`)
  return 3
}

async function ask(
  pipeline: LocalPipeline,
  path: string,
  start = ''
): Promise<{ readonly ok: boolean; readonly status: number; readonly text: string } | null> {
  try {
    const { status, body } = await askLocal(pipeline, { path, signal: AbortSignal.timeout(5000) })
    return { ok: status < 400, status, text: body }
  } catch (error) {
    const why = explainSilence(error, pipeline)
    process.stderr.write(
      `${start}no pipeline answers at ${urlOf(pipeline, path)}: ${printable(why)}\n`
    )
    return null
  }
}
