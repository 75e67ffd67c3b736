import { existsSync, type FSWatcher, statSync, watch } from 'node:fs'
import { constants } from 'node:os'
import { dirname, resolve } from 'node:path'

/** Editors write in several steps, in ms: the files are quiet then. */
const QUIET = 50
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs at once, and again after every change of an SQL file there, or of one of the `files` that runs have added (see Session), until a
 * signal ends it; a run is finished first.
 */
export async function watchSql(
  paths: readonly string[],
  run: (files: Set<string>) => Promise<number>
): Promise<number> {
  const files = new Set<string>()
  const stats = paths.map(path => statSync(path, { throwIfNoEntry: false }))
  if (stats.includes(undefined)) return run(files)
  const watchers = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  // One run after the other: a change while one runs is for the next.
  let running = Promise.resolve(0)
  const again = (): void => {
    running = running.then(async () => {
      const code = await run(files)
      for (const path of files) look(dirname(path), false)
      return code
    })
  }
  const look = (folder: string, recursive: boolean): void => {
    if (watchers.has(folder) || !existsSync(folder)) return
    const watcher = watch(folder, { recursive })
    watcher.on('change', (_event, name) => {
      const path = resolve(folder, String(name))
      if (!/\.sql$/i.test(path) && !files.has(path)) return
      clearTimeout(timer)
      timer = setTimeout(again, QUIET)
    })
    watchers.set(folder, watcher)
  }
  for (const [i, path] of paths.entries()) {
    const isFolder = stats[i]!.isDirectory()
    look(resolve(isFolder ? path : dirname(path)), isFolder)
  }
  again()
  const signal = await firstSignal()
  clearTimeout(timer)
  for (const watcher of watchers.values()) watcher.close()
  await running
  return 128 + constants.signals[signal]
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise(resolve => {
    for (const signal of ends) process.once(signal, resolve)
  })
}
