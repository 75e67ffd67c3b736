import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { root } from '../architecture/source-files.ts'
import { assertWellFormed } from '../support/well-formed.ts'

const folder = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function write(name: string, text: string): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const miraclec = join(root, 'compiler/miraclec')

function run(...words: string[]) {
  // Inside of `node --test` a child would report to it instead of printing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const options = { cwd: folder, env, encoding: 'utf8', timeout: 120_000 } as const
  return spawnSync(miraclec, ['test', ...words], options)
}

const script = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a INT);
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT a FROM s WHERE a > 1;
`
write(
  'good/pipeline.sql',
  `${script}TEST 'in the script' INPUT s VALUES (2) EXPECT k VALUES (2);\n`
)
write(
  'good/pipeline.test.sql',
  `-- beside it
TEST 'beside the script'
  INPUT s VALUES (1), (2), (3)
  EXPECT k VALUES (3), (2);
`
)
write('good/untested.sql', 'this is no script of ours')
write('good/node_modules/x.sql', `TEST 'not ours' EXPECT k ROWS 0;`)
write('bad/wrong.sql', script)
write(
  'bad/wrong.test.sql',
  `TEST 'passes' EXPECT k ROWS 0;
TEST 'a row too few'
  INPUT s VALUES (2)
  EXPECT k VALUES (2), (3);
`
)
write('broken/broken.sql', `${script}TEST 'typo' INPUT t VALUES (2) EXPECT k VALUES ('x');\n`)
write('broken/orphan.test.sql', `TEST 'alone' EXPECT k ROWS 0;\n`)
write('broken/mixed.sql', script)
write('broken/mixed.test.sql', `TEST 'one' EXPECT k ROWS 0;\nSET parallelism = 1;\n`)
const hostile = `</testsuite><x a="b" c=''d''>& # SKIP # TODO \${process.exit(0)} \`; process.exit(0) //`
write(
  'hostile.sql',
  `${script.replace('s FROM', '"s\n*/ </x>" FROM').replace('FROM s', 'FROM "s\n*/ </x>"')}
TEST '${hostile}' EXPECT k ROWS 0;
TEST E'line\\none \\x1b[31m\\u2028\\u202e\\ufffe ]]> <!-- --' EXPECT k ROWS 1;
TEST '' INPUT "s\n*/ </x>" VALUES (2) EXPECT k (a) VALUES (9);
`
)

test('a folder: scripts that have tests, in themselves or beside them', () => {
  const { status, stdout, stderr } = run('good')
  assert.equal(stderr, '')
  assert.equal(status, 0)
  const lines = stdout.split('\n').map(line => line.replace(/ \([\d.]+ms\)$/, ''))
  assert.deepEqual(lines.slice(0, 8), [
    '▶ good/pipeline.sql',
    '  ✔ in the script',
    '✔ good/pipeline.sql',
    '▶ good/pipeline.test.sql',
    '  ✔ beside the script',
    '✔ good/pipeline.test.sql',
    'ℹ tests 2',
    'ℹ suites 2'
  ])
})

test('what fails is shown with its place in the SQL', () => {
  const { status, stdout, stderr } = run('bad/wrong.test.sql')
  assert.equal(stderr, '')
  assert.equal(status, 1)
  const shown = stdout.slice(stdout.indexOf('✖ failing tests:')).replace(/ \([\d.]+ms\)/g, '')
  assert.equal(
    shown.trimEnd(),
    `✖ failing tests:

test at bad/wrong.test.sql:2:1
✖ a row too few
  bad/wrong.test.sql:4:3: EXPECT k: 1 row missing
  ${''}
             a
    missing  3
             2`
  )
})

test('scripts with errors fail, and the others run', () => {
  const { status, stdout, stderr } = run('broken', 'good', '--reporter', 'tap')
  assert.equal(stderr, '')
  assert.equal(status, 1)
  assert.match(stdout, /^TAP version 13\n/)
  assert.deepEqual(stdout.match(/^ {4}(not )?ok .*$/gm), [
    '    not ok 1 - compiles',
    '    not ok 1 - compiles',
    '    not ok 1 - compiles',
    '    ok 1 - in the script',
    '    ok 1 - beside the script'
  ])
  const errors = stdout.split('\n').filter(line => /\[[a-z-]+\]$/.test(line))
  assert.deepEqual(
    errors.map(line => line.trim()),
    [
      'broken/broken.sql:4:19: error: no source is called "t" [test-source-not-found]',
      `broken/broken.sql:4:49: error: the literal 'x' is not a value of INT [invalid-literal]`,
      'broken/mixed.test.sql:2:1: error: a test file holds nothing but TEST statements [test-file-statement]',
      `broken/orphan.test.sql:1:1: error: the script that these tests are for can't be read: there is no such file [test-script-missing]`
    ]
  )
})

test('JUnit is well-formed whatever the tests are called', () => {
  const { status, stdout, stderr } = run('hostile.sql', '--reporter', 'junit')
  assert.equal(stderr, '')
  assert.equal(status, 1)
  const elements = assertWellFormed(stdout)
  const count = (name: string): number => elements.filter(element => element === name).length
  assert.deepEqual([count('testsuite'), count('testcase'), count('failure')], [1, 3, 2])
  assert.match(stdout, /line\\u000aone \\u001b\[31m\\u2028\\u202e\\ufffe/)
  const tap = run('hostile.sql', '--reporter', 'tap').stdout
  assert.match(tap, /^ {4}ok 1 - <\/testsuite>.* \\# SKIP \\# TODO/m)
})

test('the examples pass their tests', () => {
  const { status, stdout, stderr } = run(join(root, 'examples'), '--reporter', 'tap')
  assert.equal(stderr, '')
  assert.equal(status, 0, stdout)
})

test('--name takes a pattern', () => {
  const { status, stdout } = run('--name', '^beside|few$')
  assert.equal(status, 1)
  assert.deepEqual(stdout.match(/^ {2}[✔✖] (?!compiles).*?(?= \()/gm), [
    '  ✖ a row too few',
    '  ✔ beside the script'
  ])
})

test('what is wrong with the command', () => {
  for (const [words, code, said] of [
    [['nowhere'], 2, 'miraclec: cannot read nowhere: there is no such file or folder\n'],
    [['good', '--name', '('], 2, /^miraclec: --name: Invalid regular expression/],
    [['good', '--name', 'zzz'], 1, 'miraclec: there are no tests whose name matches zzz\n'],
    [['good/node_modules'], 1, /./],
    [['good', '--reporter', 'dots'], 2, /--reporter is one of spec, tap, junit, not "dots"/]
  ] as const) {
    const { status, stdout, stderr } = run(...words)
    assert.equal(status, code, words.join(' '))
    if (typeof said === 'string') assert.equal(stderr, said)
    else assert.match(stdout + stderr, said)
  }
})

test('--watch runs again when a file changes', { timeout: 120_000 }, async () => {
  const watched = (name: string): void =>
    write('watched/w.sql', `${script}TEST '${name}' EXPECT k ROWS 0;\n`)
  watched('first')
  const child = spawn(miraclec, ['test', '--watch', 'watched'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined }
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const seen = async (text: string): Promise<void> => {
    for (;;) {
      const { done, value } = await lines.next()
      assert.ok(done !== true, `it ended before it said ${text}`)
      if (value.includes(text)) return
    }
  }
  await seen('✔ first')
  watched('second')
  await seen('✔ second')
  child.kill('SIGTERM')
  await once(child, 'exit')
})
