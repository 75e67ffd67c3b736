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

/** Of Node's own modules those that take it longest to load, and that many starts do without, or may have later. */
const LATE = [
  'node:child_process',
  'node:crypto',
  'node:http',
  'node:https',
  'node:tls',
  'node:zlib'
]

/** `load`, but those are loaded when something of them is used. */
function loadLate(load: NodeJS.Require): NodeJS.Require {
  const find = (id: string, name: string | symbol): unknown => Reflect.get(load(id) as object, name)
  return Object.assign(
    (id: string): unknown =>
      LATE.includes(id) ? new Proxy({}, { get: (_, name) => find(id, name) }) : load(id),
    load
  )
}

let main: Main | null = null
try {
  main = loadMain()
} catch (error) {
  process.stderr.write(`${process.execPath}: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = EXIT_ENVIRONMENT
}
main?.(loadLate(require))
