import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EndOfInput } from '../contract/index.ts'
import { freePort } from './free-port.ts'
import { isReady, metricsUrl, type PipelineMetrics, readMetrics } from './watch-pipeline.ts'

/** A pipeline that runs as a child: an executable, or `node pipeline.mjs`. */
export interface PipelineProcess {
  /** Program and arguments, as a shell would take them. */
  readonly command: string
  readonly metricsUrl: string
  /** Its exit code; 128 and the signal's number where a signal ended it, as shells have it. */
  readonly exited: Promise<number>
  readonly hasExited: boolean
  /** Resolves when it has its partitions; false: it ended before. */
  ready(): Promise<boolean>
  /** Null: it does not answer any more. */
  metrics(): Promise<PipelineMetrics | null>
  signal(name: NodeJS.Signals): void
  /** Resolves when it has told all that waited for sources which bring nothing more, or has ended. */
  endSources(names: readonly string[]): Promise<void>
}

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where it answers; null: at any free port. */
  readonly port: number | null
  /** Gets the lines that the pipeline logs. */
  readonly log: (text: string) => void
}

/** How often a child is asked whether it is ready, in ms. */
const ASK_AGAIN = 20

export async function startPipelineProcess(
  program: string,
  words: readonly string[],
  { environment, port: wanted, log }: ProcessOptions
): Promise<PipelineProcess> {
  const port = wanted ?? (await freePort())
  const all = [...words, '--port', String(port)]
  const child = spawn(program, all, {
    env: environment,
    // Its own output is what a SELECT on its own prints. The channel's end tells it that we are gone.
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    // A group of its own: at a terminal Ctrl-C reaches only us, and we pass it on once. Twice would end it without a drain.
    detached: true
  })
  child.stderr!.setEncoding('utf8').on('data', log)
  let ended = false
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      ended = true
      resolve(code ?? 128 + constants.signals[signal!])
    })
  })
  return {
    command: [program, ...all].join(' '),
    metricsUrl: metricsUrl(port),
    exited,
    get hasExited() {
      return ended
    },
    async ready() {
      while (!ended) {
        if (await isReady(port)) return true
        await Promise.race([sleep(ASK_AGAIN), exited])
      }
      return false
    },
    metrics: () => readMetrics(port),
    signal: name => void child.kill(name),
    async endSources(names) {
      if (ended || names.length === 0) return
      const told = new Promise(resolve => child.once('message', resolve))
      const message: EndOfInput = { ended: names }
      child.send(message, () => {})
      await Promise.race([told, exited])
    }
  }
}
