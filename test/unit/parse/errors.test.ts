import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diagnostic } from '../../../compiler/diagnostics/diagnostic.ts'
import { decodeScript, parseSource } from '../../../compiler/parse/index.ts'
import { makeSourceFile, positionAt, spanText } from '../../../compiler/source/index.ts'
import { diagnose, summarize } from './support.ts'

/** The message and the hint of the only diagnostic. */
function only(text: string): [message: string, hint: string | undefined, found: string] {
  const diagnostics = diagnose(text)
  assert.equal(diagnostics.length, 1, diagnostics.map(summarize).join('\n'))
  const [{ message, hint, span }] = diagnostics as [Diagnostic]
  return [message, hint, spanText(span!)]
}

test('a misspelt keyword is suggested', () => {
  const cases = {
    'CRETE SOURCE a FROM KAFKA ()': 'CREATE',
    'CREATE SORCE a FROM KAFKA ()': 'SOURCE',
    'CREATE SOURCE a FORM KAFKA ()': 'FROM',
    'CREATE SOURCE a FROM KAFKA () SHEMA (a INT)': 'SCHEMA',
    'CREATE SOURCE a FROM KAFKA () CONFG ()': 'CONFIG',
    'CREATE SOURCE a FROM KAFKA () SCHEMA (a INT NOT NUL)': 'NULL',
    'INSERT INT t SELECT 1': 'INTO',
    'SELECT a FROM t LEFT JION u ON TRUE': 'JOIN',
    'SELECT a BETWEEN 1 ADN 2': 'AND'
  }
  for (const [sql, keyword] of Object.entries(cases)) {
    assert.equal(only(sql)[1], `Did you mean ${keyword}?`, sql)
  }
  assert.match(only('SELECT a FORM t')[1]!, /^FORM was read as a name: did you mean FROM\?$/)
  assert.match(only('SELECT a FROM t WEHRE x > 1')[1]!, /did you mean WHERE/)
  assert.match(only('SELECT a FROM t GRUOP BY a')[1]!, /did you mean GROUP/)
})

test('what was expected is said in words of SQL', () => {
  const cases = {
    'SELECT a b c FROM t': ['expected ",", FROM or ";", found "c"', 'c'],
    'SELECT a, FROM t': ['expected an expression, found FROM', 'FROM'],
    'SELECT (a FROM t': ['expected "," or ")", found FROM', 'FROM'],
    'SELECT a FROM': ['expected a name, found the end of the script', ''],
    'SELECT a FROM;': ['expected a name, found ";"', ';'],
    'SELECT x FROM t GROUP x': ['expected BY, found "x"', 'x'],
    'SELECT CASE WHEN a THEN 1 FROM t': ['expected ELSE, END or WHEN, found FROM', 'FROM'],
    "CREATE SOURCE s FROM KAFKA (topic 't')": ['expected "=", found \'t\'', "'t'"],
    'CREATE SOURCE s FROM KAFKA () SCHEMA (a INT b INT)': ['expected "," or ")", found "b"', 'b'],
    'SELECT a IN b': ['expected "(", found "b"', 'b'],
    'SELECT a < b < c FROM t': ['expected ",", FROM or ";", found "<"', '<'],
    'SELECT |/ a * b': [
      'expected parentheses around what the operator in front takes, found "*"',
      '*'
    ],
    'SELECT ARRAY[[1], 2]': ['expected "[", found "2"', '2'],
    COMMIT: ['expected a statement, found "COMMIT"', 'COMMIT'],
    'EXPLAIN EXPLAIN SELECT 1': ['expected a statement, found EXPLAIN', 'EXPLAIN'],
    'SELECT ()': ['expected an expression, found ")"', '()']
  }
  for (const [sql, [message, found]] of Object.entries(cases)) {
    const actual = only(sql)
    assert.deepEqual([actual[0], actual[2]], [message, found], sql)
  }
})

test('hints for common slips', () => {
  const cases: Record<string, RegExp> = {
    'SELECT a, FROM t': /comma/,
    'SELECT a FROM t WHERE a == 1': /single "="/,
    'SELECT a FROM order': /ORDER is a reserved word/,
    'SELECT 1 SELECT 2': /End the statement before/,
    'SELECT f(SELECT 1)': /parentheses of its own/,
    "SELECT 'it's'": /written twice/,
    "SELECT f('it's, 'b')": /is a quote missing/,
    'CREATE MODEL m FROM "x"': /single quotes/,
    'SELECT ‘a’': /plain quotes/,
    'SELECT 2x': /double quotes/,
    "SELECT E'\\q'": /escape|Known/
  }
  for (const [sql, hint] of Object.entries(cases)) assert.match(only(sql)[1] ?? '', hint, sql)
})

test('each wrong statement gives one diagnostic, and the others are parsed', () => {
  const { script, diagnostics } = parseSource(
    makeSourceFile(
      'test.sql',
      `SET a = ;
SELECT FROM WHERE 1 2 3;
SET b = 1;
SELECT 'x' ? 1 ? 2;
SET c = 1
CREATE TABEL t (a INT);
SET d = 1;
CREATE VIEW v AS SELECT 1 ON 2`
    )
  )
  assert.deepEqual(
    script.statements.map(statement => spanText(statement.span)),
    ['SET b = 1', 'SET d = 1']
  )
  assert.deepEqual(diagnostics.map(summarize), [
    '1:9 syntax-error expected a value, found ";"',
    '2:8 syntax-error expected an expression, found FROM',
    '4:12 unexpected-character "?" has no meaning here',
    '6:1 syntax-error expected ";", found CREATE',
    '6:8 syntax-error expected TABLE, MODEL, SINK, SOURCE or VIEW, found "TABEL"',
    '8:27 syntax-error expected ",", FROM or ";", found ON'
  ])
})

test('what is not closed is reported where it opens', () => {
  const cases = {
    "SELECT 1;\nSELECT 'abc": '2:8 unterminated-string',
    'SELECT 1;\nSELECT $$abc': '2:8 unterminated-string',
    'SELECT "abc': '1:8 unterminated-name',
    'SELECT 1; /* a /* b */': '1:11 unterminated-comment'
  }
  for (const [sql, start] of Object.entries(cases)) {
    const [diagnostic, ...more] = diagnose(sql)
    assert.equal(more.length, 0)
    assert.ok(summarize(diagnostic!).startsWith(start), summarize(diagnostic!))
  }
  const [swallowed] = diagnose("CREATE SOURCE s FROM KAFKA (brokers = 'a, topic = 'b');")
  assert.equal(spanText(swallowed!.span!), "'a, topic = '")
})

test('clauses stand once', () => {
  const sql = 'CREATE SOURCE s FROM KAFKA () CONFIG () CONFIG ()'
  assert.equal(only(sql)[0], 'CONFIG is given twice')
  assert.equal(only('SELECT 1 FROM t LIMIT 1 LIMIT 2')[0], 'LIMIT is given twice')
  assert.equal(only('CREATE TABLE t (a INT NOT NULL NULL)')[0], 'NOT NULL is given twice')
})

test('special calls take only their own words', () => {
  assert.equal(only('SELECT f(a FROM b)')[0], 'expected "," or ")", found FROM')
  assert.equal(only('SELECT EXTRACT(a FOR b)')[0], 'expected "," or ")", found FOR')
  assert.match(only('SELECT * FROM TUMBLE(TABLE t)')[0], /expected the time column/)
})

test('text that is not UTF-8', () => {
  const diagnostics: Diagnostic[] = []
  const file = decodeScript('x.sql', Buffer.from('SET é = 1;\n\xff', 'latin1'), diagnostics)
  assert.deepEqual(diagnostics.map(summarize), [
    '1:5 script-not-utf8 the script is not UTF-8: byte 4 does not belong there'
  ])
  assert.equal(positionAt(file, 0).line, 1)
  assert.equal(decodeScript('x.sql', Buffer.from('\uFEFFSET é = 1'), []).text, 'SET é = 1')
})
