import { spawnSync } from 'node:child_process'
import type { CodeRange } from './start-code.ts'

/**
 * V8 lays texts out by their hashes, which have another seed in each process unless it is told one, and forgets code that it has not run for
 * a while, whenever it collects garbage. V8 refuses code that was compiled with other flags than its own, so they are taken back before it
 * is written: where nobody sets them seeds are 0, and random.
 */
const FLAGS = ['--hash-seed=1', '--random-seed=1', '--no-flush-bytecode']
const USUAL_FLAGS = ['--hash-seed=0', '--random-seed=0', '--flush-bytecode']
/** What the program is run with: it ends by itself, and what it called until then need not be compiled when it starts. */
const WORDS = ['--version']
/** Of the pipe that the compiled code goes through: the program may write to the others. */
const OUTPUT = 3
/** Who asks where the debugger may stop has V8 compile the functions of that part. */
const program = (startCode: readonly CodeRange[]): string => `
const { readFileSync, writeSync } = require('node:fs')
const { Session } = require('node:inspector')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')
const script = new Script(readFileSync(0, 'latin1'), { filename: 'main.cjs' })
function compileFunctions(ranges) {
  const session = new Session()
  session.connect()
  let scriptId
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.url === 'main.cjs') scriptId = params.scriptId
  })
  const post = (method, params) => session.post('Debugger.' + method, params, error => { if (error) throw error })
  post('enable')
  for (const { start, end } of ranges)
    post('getPossibleBreakpoints', { start: { scriptId, ...start }, end: { scriptId, ...end } })
  session.disconnect()
}
process.on('exit', () => {
  compileFunctions(${JSON.stringify(startCode)})
  for (const flag of ${JSON.stringify(USUAL_FLAGS)}) setFlagsFromString(flag)
  const cache = script.createCachedData()
  for (let at = 0; at < cache.length;) at += writeSync(${OUTPUT}, cache, at)
})
process.argv = [process.execPath, 'main.cjs', ...${JSON.stringify(WORDS)}]
script.runInThisContext()(require)
`

/**
 * V8's compiled form of the program, with the functions that `--version` calls and those of `startCode`: same program, same bytes. The
 * executable's `node` is the one that runs this, so V8 accepts it there.
 */
export function compileCache(main: Uint8Array, startCode: readonly CodeRange[]): Uint8Array {
  const words = [...FLAGS, '--eval', program(startCode)]
  const { status, stderr, output } = spawnSync(process.execPath, words, {
    input: main,
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
    env: {}
  })
  if (status !== 0) throw new Error(`the program does not start: ${String(stderr)}`)
  return output[OUTPUT]!
}
