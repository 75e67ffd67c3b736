import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from '../../../runtime/pipeline/command-line.ts'

function parse(words: string): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(words.split(' '))
}

for (const [text, bytes] of [
  ['256MB', 256 << 20],
  ['256MiB', 256 << 20],
  ['256m', 256 << 20],
  ['1.5GB', 1.5 * 2 ** 30],
  ['16g', 16 * 2 ** 30],
  ['200000KB', 200_000 << 10]
] as const) {
  test(`--max-memory ${text}`, () => {
    const command = parse(`--max-memory ${text}`)
    assert.ok(command.kind === 'run')
    assert.equal(command.maxMemory, bytes)
  })
}

for (const [words, problem] of [
  ['--max-memory lots', /is a size as 256MB or 1.5GB, not "lots"/],
  ['--max-memory 268435456', /is a size/],
  ['--max-memory -1GB', /is a size/],
  ['--max-memory 64MB', /is at least 128MB, not "64MB"/],
  ['--max-memory 256MB --workers 4', /is at least 512MB for 4 processes, not "256MB"/]
] as const) {
  test(`refused: ${words}`, () => {
    const command = parse(words)
    assert.ok(command.kind === 'usage')
    assert.match(command.problem, problem)
  })
}

test('workers share it: each is told what is its own', () => {
  const command = parse('--max-memory=1GB --workers 3 --brokers b:1')
  assert.ok(command.kind === 'run')
  const again = parseCommandLine(command.workerWords)
  assert.ok(again.kind === 'run')
  assert.ok(Math.abs(again.maxMemory! - 2 ** 30 / 3) < 2048, String(again.maxMemory))
  assert.ok(Math.abs(command.maxMemory! - 2 ** 30 / 3) < 2048)
})
