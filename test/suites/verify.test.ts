import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyTypeScript } from '../../compiler/verify/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { fixtureNames, readFixture } from '../support/fixtures.ts'

test('what is generated for every behaviour fixture type-checks against the runtime', () => {
  const sources = new Map<string, string>()
  for (const name of fixtureNames('run')) {
    const { script, options } = readFixture('run', name)
    using folder = openScriptFolder(script, options.models)
    for (const optimize of [true, false]) {
      const { compiled } = compileFixture(folder, optimize)
      sources.set(`${name}/${optimize ? 'optimised' : 'unoptimised'}`, compiled.pipeline.typescript)
    }
  }
  assert.deepEqual(verifyTypeScript(sources), [])
})

test("what does not fit is named with its line; a condition that never holds is the script's", () => {
  const sources = new Map([
    [
      'never',
      "export const f = (a: number, t: string) => a === 1 && a === 2 && t === 'x' && t === 'y'\n"
    ],
    ['types', 'export const f = (a: number, t: string) => t === a\n'],
    ['runtime', "import { keyTable } from '#runtime'\nexport const keys: number = keyTable([])\n"],
    ['syntax', 'export const x = (\n']
  ])
  const problems = verifyTypeScript(sources).map(problem => problem.replace(/^.*verify\//, ''))
  const named = problems.map(problem => problem.slice(0, problem.indexOf(': ')))
  assert.deepEqual(named, ['types.ts:1:44', 'runtime.ts:2:14', 'syntax.ts:1:14'])
  assert.match(problems[1]!, /Type 'KeyTable' is not assignable to type 'number'/)
})
