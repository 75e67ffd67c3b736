import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '../observe/snapshot.ts'
import type { WatchPart } from '../observe/watch-part.ts'
import type { AnalyzeOptions, StatusOptions } from './command-line.ts'

/** Between two looks at a pipeline whose rates are to be told, in ms. */
const RATE_INTERVAL = 500
/** Between two screens of `status --watch`, in ms. */
const WATCH_INTERVAL = 2000
/** Puts the cursor to the top, and clears what is below it: no screen flickers. */
const HOME = '\x1b[H\x1b[J'

/** 0 when the pipeline on this machine's `port` is ready, 1 when it is not, 3 when nobody answers. */
export async function askHealth(port: number): Promise<number> {
  const answer = await ask(port, '/health/ready')
  if (answer === null) return 3
  process.stdout.write(answer.text)
  return answer.ok ? 0 : 1
}

/** Prints how the pipeline is; with `watch` until Ctrl-C, or until it answers no more. */
export async function askStatus(
  { port, format, watch }: StatusOptions,
  load: () => WatchPart
): Promise<number> {
  const first = await askSnapshot(port)
  if (typeof first === 'number') return first
  if (format === 'json' && !watch) {
    process.stdout.write(`${JSON.stringify(first, null, 2)}\n`)
    return first.isReady ? 0 : 1
  }
  let before = first
  for (let wait = RATE_INTERVAL; ; wait = WATCH_INTERVAL) {
    await sleep(wait)
    const now = await askSnapshot(port)
    if (typeof now === 'number') return now
    if (format === 'json') process.stdout.write(`${JSON.stringify(now)}\n`)
    else {
      const start = watch && process.stdout.isTTY ? HOME : ''
      process.stdout.write(start + load().renderStatus(now, before))
    }
    if (!watch) return now.isReady ? 0 : 1
    before = now
  }
}

/** Prints the plan with what its operators do. */
export async function askAnalysis(
  { port, seconds }: AnalyzeOptions,
  plan: string,
  load: () => WatchPart
): Promise<number> {
  const before = await askSnapshot(port)
  if (typeof before === 'number') return before
  await sleep(seconds * 1000)
  const now = await askSnapshot(port)
  if (typeof now === 'number') return now
  process.stdout.write(load().renderAnalysis(plan, now, before))
  return 0
}

/** The exit code where there is none. */
async function askSnapshot(port: number): Promise<Snapshot | number> {
  const answer = await ask(port, '/api/v1/pipeline/status')
  if (answer === null) return 3
  if (answer.ok) return JSON.parse(answer.text) as Snapshot
  process.stderr.write('the pipeline starts\n')
  return 1
}

async function ask(
  port: number,
  path: string
): Promise<{ readonly ok: boolean; readonly text: string } | null> {
  const url = `http://127.0.0.1:${port}${path}`
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    return { ok: response.ok, text: await response.text() }
  } catch {
    process.stderr.write(`no pipeline answers at ${url}\n`)
    return null
  }
}
