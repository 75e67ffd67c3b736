import assert from 'node:assert/strict'
import { test } from 'node:test'
import { constants, Script } from 'node:vm'
import { compileCache } from '../../compiler/bundle/code-cache.ts'
import { findStartCode } from '../../compiler/bundle/start-code.ts'

const source = `(function(require){
const words = process.argv.slice(2)
const answer = () => words[0] === '--version' ? process.stdout.write('1.0') : 1
return answer()
})`
const main = Buffer.from(source)
/** The line of its inner function. */
const startCode = [
  { start: { lineNumber: 2, columnNumber: 0 }, end: { lineNumber: 3, columnNumber: 0 } }
]

test('V8 takes the compiled code of a program in a process with its own seed, as the launcher hands it over', () => {
  const script = new Script(source, {
    filename: 'main.cjs',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    cachedData: compileCache(main, startCode)
  })
  assert.equal(script.cachedDataRejected, false)
})

test('the same program has the same compiled code', () => {
  assert.ok(Buffer.from(compileCache(main, startCode)).equals(compileCache(main, startCode)))
})

test('functions of a start are compiled though `--version` does not call them', () => {
  const body = `(function(){ return words => { ${'words.push(words.length);'.repeat(500)} } })`
  const [start, end] = [0, body.length].map(columnNumber => ({ lineNumber: 0, columnNumber }))
  const compiled = [[], [{ start: start!, end: end! }]].map(ranges =>
    compileCache(Buffer.from(body), ranges)
  )
  assert.ok(compiled[1]!.length > compiled[0]!.length + 500)
})

test('what a start goes through is found by folders, the packages of its client among them', () => {
  const bundled = {
    sources: [
      'runtime/run/a.ts',
      'runtime/sql/b.ts',
      '../at/node_modules/@confluentinc/kafka-javascript/lib/c.js'
    ]
  }
  // A line of `a`, `b` and `a`, one that comes of nothing, and one of `c` and `b`.
  const mappings = 'AAAA,KCAA,KDAA;A;AEAA,KDAA'
  const place = (lineNumber: number, columnNumber: number) => ({ lineNumber, columnNumber })
  assert.deepEqual(findStartCode({ ...bundled, mappings }), [
    { start: place(0, 0), end: place(0, 5) },
    { start: place(0, 10), end: place(2, 5) }
  ])
})

test('a program that does not start is no program', () => {
  assert.throws(
    () => compileCache(Buffer.from(`(function(){ throw new Error('no start') })`), []),
    {
      message: /the program does not start: .*no start/s
    }
  )
})
