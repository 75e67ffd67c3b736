import { type FSWatcher, statSync, watch } from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'

/** Editors write in several steps, in ms: the files are quiet then. */
const QUIET = 50
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs at once, and again after every change of an SQL file or a model, until a signal ends it; a run is finished first. */
export async function watchSql(
  paths: readonly string[],
  run: () => Promise<number>
): Promise<number> {
  const stats = paths.map(path => statSync(path, { throwIfNoEntry: false }))
  if (stats.includes(undefined)) return run()
  const watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined
  // One run after the other: a change while one runs is for the next.
  let running = Promise.resolve(0)
  const again = (): void => {
    running = running.then(run)
  }
  for (const [i, path] of paths.entries()) {
    const isFolder = stats[i]!.isDirectory()
    const watcher = watch(isFolder ? path : dirname(path), { recursive: isFolder })
    watcher.on('change', (_event, file) => {
      if (!/\.(sql|onnx)$/i.test(String(file))) return
      clearTimeout(timer)
      timer = setTimeout(again, QUIET)
    })
    watchers.push(watcher)
  }
  again()
  const signal = await firstSignal()
  clearTimeout(timer)
  for (const watcher of watchers) watcher.close()
  await running
  return 128 + constants.signals[signal]
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    for (const signal of ends) process.once(signal, resolve)
  })
}
