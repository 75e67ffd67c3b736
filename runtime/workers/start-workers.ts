import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { isSea } from 'node:sea'
import type { Logger } from '../observe/log.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { WORKER, WORKER_COUNT } from './worker.ts'
import type { Wish } from './report-snapshots.ts'
import { WorkerEnded } from './worker-ended.ts'

/** Other processes of the same pipeline, with which this one shares partitions and tasks. */
export interface Workers {
  /** What each did, as it said last. */
  snapshots(): readonly Snapshot[]
  /** See Pipeline. */
  measure(seconds: number): void
  /** Whether each has said that it is ready. */
  ready(): boolean
  /** Rejects when one of them ends by itself. */
  readonly failed: Promise<never>
  /** Drains all. Resolves when they have ended. */
  stop(): Promise<void>
}

/** `words`: the command line of each. They end when this process does: their channel closes then. */
export function startWorkers(
  count: number,
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  log: Logger
): Workers {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  const latest = new Map<number, Snapshot>()
  let isStopping = false
  const children = Array.from({ length: count }, (_, i) => {
    const child = spawnSelf(words, {
      ...environment,
      [WORKER]: String(i + 1),
      [WORKER_COUNT]: String(count + 1)
    })
    child.on('message', snapshot => latest.set(i, snapshot as Snapshot))
    child.on('error', failure.reject)
    child.on('exit', (code, signal) => {
      if (isStopping) return
      log.log('error', 'a worker has ended', { worker: i + 1, code, signal })
      failure.reject(new WorkerEnded(i + 1, code))
    })
    return child
  })
  return {
    snapshots: () => [...latest.values()],
    measure: seconds => {
      for (const child of children)
        if (child.connected) child.send({ measure: seconds } satisfies Wish)
    },
    ready: () => latest.size === count && [...latest.values()].every(({ isReady }) => isReady),
    failed: failure.promise,
    async stop() {
      isStopping = true
      await Promise.all(children.map(end))
    }
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/** An executable is its own program; a bundle is one of Node's. */
function spawnSelf(
  words: readonly string[],
  env: Record<string, string | undefined>
): ChildProcess {
  const main = isSea() ? [] : [...process.execArgv, process.argv[1]!]
  return spawn(process.execPath, [...main, ...words], {
    env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
}
