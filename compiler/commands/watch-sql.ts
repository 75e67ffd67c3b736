import { statSync, watch } from 'node:fs'
import { dirname } from 'node:path'

/** Editors write in several steps, in ms: the files are quiet then. */
const QUIET = 50

/** Runs at once, and again after every change of an SQL file or a model. Never resolves: Ctrl-C ends it. */
export async function watchSql(
  paths: readonly string[],
  run: () => Promise<number>
): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  let running = run()
  const again = (): void => {
    // A change while tests run is for the next run.
    running = running.then(run)
  }
  const code = await running
  const missing = paths.some(path => statSync(path, { throwIfNoEntry: false }) === undefined)
  if (missing) return code
  for (const path of paths) {
    const isFolder = statSync(path).isDirectory()
    watch(isFolder ? path : dirname(path), { recursive: isFolder }, (_event, file) => {
      if (file === null || !/\.(sql|onnx)$/i.test(file)) return
      clearTimeout(timer)
      timer = setTimeout(again, QUIET)
    })
  }
  return new Promise(() => {})
}
