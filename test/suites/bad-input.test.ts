import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exitCode } from '../../compiler/commands/command.ts'
import { makeCommandFolder } from '../support/command-folder.ts'
import { readExpected } from '../support/fixtures.ts'
import { readErrorFixture } from '../support/read-error-fixture.ts'

// The real command in a process of its own: what a person or a CI job sees of a file that is no good script.

/** Long enough for a busy machine; on an idle one each takes well under a second. */
const timeout = 5000

const folder = makeCommandFolder()
after(() => folder.remove())

const check = (...words: readonly string[]) => folder.miraclec(['check', ...words], timeout)

/** Bytes that look random, the same each time. */
function noise(length: number): Uint8Array {
  let state = 42
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  })
}

const elf = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0])
const source = "CREATE SOURCE s FROM KAFKA (topic = 'in');\n"
const sink = "CREATE SINK k TO KAFKA (topic = 'out');\n"
const insert = 'INSERT INTO k SELECT value FROM s;\n'

/** The code of the only error that each gets. */
const scripts: Readonly<Record<string, readonly [content: string | Uint8Array, code: string]>> = {
  'an empty file': ['', 'script-empty'],
  'only blanks and comments': ['\n  -- nothing\n/* at all */\n', 'script-empty'],
  'only a byte order mark': [Uint8Array.from([0xef, 0xbb, 0xbf]), 'script-empty'],
  'Latin-1': [Buffer.from(`${source}-- caf\u00e9\n`, 'latin1'), 'script-not-utf8'],
  'UTF-16 with its mark': [Buffer.from(`\ufeff${source}`, 'utf16le'), 'script-not-utf8'],
  'UTF-16 without it': [Buffer.from(source, 'utf16le'), 'nul-character'],
  '10 MB of statements': [insert.repeat(10e6 / insert.length), 'script-too-large'],
  '10 MB in one string': [`SELECT '${'x'.repeat(10e6)}'`, 'script-too-large'],
  '10 MB of bytes that are no text': [noise(10e6), 'script-not-utf8'],
  'an executable': [elf, 'nul-character'],
  '5,000 parentheses': [`SELECT ${'('.repeat(5000)}1${')'.repeat(5000)};`, 'nesting-too-deep'],
  '5,000 open parentheses': [`SELECT ${'('.repeat(5000)}`, 'nesting-too-deep'],
  '5,000 queries': [`SELECT ${'(SELECT '.repeat(5000)}1${')'.repeat(5000)};`, 'nesting-too-deep'],
  '5,000 CASEs': [`SELECT ${'CASE WHEN a THEN '.repeat(5000)}1;`, 'nesting-too-deep'],
  '5,000 signs': [`SELECT ${'- '.repeat(5000)}1;`, 'nesting-too-deep'],
  '5,000 comments': ['/*'.repeat(5000), 'unterminated-comment'],
  'a million quotes': ["'".repeat(999_999), 'unterminated-string']
}

for (const [title, [content, code]] of Object.entries(scripts)) {
  test(title, () => {
    const { status, stdout, stderr } = check(folder.write('bad.sql', content))
    assert.match(stderr, new RegExp(`^bad\\.sql:\\d+:\\d+: error: .* \\[${code}\\]\n`))
    assert.match(stderr, /\n1 error\n$/)
    assert.ok(stderr.length < 3000, `${stderr.length} characters are no message`)
    assertNoStack(stderr)
    assert.equal(stdout, '')
    assert.equal(status, exitCode.script)
  })
}

function assertNoStack(text: string): void {
  assert.doesNotMatch(text, /^\s+at |internal error|node:internal|[\w-]+\.ts:\d+/m)
}

test('a file that does not exist', () => {
  const { status, stdout, stderr } = check('nowhere.sql')
  assert.equal(stderr, 'miraclec: cannot read nowhere.sql: there is no such file\n')
  assert.equal(stdout, '')
  assert.equal(status, exitCode.usage)
})

test('a folder', () => {
  const { status, stderr } = check('.')
  assert.equal(stderr, 'miraclec: cannot read .: it is a folder\n')
  assert.equal(status, exitCode.usage)
})

test('no script, and a format that there is not', () => {
  const missing = check()
  assert.match(missing.stderr, /^miraclec: check needs <script\.sql/)
  assert.equal(missing.status, exitCode.usage)
  const format = check('--format', 'jsn', folder.write('bad.sql', ''))
  assert.match(format.stderr, /not "jsn"; did you mean "json"\?\n/)
  assert.equal(format.status, exitCode.usage)
})

test('a script without mistakes', () => {
  const { status, stdout, stderr } = check(folder.write('good.sql', source + sink + insert))
  assert.deepEqual([status, stdout, stderr], [exitCode.done, '', 'good.sql: no errors\n'])
})

test('warnings alone do not fail', () => {
  const { status, stderr } = check(folder.write('unused.sql', source + sink))
  assert.match(stderr, /warning: nothing reads source "s" \[source-not-read\]/)
  assert.match(stderr, /warning: nothing feeds sink "k" \[sink-not-fed\]/)
  assert.match(stderr, /\n2 warnings\nunused\.sql: no errors\n$/)
  assert.equal(status, exitCode.done)
})

test('a model that is missing: an error, and nothing is written', () => {
  const query = "INSERT INTO k SELECT predict('m', 1) AS score FROM s;\n"
  const script = folder.write(
    'model.sql',
    `${source}${sink}CREATE MODEL m FROM 'm.onnx';\n${query}`
  )
  const { status, stderr } = folder.miraclec(['compile', script, '-o', 'written'], timeout)
  assert.match(stderr, /^model\.sql:3:21: error: .*there is no such file \[model-file-missing\]\n/)
  assert.equal(status, exitCode.script)
  assert.equal(folder.has('written'), false)
})

// What the suite of error fixtures compares is what the command prints.
for (const name of ['property-not-found', 'dead-letter-is-input', 'table-not-filled']) {
  test(`what is printed of the error fixture ${name}`, () => {
    const { script, directory } = readErrorFixture(name)
    const { status, stderr } = check(folder.write('script.sql', script!))
    const expected = readExpected(directory, 'expect/diagnostics.txt')!
    const isWrong = expected.includes(': error: ')
    assert.equal(stderr, isWrong ? expected : `${expected}script.sql: no errors\n`)
    assert.equal(status, isWrong ? exitCode.script : exitCode.done)
  })
}
