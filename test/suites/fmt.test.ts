import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { SqlLexer } from '#grammar'
import { makeRandom } from '../../compiler/dev/index.ts'
import { formatScript } from '../../compiler/format/index.ts'
import { parseSource, readTokens } from '../../compiler/parse/index.ts'
import { makeSourceFile } from '../../compiler/source/index.ts'
import { scrambleScript } from '../support/scramble-script.ts'

const root = join(import.meta.dirname, '../..')

const fixture = join(import.meta.dirname, '../fixtures/fmt/messy')
const messy = readFileSync(join(fixture, 'script.sql'), 'utf8')

function format(text: string): string {
  const formatted = formatScript(makeSourceFile('script.sql', text))
  assert.equal(formatted.kind, 'Formatted', `has syntax errors: ${text}`)
  return formatted.kind === 'Formatted' ? formatted.text : ''
}

type NamedScript = readonly [path: string, text: string]

/** Every script of the repository without syntax errors, and the reference's statements. */
function readScripts(): readonly NamedScript[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.sql']
  const paths = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim().split('\n')
  return paths
    .filter(path => statSync(join(root, path), { throwIfNoEntry: false }) !== undefined)
    .map(path => [path, readFileSync(join(root, path), 'utf8')] as const)
    .filter(([path, text]) => parseSource(makeSourceFile(path, text)).diagnostics.length === 0)
}

const scripts = readScripts()

/** The syntax trees, without the places of their nodes. */
function trees(text: string): string {
  const { script } = parseSource(makeSourceFile('script.sql', text))
  const isPlace = (key: string): boolean => key === 'span' || key.endsWith('Span')
  return JSON.stringify(script.statements, (key, value) => (isPlace(key) ? undefined : value))
}

/** What is left of a script without its tokens and blanks. */
function comments(text: string): string {
  let rest = ''
  let start = 0
  for (const { start: at, stop } of readTokens(makeSourceFile('script.sql', text)).tokens) {
    rest += text.slice(start, at)
    start = stop + 1
  }
  return rest.replaceAll(';', '').replace(/\s+/g, '')
}

/** The script with its strings blanked: blanks at the ends of their lines are theirs. */
function withoutStrings(text: string): string {
  const strings: readonly number[] = [
    ...[SqlLexer.STRING, SqlLexer.ESCAPE_STRING, SqlLexer.DOLLAR_STRING, SqlLexer.QUOTED_NAME]
  ]
  let masked = text
  for (const { type, start, stop } of readTokens(makeSourceFile('script.sql', text)).tokens) {
    if (!strings.includes(type)) continue
    const mask = 'x'.repeat(stop + 1 - start)
    masked = masked.slice(0, start) + mask + masked.slice(stop + 1)
  }
  return masked
}

function checkProperties(text: string, what: string): void {
  const once = format(text)
  assert.equal(format(once), once, `${what}: formatting again changes it`)
  assert.equal(trees(once), trees(text), `${what}: another meaning`)
  assert.equal(comments(once), comments(text), `${what}: other comments`)
  assert.doesNotMatch(withoutStrings(once), /[ \t]$/m, `${what}: blanks at the end of a line`)
  assert.doesNotMatch(withoutStrings(once), /\n\n\n/, `${what}: two empty lines`)
  assert.match(once, /[^\n]\n$/, `${what}: ends in one line break`)
}

test('every script of the repository keeps its meaning and its comments', () => {
  assert.ok(scripts.length > 50)
  for (const [path, text] of scripts) checkProperties(text, path)
})

function checkScrambled(path: string, text: string, seed: number): void {
  const random = makeRandom(seed)
  const scrambled = scrambleScript(text, count => Math.floor(random() * count))
  assert.equal(trees(scrambled), trees(text))
  checkProperties(scrambled, `${path}, seed ${seed}`)
}

test('scripts with other blanks and comments between all tokens', () => {
  // Each fourth: they are much alike, and each costs a dozen parses.
  for (const [i, [path, text]] of scripts.entries()) {
    if (i % 4 === 0) checkScrambled(path, text, i)
  }
})

test('a script of all clauses with other blanks and comments, many times', () => {
  for (let seed = 0; seed < 20; seed++) checkScrambled('messy', messy, seed)
})

test('the reference is in this layout already, but for AS in lower case', () => {
  const path = join(import.meta.dirname, '../unit/parse/fixtures/reference.sql')
  const text = readFileSync(path, 'utf8')
  const expected = text
    .replace(/^(?!--)(.*) as /gm, '$1 AS ')
    .replace(/^(CREATE SOURCE consumer_\d) FROM/gm, '$1\nFROM')
  assert.equal(format(text), expected)
})

test('a messy script', () => {
  assert.equal(format(messy), readFileSync(join(fixture, 'expect/script.sql'), 'utf8'))
})

const column = 'a_rather_long_column_name'
const columns = Array.from({ length: 4 }, (_, i) => `${column}_${i}`)
const layouts: readonly (readonly [what: string, text: string, expected: string])[] = [
  ['clauses have lines of their own', 'select a from t where b', 'SELECT a\nFROM t\nWHERE b\n'],
  [
    'a list that does not fit is one item to a line',
    `select ${columns.join(',')} from t`,
    `SELECT\n    ${columns.join(',\n    ')}\nFROM t\n`
  ],
  [
    'a list of several lines stays so',
    'create table t (a int,\nb text);',
    'CREATE TABLE t (\n    a INT,\n    b TEXT\n);\n'
  ],
  ['a list of one line stays so', 'create table t ( a int )', 'CREATE TABLE t (a INT)\n'],
  [
    'names and strings are left alone',
    "select From_ , 'as'  from T",
    "SELECT From_, 'as'\nFROM T\n"
  ],
  [
    'keywords that are names here are left alone',
    'select value, timestamp, key, window from t',
    'SELECT value, timestamp, key, window\nFROM t\n'
  ],
  ['a function that is a keyword is left alone', 'select unnest(a)', 'SELECT unnest(a)\n'],
  ['a word of a property is left alone', 'set acks = all', 'SET acks = all\n'],
  ['two signs are no comment', 'select - - 1', 'SELECT - -1\n'],
  ['a field of a number', 'select (1) . x, 1 . x', 'SELECT (1).x, 1 .x\n'],
  ['a comment in the first line', '-- head\nselect a', '-- head\nSELECT a\n'],
  ['a comment keeps a query in one line', 'select a -- why\n', 'SELECT a  -- why\n'],
  [
    'a comment before a comma goes behind it',
    'select a -- one\n, b -- two\nfrom t',
    'SELECT\n    a,  -- one\n    b   -- two\nFROM t\n'
  ],
  [
    'a comment behind AND goes before it',
    'select a from t where b and -- why\nc',
    'SELECT a\nFROM t\nWHERE b  -- why\n    AND c\n'
  ],
  [
    'comments with room keep their columns',
    'create table t (\n    a int,      -- one\n    b text      -- two\n);',
    'CREATE TABLE t (\n    a INT,      -- one\n    b TEXT      -- two\n);\n'
  ],
  [
    'others are aligned',
    'create table t (\n a  int,-- one\n b text default 1 -- two\n);',
    'CREATE TABLE t (\n    a INT,            -- one\n    b TEXT DEFAULT 1  -- two\n);\n'
  ],
  ['line breaks are those of the script', 'select a\r\nfrom t;\r\n', 'SELECT a\r\nFROM t;\r\n'],
  ['stray semicolons go', ';; select 1;;', 'SELECT 1;\n']
]
for (const [what, text, expected] of layouts) {
  test(what, () => assert.equal(format(text), expected))
}

/** Runs `miraclec fmt` in a folder with these files. */
function runFmt(files: Readonly<Record<string, string>>, words: readonly string[], input = '') {
  const cwd = mkdtempSync(join(tmpdir(), 'miraclec-fmt-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  const program = join(root, 'compiler/cli.ts')
  const run = spawnSync(process.execPath, [program, 'fmt', ...words], {
    cwd,
    input,
    encoding: 'utf8'
  })
  return { ...run, read: (name: string) => readFileSync(join(cwd, name), 'utf8') }
}

test('fmt writes in place what has no errors, and reports the rest', () => {
  const files = { 'a.sql': 'select 1;', 'b.sql': 'selec 1;', 'c.sql': 'SELECT 1;\n' }
  const { status, stderr, stdout, read } = runFmt(files, ['a.sql', 'b.sql', 'c.sql'])
  assert.equal(status, 1)
  assert.equal(read('a.sql'), 'SELECT 1;\n')
  assert.equal(read('b.sql'), 'selec 1;')
  assert.match(stderr, /^a\.sql: formatted\nb\.sql:1:1: error: expected a statement/)
  assert.equal(stdout, '')
})

test('fmt --check names the files that differ and leaves them', () => {
  const files = { 'a.sql': 'select 1;', 'c.sql': 'SELECT 1;\n' }
  const differing = runFmt(files, ['--check', 'a.sql', 'c.sql'])
  assert.deepEqual([differing.status, differing.stdout], [1, 'a.sql\n'])
  assert.equal(differing.read('a.sql'), 'select 1;')
  const same = runFmt(files, ['--check', 'c.sql'])
  assert.deepEqual([same.status, same.stdout, same.stderr], [0, '', ''])
})

test('fmt --stdout and - print', () => {
  const printed = runFmt({ 'a.sql': 'select 1;' }, ['--stdout', 'a.sql'])
  assert.deepEqual([printed.status, printed.stdout], [0, 'SELECT 1;\n'])
  assert.equal(printed.read('a.sql'), 'select 1;')
  const piped = runFmt({}, ['-'], 'select 2;')
  assert.deepEqual([piped.status, piped.stdout], [0, 'SELECT 2;\n'])
  const wrong = runFmt({}, ['-'], 'select 2 3;')
  assert.deepEqual([wrong.status, wrong.stdout], [1, ''])
  assert.match(wrong.stderr, /^<stdin>:1:10: error/)
})
