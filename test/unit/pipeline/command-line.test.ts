import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from '../../../runtime/pipeline/command-line.ts'

const problems: readonly (readonly [words: string, problem: RegExp])[] = [
  ['stats --port 1', /^there is no command "stats": there are explain, status, /],
  ['run', /without one the pipeline runs$/],
  ['--prot 1', /^there is no option "--prot"; did you mean --port\?$/],
  ['status', /^status needs --port: /],
  ['status here --port 1', /^there is no option "here"$/],
  ['sbom all', /^sbom takes no "all"$/]
]
for (const [words, problem] of problems) {
  test(`what is wrong with: ${words}`, () => {
    const command = parseCommandLine(words.split(' '))
    assert.equal(command.kind, 'usage')
    assert.match(command.kind === 'usage' ? command.problem : '', problem)
  })
}

test('without a command the pipeline runs', () => {
  assert.equal(parseCommandLine([]).kind, 'run')
  assert.equal(parseCommandLine(['--port', '0']).kind, 'run')
})
