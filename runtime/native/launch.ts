// The main script of every executable: it is injected once into the prepared `node`, the same for all pipelines, and starts
// the pipeline's own code from the payload. A thin file here is what lets a compile append bytes instead of rewriting 100 MB.
import { constants, Script } from 'node:vm'
import { openPayload, readEntry } from './payload.ts'

type Main = (require: NodeJS.Require) => void

/** As `language.md` has it: the machine's doing, not the script's. */
const EXIT_ENVIRONMENT = 3

function loadMain(): Main {
  const payload = openPayload()
  const source = readEntry(payload, 'main.cjs')
  if (source === null) throw new Error('this executable holds no pipeline')
  const cachedData = readEntry(payload, 'main.cache')
  // The bundler writes plain ASCII, which V8 keeps as one byte per character.
  const script = new Script(source.toString('latin1'), {
    filename: 'main.cjs',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === null ? {} : { cachedData })
  })
  return script.runInThisContext() as Main
}

let main: Main | null = null
try {
  main = loadMain()
} catch (error) {
  process.stderr.write(`${process.execPath}: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = EXIT_ENVIRONMENT
}
main?.(require)
