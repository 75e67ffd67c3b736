import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, beforeEach, test } from 'node:test'
import { root } from '../architecture/source-files.ts'
import { makeCommandFolder } from '../support/command-folder.ts'

const timeout = 10_000
const folder = makeCommandFolder()
after(() => folder.remove())

const source = "CREATE SOURCE s FROM KAFKA (topic = 'in');\n"
const right = `${source}CREATE SINK k TO KAFKA (topic = 'out') FROM TABLE s;\n`

beforeEach(() => {
  folder.write('right.sql', right)
  folder.write('wrong.sql', `${right}SELEC 1;\n`)
  folder.write('tested.sql', right)
  folder.write('tested.test.sql', `TEST 'x' INPUT nobody VALUES (1) EXPECT ERRORS 0;`)
})

test('several scripts are checked, each with its own errors', () => {
  const finished = folder.miraclec(['check', 'right.sql', 'wrong.sql'], timeout)
  assert.equal(finished.status, 1)
  assert.match(finished.stderr, /^wrong\.sql:3:1: error: [^]*\n1 error\nright\.sql: no errors\n$/)
})

test('a script is checked with the tests beside it, once', () => {
  const finished = folder.miraclec(['check', 'tested.sql', 'tested.test.sql'], timeout)
  assert.equal(finished.status, 1)
  assert.match(finished.stderr, /^tested\.test\.sql:1:16: error: [^]*\n1 error\n$/)
})

test('a format for programs is one document for all scripts', () => {
  const words = ['check', '--format', 'json', 'wrong.sql', 'tested.sql']
  const { stdout, status } = folder.miraclec(words, timeout)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { place: { file: string } }[] }
  const files = diagnostics.map(({ place }) => place.file)
  assert.deepEqual([status, files], [1, ['wrong.sql', 'tested.test.sql']])
})

test('what cannot be read is said, the others are checked', () => {
  const finished = folder.miraclec(['check', 'absent.sql', 'right.sql'], timeout)
  assert.equal(finished.status, 2)
  assert.equal(
    finished.stderr,
    'miraclec: cannot read absent.sql: there is no such file\nright.sql: no errors\n'
  )
})

test('--watch checks again after a change', { timeout }, async () => {
  const child = spawn(join(root, 'compiler/miraclec'), ['check', '--watch', 'right.sql'], {
    cwd: folder.path,
    stdio: ['ignore', 'inherit', 'pipe']
  })
  let changes: NodeJS.Timeout | undefined
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stderr })) {
      if (!line.startsWith('checked at ')) {
        lines.push(line)
        continue
      }
      if (lines.some(text => text.includes('syntax-error'))) break
      // The first change may come before the command watches.
      changes ??= setInterval(() => folder.write('right.sql', `${right}SELEC 1;\n`), 100)
    }
    assert.equal(lines[0], 'right.sql: no errors')
    assert.match(lines[1]!, /^right\.sql:3:1: error: .* \[syntax-error\]$/)
  } finally {
    clearInterval(changes)
    child.kill()
  }
})
