import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyTypeScript } from '../../compiler/verify/index.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { fixtureNames, readFixture } from '../support/fixtures.ts'

/** Beside the generated code, so that one run of the type checker does for both. */
const wrong = {
  // Never true, which is the script's affair.
  'a-contradiction': "export const f = (a: number, t: string) => a === 1 && a === 2 && t === 'x'\n",
  'a-constant': 'export const f = null === null ? null : !null\n',
  'other-types': 'export const f = (a: number, t: string) => t === a\n',
  'no-such-thing': "import { noSuchThing } from '#runtime'\nexport const f = noSuchThing\n",
  'not-the-type': "import { keyTable } from '#runtime'\nexport const f: number = keyTable([])\n",
  'no-typescript': 'export const f = ;\n'
}

test('what is generated for every behaviour fixture type-checks against the runtime', () => {
  const problems = verifyTypeScript(new Map([...generatedCode(), ...Object.entries(wrong)]))
  const places = problems.map(problem => /verify\/(\S+:\d+:\d+): /.exec(problem)?.[1] ?? problem)
  assert.deepEqual(places, [
    'other-types.ts:1:44',
    'no-such-thing.ts:1:10',
    'not-the-type.ts:2:14',
    'no-typescript.ts:1:18'
  ])
})

function generatedCode(): Map<string, string> {
  const sources = new Map<string, string>()
  for (const name of fixtureNames('run')) {
    const { script, options } = readFixture('run', name)
    using folder = openScriptFolder(script, options.models, 'script.sql', options)
    const compile = (optimize: boolean): string =>
      compileFixture(folder, optimize).compiled.pipeline.typescript
    const [optimised, unoptimised] = [compile(true), compile(false)]
    sources.set(`${name}/optimised`, optimised)
    if (code(unoptimised) !== code(optimised)) sources.set(`${name}/unoptimised`, unoptimised)
  }
  return sources
}

/** Without the plan and the source map: the optimizer often has nothing to do. */
function code(typescript: string): string {
  return typescript.slice(0, typescript.indexOf('export const pipeline'))
}
