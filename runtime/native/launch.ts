// The main script of every executable: it is injected once into the prepared `node`, the same for all pipelines, and starts
// the pipeline's own code from the payload. A thin file here is what lets a compile append bytes instead of rewriting 100 MB.
import { constants, Script } from 'node:vm'
import { openPayload, readEntry } from './payload.ts'

type Main = (require: NodeJS.Require) => void

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
const main = script.runInThisContext() as Main
main(require)
