import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, Script } from 'node:vm'
import { compileCache } from '../../compiler/bundle/code-cache.ts'

const source = `(function(require){
const words = process.argv.slice(2)
const answer = () => words[0] === '--version' ? process.stdout.write('1.0') : 1
return answer()
})`
const main = Buffer.from(source)

test('V8 takes the compiled code of a program in a process with its own seed, as the launcher hands it over', () => {
  const script = new Script(source, {
    filename: 'main.cjs',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    cachedData: compileCache(main)
  })
  assert.equal(script.cachedDataRejected, false)
})

test('the same program has the same compiled code', () => {
  assert.ok(Buffer.from(compileCache(main)).equals(compileCache(main)))
})

test('a program that does not start is no program', () => {
  assert.throws(() => compileCache(Buffer.from(`(function(){ throw new Error('no start') })`)), {
    message: /the program does not start: .*no start/s
  })
})
