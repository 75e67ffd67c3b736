import { execFileSync } from 'node:child_process'

/** V8 lays texts out by their hashes, which have another seed in each process unless it is told one. */
const SAME_EACH_TIME = ['--hash-seed=1', '--random-seed=1']
const program = `
const { readFileSync } = require('node:fs')
const { Script } = require('node:vm')
const script = new Script(readFileSync(0, 'latin1'), { filename: 'main.cjs' })
process.stdout.write(script.createCachedData())
`

/**
 * V8's compiled form of the program: same program, same bytes. The executable's `node` is the one that runs this, so V8 accepts it
 * there, with any seed.
 */
export function compileCache(main: Uint8Array): Uint8Array {
  return execFileSync(process.execPath, [...SAME_EACH_TIME, '--eval', program], {
    input: main,
    maxBuffer: 1 << 30,
    env: {}
  })
}
