import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStatements } from '../../../compiler/ask/index.ts'
import type { AskedPipeline, TableDefinition } from '../../../runtime/contract/index.ts'
import { makeAsker } from '../../../runtime/query/asker.ts'
import { scanLiterals } from '../../../runtime/query/scan-literals.ts'
import { TableState } from '../../../runtime/state/index.ts'

const sql =
  'CREATE TABLE t (id BIGINT PRIMARY KEY, n INT, s SMALLINT, amount DECIMAL(10, 2), x DOUBLE, who TEXT, day DATE, j JSON)'
const compiler = openStatements([sql], new Map())
const { compile } = compiler

/** Runs statements one after the other; `isShared`: with the code of those before. */
function run(statements: readonly string[], isShared: boolean) {
  const definition: TableDefinition = {
    name: 't',
    columns: [],
    key: [0],
    indexes: [],
    sources: [],
    changed: () => {},
    sql,
    line: 1
  }
  const table = new TableState(definition)
  const pipeline: AskedPipeline = {
    table: () => table,
    changed: () => () => {},
    system: () => [],
    now: () => 0,
    maxRows: Infinity
  }
  let compiled = 0
  const counting: typeof compile = (...args) => {
    compiled++
    return compile(...args)
  }
  const shared = makeAsker({ ...compiler, compile: counting })
  const results = statements.map(statement => {
    const asker = isShared ? shared : makeAsker({ ...compiler, compile: text => compile(text) })
    const { kind, ...rest } = asker.execute(statement, pipeline)
    return kind === 'refused' ? [kind, (rest as { readonly code: string }).code] : [kind, rest]
  })
  return { results, rows: [...table.entries()], compiled }
}

const cases: Readonly<Record<string, readonly string[]>> = {
  'integers and texts': [1, 2, 30, 999999999].flatMap(i => [
    `INSERT INTO t (id, n, who) VALUES (${i}, ${i}, 'it''s ${i}')`,
    `UPDATE t SET n = n - ${i} WHERE id = ${i} AND who = 'it''s ${i}'`
  ]),
  'an INT, a BIGINT, and one that overflows': [
    'INSERT INTO t (id, n) VALUES (1, 2147483647)',
    'INSERT INTO t (id, n) VALUES (2, 2147483648)',
    'INSERT INTO t (id, n) VALUES (3, 999999999)',
    'INSERT INTO t (id, n) VALUES (999999999999999, 1)',
    'INSERT INTO t (id, n) VALUES (9007199254740993, 1)',
    'INSERT INTO t (id, n) VALUES (007, 1)',
    'UPDATE t SET n = n + 999999999 WHERE id = 3',
    'UPDATE t SET n = n + 2000000000 WHERE id = 3'
  ],
  'columns of other types': [
    `INSERT INTO t (id, s, amount, x, day, j) VALUES (1, 5, 5, 5, '2026-01-02', '[1]')`,
    `INSERT INTO t (id, s, amount, x, day, j) VALUES (2, 70000, 6, 6, '2026-01-03', '[2]')`,
    `INSERT INTO t (id, s, amount, x, day, j) VALUES (3, 7, 999999999, 6, 'never', '[2]')`,
    `INSERT INTO t (id, s, amount, x, day, j) VALUES (4, 7, 7, 7, '2026-01-04', '{')`,
    `INSERT INTO t (id, s, amount, x, day, j) VALUES (5, 8, 8, 8, '2026-01-05', '{}')`
  ],
  'literals that the code depends on': [
    "INSERT INTO t (id, n, who) VALUES (1, 10, 'a_c')",
    "UPDATE t SET n = 1 WHERE who LIKE 'a%'",
    "UPDATE t SET n = 2 WHERE who LIKE 'b%'",
    'UPDATE t SET n = 10 / 2 WHERE id = 1',
    'UPDATE t SET n = 10 / 0 WHERE id = 1',
    "UPDATE t SET who = concat(who, 'x') WHERE id IN (1, 2)",
    "UPDATE t SET who = concat(who, 'y') WHERE id IN (1, 3)",
    "UPDATE t SET who = E'\\n' WHERE id = 1",
    'UPDATE t SET n = -5 WHERE id = 1',
    'UPDATE t SET n = -6 WHERE id = 1',
    'UPDATE t SET amount = 1.5 WHERE id = 1',
    'UPDATE t SET amount = .25 WHERE id = 1'
  ],
  'numbers with a point, and integers where they are none': [
    'INSERT INTO t (id, amount, x) VALUES (1, 99999999.99, 0.10)',
    'INSERT INTO t (id, amount, x) VALUES (2, 12345678.90, 7.25)',
    'INSERT INTO t (id, amount, x) VALUES (3, 999999999.99, 7.25)',
    'INSERT INTO t (id, amount, x) VALUES (4, 1.555, -0.00)',
    'INSERT INTO t (id, amount, x) VALUES (5, 2.005, -1.50)',
    'INSERT INTO t (id, amount, x) VALUES (6, -0.00, 10)',
    'INSERT INTO t (id, amount, x) VALUES (7, -1.25, -20)',
    'INSERT INTO t (id, amount, x) VALUES (8, 01.50, 3000000000)',
    'INSERT INTO t (id, amount, x) VALUES (9, 11.50, 4000000000)',
    'INSERT INTO t (id, n, s) VALUES (10, 1.5, 2.5)',
    'INSERT INTO t (id, n, s) VALUES (11, 2.5, 3.5)',
    'UPDATE t SET amount = amount * 1.10 WHERE amount >= 11.50 AND x < 8.25',
    'UPDATE t SET amount = amount * 9.99 WHERE amount >= 10.25 AND x < 1.25',
    'UPDATE t SET x = x + 0.5, who = 1.50 WHERE id = 7',
    'UPDATE t SET x = x + 1.5, who = 2.50 WHERE id = 8.0',
    'UPDATE t SET n = 1 WHERE 7.25 BETWEEN x AND amount',
    'UPDATE t SET n = 2 WHERE 1.25 BETWEEN x AND amount',
    'UPDATE t SET n = 3 WHERE 1.25 BETWEEN x AND n OR 1 BETWEEN x AND n',
    'UPDATE t SET n = 4 WHERE 2.25 BETWEEN x AND n OR 2 BETWEEN x AND n',
    'DELETE FROM t WHERE x = 10.0 OR x = 7.25'
  ],
  'an integer is compared with a text column': [
    "INSERT INTO t (id, who) VALUES (1, '1')",
    'UPDATE t SET n = 1 WHERE who = 1',
    "UPDATE t SET n = 2 WHERE who = '1'",
    "UPDATE t SET n = 3 WHERE id = '1'",
    "UPDATE t SET n = 4 WHERE id = 'x'",
    'DELETE FROM t WHERE id = 1',
    'DELETE FROM t WHERE id = 2'
  ]
}

for (const [name, statements] of Object.entries(cases)) {
  test(`statements with the code of others do what they do alone: ${name}`, () => {
    const shared = run(statements, true)
    const alone = run(statements, false)
    assert.deepEqual(shared.results, alone.results)
    assert.deepEqual(shared.rows, alone.rows)
  })
}

test('statements that differ in integers and texts are compiled once', () => {
  const statements = Array.from({ length: 100 }, (_, i) => [
    `INSERT INTO t (id, n, who) VALUES (${i}, ${i}, 'w${i}')`,
    `UPDATE t SET n = n + ${i}, who = 'v${i}' WHERE id = ${i}`,
    `DELETE FROM t WHERE id = ${i} AND n > ${i}`
  ])
  assert.equal(run(statements.flat(), true).compiled, 3)
})

test('as are those that differ in numbers with a point of as many digits', () => {
  const statements = Array.from({ length: 90 }, (_, i) => [
    `INSERT INTO t (id, amount, x) VALUES (${i}, ${10 + i}.25, ${i})`,
    `UPDATE t SET amount = ${10 + i}.50, x = x + ${10 + i}.5 WHERE id = ${i} AND amount < ${10 + i}.75`
  ])
  assert.equal(run(statements.flat(), true).compiled, 2)
})

test('what the scanner is not sure of, it leaves alone', () => {
  for (const text of [
    "SELECT E'a'",
    "SELECT x'00'",
    'SELECT 1.5.2',
    'SELECT 1.',
    'SELECT 1.5e5',
    'SELECT .5',
    'SELECT 1e5',
    'SELECT 1 -- one',
    'SELECT 1 /* one */',
    'SELECT "1"',
    'SELECT `1`',
    "SELECT 'a\\'",
    "SELECT 'open",
    'SELECT 1234567890123456'
  ]) {
    assert.equal(scanLiterals(text), null, text)
  }
})
