import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type LanguageClient, startLanguageClient } from '../support/language-client.ts'

// The real command in a process of its own, asked as an editor asks it.

interface Position {
  readonly line: number
  readonly character: number
}
interface Range {
  readonly start: Position
  readonly end: Position
}
interface Diagnostic {
  readonly range: Range
  readonly code?: string
  readonly severity: number
  readonly message: string
  readonly relatedInformation?: readonly { location: { uri: string; range: Range } }[]
}
interface Published {
  readonly uri: string
  readonly version?: number
  readonly diagnostics: readonly Diagnostic[]
}
interface Item {
  readonly label: string
  readonly sortText: string
  readonly detail?: string
  readonly textEdit: { readonly range: Range; readonly newText: string }
}
interface Symbols {
  readonly name: string
  readonly detail?: string
  readonly children?: readonly Symbols[]
}

const folder = mkdtempSync(join(tmpdir(), 'miraclec-lsp-'))
let client: LanguageClient
before(async () => {
  client = startLanguageClient()
  const params = { processId: process.pid, rootUri: null, capabilities: {} }
  const { capabilities } = await client.request<{ capabilities: Record<string, unknown> }>(
    'initialize',
    params
  )
  assert.equal(capabilities['textDocumentSync'], 2, 'documents are synced by their changes')
  client.notify('initialized', {})
})
after(() => {
  client.kill()
  rmSync(folder, { recursive: true, force: true })
})

let opened = 0

/** Opens a document; `|` marks a place in it. */
function open(marked: string, name = `script-${++opened}.sql`) {
  const uri = pathToFileURL(join(folder, name)).href
  const mark = marked.indexOf('|')
  const text = mark < 0 ? marked : marked.slice(0, mark) + marked.slice(mark + 1)
  const textDocument = { uri, languageId: 'sql', version: 1, text }
  client.notify('textDocument/didOpen', { textDocument })
  return { textDocument: { uri }, position: placeOf(text, Math.max(0, mark)), text }
}

function placeOf(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split('\n')
  return { line: lines.length - 1, character: lines.at(-1)!.length }
}

function textIn(text: string, { start, end }: Range): string {
  const lines = text.split('\n').slice(start.line, end.line + 1)
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.character)
  return lines.join('\n').slice(start.character)
}

const published = (uri: string, isWanted: (params: Published) => boolean = () => true) =>
  client.next<Published>(
    'textDocument/publishDiagnostics',
    params => params.uri === uri && isWanted(params)
  )

async function hoverText(marked: string): Promise<string | null> {
  type Hover = { readonly contents: { readonly value: string } } | null
  const { textDocument, position } = open(marked)
  const hover = await client.request<Hover>('textDocument/hover', { textDocument, position })
  return hover === null ? null : hover.contents.value
}

/** The line and the text that a definition leads to. */
async function definition(marked: string): Promise<string | null> {
  type Location = { readonly uri: string; readonly range: Range } | null
  const { textDocument, position, text } = open(marked)
  const params = { textDocument, position }
  const location = await client.request<Location>('textDocument/definition', params)
  if (location === null) return null
  return `${location.range.start.line + 1}: ${textIn(text, location.range)}`
}

async function completion(marked: string): Promise<readonly Item[]> {
  const { textDocument, position } = open(marked)
  const items = await client.request<Item[]>('textDocument/completion', { textDocument, position })
  return items.toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1))
}

const script = `CREATE SOURCE txns FROM KAFKA (topic = 'in', format = 'json')
SCHEMA (id BIGINT NOT NULL, amount DOUBLE, note TEXT);
CREATE TABLE users (id BIGINT, name TEXT, "order" INT, PRIMARY KEY (id));
CREATE SINK out TO KAFKA (topic = 'out') CONFIG ('linger.ms' = '5') FROM TABLE big;
CREATE MODEL risk FROM 'missing.onnx';
`
/** A statement that is wrong, before what is asked about. */
const broken = `${script}SELEC 1;\n`
const big = `CREATE TABLE big AS SELECT t.id, upper(u.name) AS shout, amount * 2 AS twice
FROM txns t LEFT JOIN users u ON t.id = u.id;
`

test('diagnostics come with code, severity, hint and related places, and go with the next change', async () => {
  const text = `${script}CREATE TABLE users (x INT);\nSELECT 1 +;\n`
  const { textDocument } = open(text)
  const { uri } = textDocument
  const syntax = await published(uri)
  assert.deepEqual(
    syntax.diagnostics.map(({ code, severity }) => [code, severity]),
    [['syntax-error', 1]]
  )
  assert.equal(syntax.diagnostics[0]!.range.start.line, 6)

  // Only the change is sent: the line with the syntax error goes.
  const range = { start: { line: 6, character: 0 }, end: { line: 7, character: 0 } }
  const change = { textDocument: { uri, version: 2 }, contentChanges: [{ range, text: '' }] }
  client.notify('textDocument/didChange', change)
  const { diagnostics } = await published(uri, ({ version }) => version === 2)
  const duplicate = diagnostics.find(({ code }) => code === 'duplicate-name')
  assert.equal(textIn(text, duplicate!.range), 'users')
  const related = duplicate!.relatedInformation!.map(({ location }) => location)
  assert.deepEqual(
    related.map(({ uri: at, range: place }) => [at, textIn(text, place), place.start.line]),
    [[uri, 'users', 2]]
  )
})

test('fast typing is checked once it pauses', async () => {
  const { textDocument } = open(script)
  const { uri } = textDocument
  for (let version = 2; version < 8; version++) {
    const end = { line: 5, character: version - 2 }
    const contentChanges = [{ range: { start: end, end }, text: 'x' }]
    client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges })
  }
  const { version, diagnostics } = await published(uri)
  assert.equal(version, 7)
  assert.match(diagnostics[0]!.message, /found "xxxxxx"/)
  // An answer that comes behind whatever else would have been sent.
  await client.request('textDocument/documentSymbol', { textDocument })
  const more = client.waiting<Published>('textDocument/publishDiagnostics')
  assert.deepEqual(
    more.filter(params => params.uri === uri),
    []
  )
})

test('a closed document has no diagnostics', async () => {
  const { textDocument } = open('SELEC 1;')
  await published(textDocument.uri)
  client.notify('textDocument/didClose', { textDocument })
  assert.deepEqual((await published(textDocument.uri)).diagnostics, [])
})

test('tests beside a script are checked against it as it is in the editor', async () => {
  const right = `${script}${big}`.replace(/CREATE MODEL.*\n/, '')
  writeFileSync(join(folder, 'beside.sql'), 'SELEC 1;')
  const wrongTest = `TEST 'x' INPUT nobody VALUES (1) EXPECT ERRORS 0;`
  const tests = open(wrongTest, 'beside.test.sql')
  const { uri } = tests.textDocument
  const [hint] = (await published(uri)).diagnostics
  assert.match(hint!.message, /beside\.sql has errors/)
  open(right, 'beside.sql')
  const { diagnostics } = await published(uri)
  assert.equal(textIn(tests.text, diagnostics[0]!.range), 'nobody')
})

const hovers: readonly (readonly [what: string, marked: string, expected: RegExp])[] = [
  [
    'a column',
    big.replace('t.id,', 't.|id,'),
    /^```sql\nid BIGINT NOT NULL\n.*\n\nA column of `t`, line 2\./s
  ],
  ['a column without its table', big.replace('amount', 'am|ount'), /amount DOUBLE\n/],
  ['the outer side of a join', big.replace('u.name', 'u.na|me'), /name TEXT\n/],
  ['an alias of FROM', big.replace('t.id,', '|t.id,'), /^```sql\nt \(\n {4}id BIGINT NOT NULL,\n/],
  [
    'a function',
    big.replace('upper', 'up|per'),
    /upper \(TEXT\) -> TEXT\n.*\nThe text in upper case\..*upper\('abc'\)/s
  ],
  ['a source', big.replace('txns', 'tx|ns'), /id BIGINT NOT NULL,\n.*Source, line 1\./s],
  ['an expression', big.replace('* 2', '|* 2'), /^```sql\nDOUBLE\n/],
  ['an alias of the select list', big.replace('AS shout', 'AS sh|out'), /shout TEXT\n/],
  [
    'a table made by a query',
    `${big}INSERT INTO b|ig SELECT 1;`,
    /shout TEXT,\n {4}twice DOUBLE\n/
  ],
  [
    'a WITH query',
    'INSERT INTO o WITH w AS (SELECT id AS k FROM txns) SELECT k FROM |w;',
    /^```sql\nw \(\n {4}k BIGINT NOT NULL\n/
  ]
]
for (const [what, marked, expected] of hovers) {
  test(`hover: ${what}, beside a statement that is wrong`, async () => {
    assert.match((await hoverText(`${broken}${marked}`)) ?? 'nothing', expected)
  })
}

test('hover: a sink and its parameters', async () => {
  assert.match((await hoverText(`${script.replace('SINK out', 'SINK o|ut')}${big}`))!, /shout TEXT/)
  assert.match((await hoverText(script.replace('topic', 't|opic')))!, /The topic to read/)
  assert.match((await hoverText(script.replace('format', 'f|ormat')))!, /One of `json`, `text`/)
  assert.match(
    (await hoverText(script.replace('linger.ms', 'linger|.ms')))!,
    /a number from|an integer from/
  )
})

test('hover: nothing where there is nothing to say', async () => {
  assert.equal(await hoverText(`${script}|\n`), null)
  assert.equal(await hoverText(script.replace('CREATE S', 'CR|EATE S')), null)
})

/** What is typed is wrong most of the time. */
const unfinished: readonly (readonly [what: string, marked: string, expected: RegExp])[] = [
  ['a comma too many', 'INSERT INTO o SELECT t.|id, FROM txns t;', /id BIGINT NOT NULL/],
  ['no select list', 'INSERT INTO o SELECT FROM txns WHERE am|ount > 1;', /amount DOUBLE/],
  ['half a condition', 'INSERT INTO o SELECT id FROM txns WHERE am|ount >', /amount DOUBLE/],
  ['an empty condition', 'INSERT INTO o SELECT |note FROM txns WHERE GROUP BY note;', /note TEXT/],
  ['an open call', 'INSERT INTO o SELECT upper(no|te FROM txns;', /note TEXT/],
  ['half a call', 'INSERT INTO o SELECT coalesce(note, FROM t|xns;', /Source, line 1/],
  ['half a CASE', 'INSERT INTO o SELECT CASE WHEN am|ount > 1 THEN FROM txns;', /amount DOUBLE/],
  ['half a path', 'INSERT INTO o SELECT t. FROM txns t WHERE no|te IS NULL;', /note TEXT/],
  [
    'a word too many',
    'INSERT INTO o SELECT id one two FROM txns WHERE n|ote IS NULL;',
    /note TEXT/
  ],
  ['a keyword misspelt', 'INSERT INTO o SELECT i|d FROM txns WHER id > 1;', /id BIGINT NOT NULL/],
  ['an open query', 'INSERT INTO o SELECT x FROM (SELECT id AS x FROM tx|ns;', /Source, line 1/],
  ['half a join', 'INSERT INTO o SELECT n|ote FROM txns t JOIN users u ON;', /note TEXT/],
  [
    'an open string',
    "INSERT INTO o SELECT id FROM txns WHERE n|ote = 'abc\nAND id > 1;\nSELECT 'a';",
    /note TEXT/
  ],
  [
    'a character from nowhere',
    'INSERT INTO o SELECT id ! FROM txns WHERE n|ote IS NULL;',
    /note TEXT/
  ],
  [
    'no semicolon',
    "INSERT INTO o SELECT i|d FROM txns WHERE\nCREATE SINK k TO KAFKA (topic = 'k') FROM TABLE users;",
    /id BIGINT NOT NULL/
  ],
  [
    'what comes behind it',
    "INSERT INTO o SELECT id FROM txns WHERE\nCREATE SINK k TO KAFKA (topic = 'k') FROM TABLE us|ers;",
    /Table, line 3/
  ],
  [
    'a source, read by another statement',
    'CREATE SOURCE q FROM KAFKA (topic = ) SCHEMA (a INT, b BIGINT NOT NULL, c\n;INSERT INTO o SELECT |b FROM q;',
    /b BIGINT NOT NULL/
  ],
  ['a test', "TEST 'x' INPUT tx|ns VALUES (1, EXPECT ERRORS 0;", /Source, line 1/]
]
for (const [what, marked, expected] of unfinished) {
  test(`hover in a statement with ${what}`, async () => {
    assert.match((await hoverText(`${script}${marked}`)) ?? 'nothing', expected)
  })
}

test('hover in what is no statement at all', async () => {
  assert.equal(await hoverText(`${script}b|la bla bla;`), null)
  assert.match((await hoverText(`${script.replace('users', 'us|ers')}/* open`))!, /Table, line 3/)
})

const definitions: readonly (readonly [what: string, marked: string, expected: string])[] = [
  ['a column of a source', big.replace('t.id,', 't.|id,'), '2: id BIGINT NOT NULL'],
  ['a column of a table', big.replace('u.name', 'u.na|me'), '3: name'],
  ['a source', big.replace('txns', 't|xns'), '1: txns'],
  ['an alias', big.replace('t.id,', '|t.id,'), '8: t'],
  [
    'a column that a query computes',
    `${big}INSERT INTO o SELECT tw|ice FROM big;`,
    '7: amount * 2'
  ],
  [
    'a column behind *',
    `INSERT INTO o SELECT d.am|ount FROM (SELECT * FROM txns) d;`,
    '2: amount DOUBLE'
  ],
  ['a model', `INSERT INTO o SELECT predict('ri|sk', amount) AS p FROM txns;`, '5: risk'],
  ['the target of INSERT', `INSERT INTO u|sers SELECT 1, 'x', 2;`, '3: users'],
  ['a column in the list of INSERT', `INSERT INTO users (na|me) SELECT note FROM txns;`, '3: name'],
  ['the table of UPDATE, its columns', `UPDATE users SET name = 'x' WHERE i|d = 1;`, '3: id'],
  ['a WITH query', 'INSERT INTO o WITH w AS (SELECT id FROM txns) SELECT id FROM |w;', '7: w'],
  [
    'a column of a statement that is not done',
    'INSERT INTO o SELECT no|te, FROM txns WHERE',
    '2: note TEXT'
  ],
  ['the source of a test', `TEST 'x' INPUT tx|ns VALUES (1) EXPECT ERRORS 0;`, '1: txns']
]
for (const [what, marked, expected] of definitions) {
  test(`definition: ${what}`, async () => {
    assert.equal(await definition(`${broken}${marked}`), expected)
  })
}

test('definition: the table of a sink, declared below it', async () => {
  assert.equal(await definition(`${script.replace('TABLE big', 'TABLE b|ig')}${big}`), '6: big')
})

const completions: readonly (readonly [
  marked: string,
  first: readonly string[],
  absent: string
])[] = [
  ['SELECT | FROM txns t', ['amount', 'id', 'note', 't'], 'WHERE'],
  ['SELECT t.| FROM txns t JOIN users u ON t.id = u.id', ['amount', 'id', 'note'], 'name'],
  ['SELECT t.id FROM txns t JOIN users u ON u.|', ['id', 'name', 'order'], 'note'],
  ['SELECT am| FROM txns WHERE', ['amount'], 'name'],
  ['SELECT 1 FROM |', ['txns', 'users'], 'out'],
  ['SELECT id FROM txns WHERE id IN (SELECT | FROM users)', ['amount', 'id', 'name'], 'WHERE'],
  ['WITH w AS (SELECT id AS k FROM txns) SELECT | FROM w', ['k', 'w'], 'amount'],
  ['WITH w AS (SELECT id AS k FROM txns) SELECT k FROM |', ['txns', 'users', 'w'], 'k'],
  ['SELECT id AS total FROM txns GROUP BY |', ['amount', 'id', 'note', 'total'], 'out'],
  ['SELECT q FROM (SELECT id AS q FROM txns) d WHERE d.|', ['q'], 'id'],
  ['SELECT id FROM txns\n\nSELECT | FROM users', ['id', 'name', 'order'], 'amount'],
  ['INSERT INTO |', ['out', 'users'], 'txns'],
  ['INSERT INTO users (|', ['id', 'name', 'order'], 'amount'],
  ['UPDATE users SET |', ['id', 'name', 'order'], 'amount'],
  ['CREATE SOURCE s FROM KAFKA () SCHEMA (a INT, b TEXT, c AS |', ['a', 'b', 'abs'], 'topic'],
  ['CREATE SOURCE s FROM KAFKA () SCHEMA (a INT, ts BIGINT, WATERMARK FOR |', ['a', 'ts'], 'c'],
  ['CREATE TABLE t (a INT, b TEXT, PRIMARY KEY (|))', ['a', 'b'], 'SELECT'],
  ['DROP SINK |', ['out'], 'txns'],
  ["SELECT predict('|') FROM txns", ['risk'], 'txns'],
  [
    "CREATE SOURCE x FROM KAFKA (topic = 'a', |)",
    ['auto_offset_reset', 'avro_schema', 'brokers'],
    'topic'
  ],
  ['CREATE SINK x TO KAFKA (|', ['batch_size', 'brokers', 'compression'], 'group_id'],
  ["CREATE SINK x TO KAFKA (compression = '|", ['gzip', 'lz4', 'none'], 'json'],
  ['CREATE SINK x TO KAFKA () ON ERROR (|', ['action', 'dead_letter_topic'], 'topic'],
  ["CREATE SINK x TO KAFKA () CONFIG ('|", ['acks', 'allow.auto.create.topics'], 'fetch.min.bytes'],
  ['SET delivery = |', ['at_least_once', 'exactly_once'], 'memory'],
  ['CREATE TABLE x (a |', ['BIGINT', 'BOOLEAN'], 'VARCHAR'],
  ['CREATE |', ['MODEL', 'SINK', 'SOURCE', 'TABLE', 'VIEW'], 'SELECT'],
  ['SELECT id FROM txns |', ['AS', 'ASOF'], 'txns']
]
for (const [marked, first, absent] of completions) {
  test(`completion: ${marked.replaceAll('\n', ' ')}`, async () => {
    const items = await completion(`${script}${marked}`)
    const labels = items.map(({ label }) => label)
    assert.deepEqual(labels.slice(0, first.length), first)
    assert.ok(!labels.includes(absent), `${absent} is among ${labels.join(', ')}`)
  })
}

test('completion: types of columns, signatures of functions, quotes where they are needed', async () => {
  const items = await completion(`${script}SELECT upp| FROM users`)
  const byLabel = new Map(items.map(item => [item.label, item]))
  assert.equal(byLabel.get('name')!.detail, 'TEXT')
  assert.match(byLabel.get('upper')!.detail!, /\(TEXT\) -> TEXT/)
  assert.equal(byLabel.get('order')!.textEdit.newText, '"order"')
  const { start, end } = byLabel.get('upper')!.textEdit.range
  assert.equal(end.character - start.character, 3, 'what is typed is replaced')
  const [key] = await completion(`${script}CREATE SINK x TO KAFKA () CONFIG (|`)
  assert.equal(key!.textEdit.newText, "'acks'")
})

test('completion: none in comments and strings', async () => {
  assert.deepEqual(await completion(`${script}-- SELECT |`), [])
  assert.deepEqual(await completion(`${script}SELECT 'a|' FROM txns`), [])
})

test('formatting changes only what differs, and leaves a wrong script alone', async () => {
  type Edit = { readonly range: Range; readonly newText: string }
  const options = { tabSize: 4, insertSpaces: true }
  const { textDocument, text } = open('SELECT 1;\nselect 2;\nSELECT 3;\n')
  const edits = await client.request<Edit[]>('textDocument/formatting', { textDocument, options })
  assert.deepEqual(
    edits.map(({ newText, range }) => [textIn(text, range), newText]),
    [['select', 'SELECT']]
  )
  const wrong = open('select 1;\nselec 2;\n').textDocument
  const none = await client.request('textDocument/formatting', { textDocument: wrong, options })
  assert.deepEqual(none, [])
})

test('symbols are statements and the columns that they declare', async () => {
  const { textDocument } = open(
    `${broken}${big}UPDATE users SET name = 'x' WHERE id = 1;\nTEST 'it works' EXPECT ERRORS 0;\n`
  )
  const symbols = await client.request<Symbols[]>('textDocument/documentSymbol', { textDocument })
  assert.deepEqual(
    symbols.map(({ name, detail }) => (detail === undefined ? name : `${detail} ${name}`)),
    [
      ...['source txns', 'table users', 'sink out', 'model risk', 'table big'],
      ...['UPDATE users', 'it works']
    ]
  )
  const columns = symbols[0]!.children!.map(({ name, detail }) => `${name} ${detail}`)
  assert.deepEqual(columns, ['id BIGINT', 'amount DOUBLE', 'note TEXT'])
})

test('the server ends when it is told to', async () => {
  assert.equal(await client.stop(), 0)
})
