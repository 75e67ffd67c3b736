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

test('code that does not fit the runtime is named, with its line', () => {
  const source = "import { keyTable } from '#runtime'\nexport const keys: number = keyTable([])\n"
  const [problem, ...others] = verifyTypeScript(new Map([['wrong', source]]))
  assert.match(problem!, /verify\/wrong\.ts:2:14: Type 'KeyTable' is not assignable/)
  assert.deepEqual(others, [])
})
