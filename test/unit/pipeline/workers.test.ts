import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from '../../../runtime/pipeline/command-line.ts'

function parse(words: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(words.split(' '))
}

test('the other workers have the command line without what listens', () => {
  const command = parse(
    '--brokers b:1 --port 80 --pg-port=5433 --workers 3 --token t --log-level=warn --sample-records'
  )
  assert.ok(command.kind === 'run')
  assert.equal(command.workers, 3)
  assert.deepEqual(command.workerWords, ['--brokers', 'b:1', '--log-level=warn'])
  const again = parseCommandLine(command.workerWords)
  assert.ok(again.kind === 'run' && again.workers === 1 && again.port === null)
})

for (const [words, problem] of [
  ['--workers 0', /from 1 to 64, not "0"/],
  ['--workers 1.5', /from 1 to 64/],
  ['--workers many', /from 1 to 64, not "many"/],
  ['--workers 2 --rebuild-state', /--rebuild-state is for one process/]
] as const) {
  test(`refused: ${words}`, () => {
    const command = parse(words)
    assert.ok(command.kind === 'usage')
    assert.match(command.problem, problem)
  })
}
