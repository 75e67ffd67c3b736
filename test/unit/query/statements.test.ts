import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStatements } from '../../../compiler/ask/index.ts'
import { BIGINT, TEXT } from '../../../compiler/types/index.ts'
import type {
  AskedPipeline,
  ChangeOp,
  StatementResult,
  TableDefinition,
  TableRow
} from '../../../runtime/contract/index.ts'
import { makeAsker } from '../../../runtime/query/asker.ts'
import { TableState } from '../../../runtime/state/index.ts'

const sql = `CREATE TABLE orders (id BIGINT, who TEXT DEFAULT 'nobody', amount DECIMAL(10, 2), n INT, x DOUBLE, PRIMARY KEY (id))`

function open() {
  const definition: TableDefinition = {
    name: 'orders',
    columns: [{ name: 'id', type: 'BIGINT', nullable: true }],
    key: [0],
    indexes: [],
    sources: [],
    changed: () => {},
    sql,
    line: 1
  }
  const orders = new TableState(definition)
  const changes: [ChangeOp, TableRow | null, TableRow | null][] = []
  const system = new Map([
    [
      'kafka_sources',
      {
        columns: [
          { name: 'source_name', type: TEXT, nullable: false },
          { name: 'lag', type: BIGINT, nullable: true }
        ]
      }
    ]
  ])
  const asker = makeAsker(openStatements([sql], system))
  const pipeline: AskedPipeline = {
    table: name => (name === 'orders' ? orders : assert.fail(name)),
    changed: () => (op, before, after) => void changes.push([op, before, after]),
    system: () => [
      ['a', 5],
      ['b', null]
    ],
    now: () => 0,
    maxRows: Infinity
  }
  return { ask: (text: string) => asker.execute(text, pipeline), changes, orders }
}

function rows(result: StatementResult): unknown {
  if (result.kind !== 'rows') assert.fail(JSON.stringify(result))
  return JSON.parse(
    JSON.stringify(result.rows, (_, value: unknown) => {
      if (typeof value === 'bigint') return `${value}n`
      if (typeof value !== 'object' || value === null || !('unscaled' in value)) return value
      const { unscaled, scale } = value as { unscaled: string; scale: number }
      return `${unscaled}e-${scale}`
    })
  )
}

test('rows are inserted, updated, deleted, and each change is passed on', () => {
  const { ask, changes } = open()
  assert.deepEqual(ask(`INSERT INTO orders (id, amount) VALUES (1, 9.5), (2, NULL);`), {
    kind: 'changed',
    verb: 'INSERT',
    table: 'orders',
    rows: 2
  })
  assert.equal(
    (ask('UPDATE orders SET n = coalesce(n, 0) + 1 WHERE id = 2') as { rows: number }).rows,
    1
  )
  assert.equal((ask('DELETE FROM orders WHERE amount IS NOT NULL') as { rows: number }).rows, 1)
  assert.deepEqual(rows(ask('SELECT id, who, amount, n FROM orders')), [[2, 'nobody', null, 1]])
  assert.deepEqual(
    changes.map(([op]) => op),
    ['c', 'c', 'u', 'd']
  )
})

test('a key that is taken, a wrong statement, and what only a script may say are refused with a reason', () => {
  const { ask, orders } = open()
  ask('INSERT INTO orders (id) VALUES (1)')
  const refused = (text: string): string => {
    const result = ask(text)
    return result.kind === 'refused' ? result.code : assert.fail(JSON.stringify(result))
  }
  assert.equal(refused('INSERT INTO orders (id) VALUES (2), (1)'), 'duplicate-key')
  assert.equal(orders.size, 1)
  assert.equal(refused('SELECT 1 / (id - 1) FROM orders'), 'division-by-zero')
  assert.equal(refused('SELECT idd FROM orders'), 'column-not-found')
  assert.equal(refused('SELECT * FROM order'), 'syntax-error')
  assert.equal(refused('SELECT * FROM orderz'), 'relation-not-found')
  assert.equal(refused('INSERT INTO orderz VALUES (1)'), 'table-not-found')
  assert.equal(refused('CREATE TABLE t (id INT)'), 'create-at-run-time')
  assert.equal(refused('SELECT id FROM orders; SELECT id FROM orders'), 'statement-count')
  assert.equal(refused('SELECT id, count(*) FROM orders'), 'not-grouped')
  assert.equal(refused('SELECT sum(count(*)) FROM orders'), 'aggregate-inside')
  assert.equal(refused('SELECT id FROM orders WHERE count(*) > 1'), 'aggregate-inside')
  assert.equal(refused('SELECT id FROM orders ORDER BY 2'), 'order-position')
  assert.equal(refused('SELECT id FROM orders LIMIT x'), 'whole-number-needed')
})

test('groups, aggregates, DISTINCT, HAVING, ORDER BY, LIMIT and OFFSET', () => {
  const { ask } = open()
  ask(`INSERT INTO orders VALUES (1, 'a', 1.10, 2147483647, 0.5), (2, 'b', 2.20, 2147483647, 1.5),
    (3, 'a', NULL, 2, NULL), (9007199254740993, 'c', 3.30, NULL, 2), (5, NULL, 0.40, 1, 1)`)
  assert.deepEqual(
    rows(ask('SELECT count(*), count(amount), sum(amount), sum(n), sum(id), avg(n) FROM orders')),
    [[5, 4, '700e-2', 4294967297, '9007199254741004e-0', 4294967297 / 4]]
  )
  assert.deepEqual(
    rows(
      ask(
        'SELECT who, count(*) AS many, max(amount) FROM orders GROUP BY who HAVING count(*) < 3 ORDER BY many DESC, who NULLS FIRST'
      )
    ),
    [
      ['a', 2, '110e-2'],
      [null, 1, '40e-2'],
      ['b', 1, '220e-2'],
      ['c', 1, '330e-2']
    ]
  )
  assert.deepEqual(
    rows(
      ask('SELECT DISTINCT who FROM orders WHERE who IS NOT NULL ORDER BY 1 DESC LIMIT 2 OFFSET 1')
    ),
    [['b'], ['a']]
  )
  assert.deepEqual(
    rows(
      ask(
        `SELECT upper(who) || '!' AS w, count(DISTINCT n) FILTER (WHERE id < 3) FROM orders GROUP BY upper(who) ORDER BY w`
      )
    ),
    [
      ['A!', 1],
      ['B!', 1],
      ['C!', 0],
      [null, 0]
    ]
  )
  assert.deepEqual(
    rows(ask('SELECT sum(x), min(who), bool_and(x > 0) FROM orders WHERE id > 100000000000000000')),
    [[null, null, null]]
  )
  assert.deepEqual(
    rows(
      ask(
        'SELECT who, s FROM (SELECT who, sum(amount) AS s FROM orders GROUP BY who) t WHERE s > 1.1 ORDER BY s'
      )
    ),
    [
      ['b', '220e-2'],
      ['c', '330e-2']
    ]
  )
  assert.deepEqual(rows(ask("SELECT string_agg(who, ',') FROM orders WHERE id < 4")), [['a,b,a']])
  assert.deepEqual(rows(ask('SELECT 1 + 1 AS two')), [[2]])
})

test('queries inside of expressions that have no one answer are refused', () => {
  const { ask } = open()
  const codeOf = (sql: string): string => {
    const result = ask(sql)
    return result.kind === 'refused' ? result.code : result.kind
  }
  ask("INSERT INTO orders (id, who) VALUES (1, 'a'), (2, 'a')")
  assert.equal(codeOf('SELECT (SELECT id FROM orders)'), 'several-rows')
  assert.equal(codeOf('SELECT (SELECT id FROM orders WHERE id = 1)'), 'rows')
  assert.equal(codeOf('SELECT id IN (SELECT id, who FROM orders) FROM orders'), 'column-count')
  assert.equal(codeOf("SELECT id IN (SELECT DATE '2026-01-01') FROM orders"), 'operator-types')
  assert.equal(codeOf('SELECT id FROM orders UNION SELECT id, who FROM orders'), 'column-count')
  assert.equal(codeOf("SELECT id FROM orders UNION SELECT DATE '2026-01-01'"), 'no-common-type')
  assert.equal(codeOf('SELECT count(*), (SELECT 1) FROM orders'), 'not-supported-yet')
  const ofGroups = 'SELECT max(id) IN (SELECT id FROM orders) FROM orders GROUP BY who'
  assert.equal(codeOf(ofGroups), 'not-supported-yet')
})

test('INSERT takes the rows of a query as they are before it', () => {
  const { ask, changes, orders } = open()
  const changed = (sql: string): unknown => {
    const result = ask(sql)
    return result.kind === 'changed' ? result.rows : result.kind === 'refused' && result.code
  }
  assert.equal(changed("INSERT INTO orders (id, who, n) VALUES (1, 'a', 5), (2, 'b', NULL)"), 2)
  assert.equal(changed('INSERT INTO orders (id, n) SELECT id + 10, n * 2 FROM orders'), 2)
  assert.deepEqual(orders.get(11), [11, 'nobody', null, 10, null])
  assert.equal(changes.length, 4)
  assert.equal(changed('INSERT INTO orders SELECT * FROM orders WHERE FALSE'), 0)
  assert.equal(changed('INSERT INTO orders (id) SELECT id FROM orders'), 'duplicate-key')
  assert.equal(orders.size, 4)
  assert.equal(changed('INSERT INTO orders (id) SELECT 20 UNION ALL SELECT 21'), 2)
  assert.equal(changed('INSERT INTO orders (id, who) SELECT 1'), 'column-count')
  assert.equal(changed('INSERT INTO orders (id) SELECT TRUE'), 'not-assignable')
  assert.equal(changed('INSERT INTO nothing SELECT 1 AS x'), 'table-not-found')
  assert.equal(
    changed('INSERT INTO orders (id, x) SELECT 30, 1 / (SELECT n - 5 FROM orders WHERE id = 1)'),
    'division-by-zero'
  )
  assert.equal(orders.size, 6)
})

test('UPDATE and DELETE ask their queries of the rows as they are before the first one changes', () => {
  const { ask, changes } = open()
  ask(
    `INSERT INTO orders (id, who, n) VALUES (1, 'a', 1), (2, 'b', 2), (3, 'a', NULL), (4, 'c', 9)`
  )
  const count = (text: string): unknown => {
    const result = ask(text)
    return result.kind === 'changed' ? [result.verb, result.rows] : result
  }
  changes.length = 0
  const most =
    'UPDATE orders SET n = (SELECT max(n) FROM orders) + 1 WHERE n < ALL (SELECT max(n) FROM orders)'
  assert.deepEqual(count(most), ['UPDATE', 2])
  const own = `UPDATE orders SET who = (SELECT max(o.who) FROM orders o WHERE o.id > orders.id), id = id + 10`
  assert.deepEqual(count(`${own} WHERE id IN (SELECT id FROM orders WHERE who = 'a')`), [
    'UPDATE',
    2
  ])
  const found = rows(ask('SELECT id, who, n FROM orders ORDER BY id'))
  assert.deepEqual(found, [
    [2, 'b', 10],
    [4, 'c', 9],
    [11, 'c', 10],
    [13, 'c', null]
  ])
  const known =
    'DELETE FROM orders WHERE EXISTS (SELECT 1 FROM orders o WHERE o.who = orders.who AND o.id < orders.id)'
  assert.deepEqual(count(known), ['DELETE', 2])
  assert.deepEqual(rows(ask('SELECT id FROM orders ORDER BY id')), [[2], [4]])
  assert.deepEqual(
    changes.map(([op]) => op),
    ['u', 'u', 'd', 'd', 'c', 'c', 'd', 'd']
  )
  const several = ask('UPDATE orders SET n = (SELECT n FROM orders)')
  assert.equal(several.kind === 'refused' && several.code, 'several-rows')
  assert.deepEqual(count('INSERT INTO orders (id) SELECT (SELECT max(id) + 1 FROM orders)'), [
    'INSERT',
    1
  ])
})

test('VALUES take queries, which are all asked before the first row is there', () => {
  const { ask } = open()
  ask("INSERT INTO orders (id, who, n) VALUES (1, 'a', 5)")
  const insert = ask(
    `INSERT INTO orders (id, amount, n) VALUES ((SELECT max(id) + 1 FROM orders), '1.50', (SELECT n FROM orders WHERE id = 2)),
     ((SELECT count(*) + 2 FROM orders), (SELECT 2), CASE WHEN 1 IN (SELECT id FROM orders) THEN 7 END), ('9', NULL, 0)`
  )
  assert.deepEqual(insert.kind === 'changed' && [insert.verb, insert.rows], ['INSERT', 3])
  assert.deepEqual(rows(ask('SELECT id, who, amount, n FROM orders ORDER BY id')), [
    [1, 'a', null, 5],
    [2, 'nobody', '150e-2', null],
    [3, 'nobody', '200e-2', 7],
    [9, 'nobody', null, 0]
  ])
  const code = (text: string): unknown => {
    const result = ask(text)
    return result.kind === 'refused' ? result.code : result
  }
  assert.equal(code('INSERT INTO orders (id) VALUES ((SELECT id FROM orders))'), 'several-rows')
  assert.equal(
    code('INSERT INTO orders (id) VALUES ((SELECT min(id) FROM orders))'),
    'duplicate-key'
  )
  assert.equal(code('INSERT INTO orders (id) VALUES ((SELECT 1), 2)'), 'column-count')
  assert.equal(
    code('INSERT INTO orders (id) VALUES ((SELECT who FROM orders WHERE id = 1))'),
    'not-assignable'
  )
  assert.equal(
    code('INSERT INTO orders (who) VALUES ((SELECT who FROM orders WHERE id = 1))'),
    'null-key'
  )
})

test('a query that would compare too many pairs of rows fails', () => {
  const { ask } = open()
  const rows = Array.from({ length: 200 }, (_, i) => `(${i}, 'a')`).join(', ')
  ask(`INSERT INTO orders (id, who) VALUES ${rows}`)
  const result = ask('SELECT count(*) FROM orders a, orders b, orders c WHERE a.id < b.id + c.id')
  assert.equal(result.kind === 'refused' && result.code, 'too-many-rows')
  const equal = ask('SELECT count(*) FROM orders a, orders b WHERE a.id = b.id AND a.id <= b.id')
  assert.deepEqual(equal.kind === 'rows' && equal.rows, [[200]])
})

test('system tables', () => {
  const { ask } = open()
  assert.deepEqual(
    rows(ask("SELECT lag, source_name FROM system.kafka_sources WHERE source_name = 'a'")),
    [[5, 'a']]
  )
  const result = ask('SELECT * FROM system.kafka_sauces')
  assert.match(result.kind === 'refused' ? result.text : '', /Did you mean "system.kafka_sources"/)
})

test('what the pipeline does itself is handed over', () => {
  const { ask } = open()
  assert.deepEqual(ask('LIST SOURCES'), { kind: 'show', what: 'SOURCES' })
  assert.deepEqual(ask('DESCRIBE orders'), { kind: 'describe', name: 'orders' })
  assert.deepEqual(ask("ALTER SOURCE s SET auto_offset_reset = 'earliest'"), {
    kind: 'alter',
    object: 'SOURCE',
    name: 's',
    names: ['auto_offset_reset'],
    settings: { auto_offset_reset: 'earliest' }
  })
  assert.deepEqual(ask('DROP SINK IF EXISTS k'), {
    kind: 'drop',
    object: 'SINK',
    name: 'k',
    ifExists: true
  })
})
