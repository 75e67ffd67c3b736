import { spawnSync } from 'node:child_process'

/**
 * V8 lays texts out by their hashes, which have another seed in each process unless it is told one. V8 refuses code that was compiled with
 * other flags than its own, so they are taken back before it is written: where nobody sets them they are 0, and seeds are random.
 */
const SEEDS = ['--hash-seed', '--random-seed']
/** What the program is run with: it ends by itself, and what it called until then need not be compiled when it starts. */
const WORDS = ['--version']
/** Of the pipe that the compiled code goes through: the program may write to the others. */
const OUTPUT = 3
const program = `
const { readFileSync, writeSync } = require('node:fs')
const { setFlagsFromString } = require('node:v8')
const { Script } = require('node:vm')
const script = new Script(readFileSync(0, 'latin1'), { filename: 'main.cjs' })
process.on('exit', () => {
  for (const flag of ${JSON.stringify(SEEDS)}) setFlagsFromString(flag + '=0')
  const cache = script.createCachedData()
  for (let at = 0; at < cache.length;) at += writeSync(${OUTPUT}, cache, at)
})
process.argv = [process.execPath, 'main.cjs', ...${JSON.stringify(WORDS)}]
script.runInThisContext()(require)
`

/**
 * V8's compiled form of the program, with the functions that its start calls: same program, same bytes. The executable's `node` is the one
 * that runs this, so V8 accepts it there.
 */
export function compileCache(main: Uint8Array): Uint8Array {
  const seeds = SEEDS.map(flag => `${flag}=1`)
  const { status, stderr, output } = spawnSync(process.execPath, [...seeds, '--eval', program], {
    input: main,
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
    env: {}
  })
  if (status !== 0) throw new Error(`the program does not start: ${String(stderr)}`)
  return output[OUTPUT]!
}
