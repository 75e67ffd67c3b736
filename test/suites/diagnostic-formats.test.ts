import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { exitCode } from '../../compiler/commands/command.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { secretProperties } from '../../compiler/kafka/index.ts'
import { makeSourceFile, makeSpan } from '../../compiler/source/index.ts'
import { makeCommandFolder } from '../support/command-folder.ts'

const folder = makeCommandFolder()
after(() => folder.remove())

/** One error, with a hint and a related place; columns count UTF-16 code units. */
const script = `/* é😀 */
CREATE SOURCE s FROM KAFKA (topic = 'in');
CREATE SINK s TO KAFKA (topic = 'out') FROM TABLE s;
`
folder.write('a b.sql', script)

function check(format: string) {
  const finished = folder.miraclec(['check', '--format', format, 'a b.sql'], 5000)
  assert.equal(finished.status, exitCode.script)
  return finished
}

test('json', () => {
  const { stdout, stderr } = check('json')
  assert.equal(stderr, '')
  const start = script.indexOf('SINK s') + 5
  const first = script.indexOf('SOURCE s') + 7
  const place = (line: number, column: number, offset: number, length: number) => ({
    file: 'a b.sql',
    start: { line, column, offset },
    end: { line, column: column + length, offset: offset + length }
  })
  assert.deepEqual(JSON.parse(stdout), {
    diagnostics: [
      {
        code: 'duplicate-name',
        severity: 'error',
        message: 'there is already a source called "s"',
        hint: 'Sources, sinks, tables and views share their names.',
        place: place(3, 13, start, 1),
        related: [{ message: 'the source is declared here', place: place(2, 15, first, 1) }]
      }
    ]
  })
})

test('json of a script without mistakes', () => {
  const sink = "CREATE SINK k TO KAFKA (topic = 'out') FROM TABLE s;\n"
  folder.write('good.sql', `CREATE SOURCE s FROM KAFKA (topic = 'in');\n${sink}`)
  const { status, stdout, stderr } = folder.miraclec(
    ['check', '--format', 'json', 'good.sql'],
    5000
  )
  assert.deepEqual([status, JSON.parse(stdout), stderr], [exitCode.done, { diagnostics: [] }, ''])
})

test('github: one command per line, for the log that the job writes', () => {
  const { stdout, stderr } = check('github')
  assert.equal(stdout, '')
  assert.equal(
    stderr,
    '::error file=a b.sql,line=3,endLine=3,col=13,endColumn=14,title=duplicate-name' +
      '::there is already a source called "s"%0ASources, sinks, tables and views share their names.\n'
  )
})

test('github: what would end a command or a property is escaped', () => {
  const file = makeSourceFile('a,b:c%.sql', 'x\r\ny')
  const diagnostic = {
    code: 'some-code',
    severity: 'warning',
    message: '100% of\r\n::error::x',
    detail: 'a, b',
    span: makeSpan(file, 3, 4)
  } as const
  assert.equal(
    renderDiagnostics([diagnostic], 'github', '1'),
    '::warning file=a%2Cb%3Ac%25.sql,line=2,endLine=2,col=1,endColumn=2,title=some-code' +
      '::100%25 of%0D%0A::error::x%0Aa, b\n'
  )
})

interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}
interface Location {
  readonly message?: { readonly text: string }
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string }
    readonly region: Region
  }
}

// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
test('sarif: the shape that code scanning reads', () => {
  const { stdout, stderr } = check('sarif')
  assert.equal(stderr, '')
  const log = JSON.parse(stdout)
  assert.equal(log.version, '2.1.0')
  assert.match(log.$schema, /^https:\/\/.*sarif-2\.1\.0\.json$/)
  assert.equal(log.runs.length, 1)
  const [run] = log.runs
  assert.equal(run.columnKind, 'utf16CodeUnits')
  assert.equal(run.tool.driver.name, 'miraclec')
  assert.match(run.tool.driver.version, /^\d+\.\d+\.\d+/)
  assert.deepEqual(run.tool.driver.rules, [{ id: 'duplicate-name' }])
  assert.equal(run.results.length, 1)
  const [result] = run.results
  assert.deepEqual([result.ruleId, result.ruleIndex, result.level], ['duplicate-name', 0, 'error'])
  assert.match(result.message.text, /^there is already a source called "s"\nSources, /)
  const [location] = result.locations as readonly Location[]
  assert.deepEqual(location!.physicalLocation, {
    artifactLocation: { uri: 'a%20b.sql' },
    region: { startLine: 3, startColumn: 13, endLine: 3, endColumn: 14 }
  })
  const [related] = result.relatedLocations as readonly Location[]
  assert.equal(related!.message!.text, 'the source is declared here')
  assert.equal(related!.physicalLocation.region.startLine, 2)
})

test('sarif: results name their rules, whatever their order', () => {
  const file = makeSourceFile('x.sql', 'ab')
  const make = (code: string, severity: 'error' | 'warning', at: number) => ({
    code,
    severity,
    message: code,
    span: makeSpan(file, at, at + 1)
  })
  const all = [make('b-code', 'warning', 1), make('a-code', 'error', 0), make('b-code', 'error', 0)]
  const [run] = JSON.parse(renderDiagnostics(all, 'sarif', '1')).runs
  for (const { ruleId, ruleIndex } of run.results) {
    assert.equal(run.tool.driver.rules[ruleIndex].id, ruleId)
  }
  assert.deepEqual(
    run.results.map(({ level }: { readonly level: string }) => level),
    ['error', 'error', 'warning']
  )
})

test('a secret in the script is in no format, whatever is wrong on its line', () => {
  const scripts = [
    `CREATE SOURCE s FROM KAFKA (tpic = 't') CONFIG ('sasl.pasword' = 'hunter2', 'sasl.mechanism' = 'PLAN');`,
    `CREATE SOURCE s FROM KAFKA (topic = 't') CONFIG ('sasl.password' 'hunter2');`,
    `CREATE SOURCE s FROM KAFKA (topic = 't') CONFIG (sasl_password = E'hunter2', tpic = 1);`,
    `CREATE SOURCE s FROM KAFKA (topic = 't') CONFIG ('ssl.key.pem' = 'hunter2\nhunter2', ssl_key_password = 'hunter2');`,
    `CREATE SOURCE s FROM KAFKA (topic = 't') CONFIG ('sasl.password' = 'hunter2`,
    `CREATE SOURCE s FROM KAFKA (topic = 't') CONFIG ('sasl.jaas.config' = 'x password="hunter2";');`
  ]
  for (const text of scripts) {
    folder.write('secret.sql', text)
    for (const format of ['text', 'json', 'github', 'sarif']) {
      const { stdout, stderr } = folder.miraclec(['check', '--format', format, 'secret.sql'], 5000)
      assert.match(stdout + stderr, /secret\.sql/)
      assert.doesNotMatch(stdout + stderr, /hunter2/, `${format} of ${text}`)
    }
  }
})

test('carets stand below what they mean: behind a secret, behind wide characters', () => {
  const line = `SELECT '日本', e\u0301, '👩‍👩‍👧', passwords = 'hunter2', x;`
  const file = makeSourceFile('wide.sql', line)
  const at = line.indexOf('x;')
  const text = renderDiagnostics(
    [{ code: 'c', severity: 'error', message: 'm', span: makeSpan(file, at, at + 1) }],
    'text',
    '1'
  )
  const [, source, carets] = text.split('\n')
  assert.equal(source, `  1 | SELECT '日本', e\u0301, '👩‍👩‍👧', passwords = '***', x;`)
  // 'SELECT ' and two wide characters, one that combines, one emoji of five code points.
  assert.equal(carets, `    | ${' '.repeat(7 + 8 + 3 + 6 + 19)}^`)
})

test('no diagnostic shows a secret, whichever property holds it', () => {
  for (const name of secretProperties) {
    for (const spelling of [name, name.replace('schema.registry.', ''), name.replaceAll('.', '_')])
      assert.equal(
        shownLine(`CONFIG ('${spelling}' = 'hunter2')`),
        `CONFIG ('${spelling}' = '***')`
      )
  }
  const urls = "schema_registry_url = 'http://me:hunter2@one:81/a, https://you:hunter3@two'"
  assert.equal(
    shownLine(urls),
    "schema_registry_url = 'http://me:***@one:81/a, https://you:***@two'"
  )
  const both = "'sasl.password' = 'http://me:hunter2@one'"
  assert.equal(shownLine(both), "'sasl.password' = '***'")
  const none = "schema_registry_url = 'http://one:8081/a@b', topic = 'a:b@c'"
  assert.equal(shownLine(none), none)
})

/** As it stands below a message about its first character. */
function shownLine(line: string): string {
  const file = makeSourceFile('secret.sql', line)
  const text = renderDiagnostics(
    [{ code: 'c', severity: 'error', message: 'm', span: makeSpan(file, 0, 1) }],
    'text',
    '1'
  )
  return text.split('\n')[1]!.replace('  1 | ', '')
}
