import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, parseOne, show } from './support.ts'

test('CREATE SOURCE with every clause', () => {
  const source = parseOne(
    'CreateSource',
    `CREATE SOURCE IF NOT EXISTS s FROM KAFKA (topic = 't', format = json, batch = -1, flag = TRUE)
     SCHEMA (
       id BIGINT NOT NULL, amount DECIMAL(10, 2) DEFAULT -1.5, action TEXT PATH '$.a.b',
       "offset" BIGINT METADATA FROM 'offset', day AS date_trunc('day', ts),
       PRIMARY KEY (id, action),
       WATERMARK FOR ts AS ts - INTERVAL '5' SECOND IDLE TIMEOUT INTERVAL '30' SECOND
         MAX FUTURE SKEW INTERVAL '1' HOUR)
     CONFIG ('fetch.min.bytes' = '1', fetch.max.bytes = 2)
     ON ERROR (action = 'retry', max_retries = 3) ON LATE (action = 'log')`
  )
  assert.equal(source.ifNotExists, true)
  assert.equal(source.connector.name, 'KAFKA')
  assert.equal(
    source.parameters.map(({ name, value }) => `${name} ${show(value)}`).join(', '),
    'topic (String t), format (Word json), batch (Number -1), flag (Boolean true)'
  )
  assert(source.schema?.kind === 'Schema')
  assert.deepEqual(source.schema.elements.map(show), [
    '(ColumnDefinition id BIGINT true false - - -)',
    '(ColumnDefinition amount DECIMAL(10, 2) false false (Unary - 1.5) - -)',
    '(ColumnDefinition action TEXT false false - (Path $.a.b) -)',
    '(ColumnDefinition offset BIGINT false false - - (Metadata offset))',
    "(GeneratedColumn day date_trunc('day', ts))",
    '(PrimaryKey false [id action])',
    '(Watermark ts (Binary - ts (IntervalLiteral 5 SECOND -)) (IntervalLiteral 30 SECOND -) (IntervalLiteral 1 HOUR -))'
  ])
  assert.deepEqual(
    source.config.map(property => property.name),
    ['fetch.min.bytes', 'fetch.max.bytes']
  )
  assert.equal(source.onError?.properties.length, 2)
  assert.equal(source.onLate?.properties.length, 1)
})

test('UNIQUE NULLS NOT DISTINCT is a key, and its words stay names', () => {
  const { elements } = parseOne(
    'CreateTable',
    'CREATE TABLE t (unique INT, nulls TEXT, UNIQUE NULLS NOT DISTINCT (unique, nulls))'
  )
  assert.deepEqual(elements.map(show), [
    '(ColumnDefinition unique INT false false - - -)',
    '(ColumnDefinition nulls TEXT false false - - -)',
    '(PrimaryKey true [unique nulls])'
  ])
})

test('CREATE SOURCE without a schema, or with that of a registry', () => {
  assert.equal(parseOne('CreateSource', "CREATE SOURCE s FROM KAFKA (topic = 't')").schema, null)
  const inferred = 'CREATE SOURCE s FROM KAFKA () SCHEMA (INFER FROM REGISTRY)'
  assert.equal(parseOne('CreateSource', inferred).schema?.kind, 'InferFromRegistry')
})

test('CREATE SINK', () => {
  const sink = parseOne(
    'CreateSink',
    "CREATE SINK k TO KAFKA (topic = 't') CONFIG ('acks' = all) FROM TABLE a.b"
  )
  assert.equal(show(sink.table), 'a.b')
  assert.equal(show(sink.config[0]?.value), '(Word all)')
  const query = parseOne(
    'CreateSink',
    'CREATE SINK k TO KAFKA () ON ERROR (action = log) AS SELECT 1'
  )
  assert.equal(query.table, null)
  assert.equal(query.query?.body.kind, 'Select')
})

test('CREATE TABLE, VIEW and MODEL', () => {
  const table = parseOne('CreateTable', 'CREATE TABLE t (a INT PRIMARY KEY, b TEXT NOT NULL)')
  assert.deepEqual(
    table.elements.map(element => element.kind === 'ColumnDefinition' && element.primaryKey),
    [true, false]
  )
  assert.equal(parseOne('CreateTableAs', 'CREATE TABLE t AS SELECT 1').query.body.kind, 'Select')
  assert.equal(show(parseOne('CreateView', 'CREATE VIEW v (x, y) AS SELECT 1, 2').columns), '[x y]')
  const model = parseOne(
    'CreateModel',
    "CREATE MODEL m FROM 'a.onnx' WITH (index = 1, batch_size = 32)"
  )
  assert.equal(model.path.value, 'a.onnx')
  assert.equal(model.parameters.length, 2)
})

test('INSERT, UPDATE, DELETE', () => {
  const values = parseOne('Insert', "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')")
  assert.equal(show(values.columns), '[a b]')
  assert.equal(show(values.query.body), "(Values [[1 'x'] [2 'y']])")
  parseOne('Insert', 'INSERT INTO s.t SELECT * FROM u')
  parseOne('Insert', 'INSERT INTO t WITH a AS (SELECT 1) SELECT * FROM a')
  const update = parseOne('Update', 'UPDATE t SET a = a + 1, b = 2 WHERE c')
  assert.equal(show(update.assignments), '[{a (Binary + a 1)} {b 2}]')
  assert.equal(show(parseOne('Delete', 'DELETE FROM t WHERE a = 1').where), '(Binary = a 1)')
})

test('SET, SHOW, DESCRIBE, EXPLAIN, ALTER, DROP', () => {
  assert.equal(
    show(parseOne('Set', "SET delivery = 'exactly_once'").value),
    '(String exactly_once)'
  )
  assert.equal(show(parseOne('Set', 'SET parallelism TO 4').value), '(Number 4)')
  for (const what of ['SOURCES', 'SINKS', 'TABLES', 'MODELS']) {
    assert.equal(parseOne('Show', `show ${what}`).what, what)
    assert.equal(parseOne('Show', `LIST ${what.toLowerCase()}`).what, what)
  }
  assert.equal(show(parseOne('Describe', 'DESCRIBE system.tables').name), 'system.tables')
  assert.equal(parseOne('Explain', 'EXPLAIN SELECT 1').statement.kind, 'QueryStatement')
  assert.equal(parseOne('Explain', 'EXPLAIN ANALYZE INSERT INTO t SELECT 1').analyze, true)
  const alter = parseOne('Alter', "ALTER SINK k SET request_timeout_ms = 60000, acks = 'all'")
  assert.equal(alter.object, 'SINK')
  assert.equal(alter.properties.length, 2)
  for (const object of ['SOURCE', 'SINK', 'TABLE', 'MODEL', 'VIEW']) {
    assert.equal(parseOne('Drop', `DROP ${object} IF EXISTS x`).object, object)
  }
  assert.equal(parseOne('Drop', 'DROP TABLE x').ifExists, false)
})

test('TEST', () => {
  const { name, steps } = parseOne(
    'Test',
    `TEST 'a large amount'
       INPUT s (a, b) VALUES (1, 960.0), (2, -5.0) AT '2026-01-01T00:00:00Z'
       INPUT s RAW '{bad', '{worse'
       MODEL m RETURNS 0.97, 0.1
       ADVANCE TIME TO '2026-01-01T00:02:00Z'
       EXPECT k (id) VALUES (1)
       EXPECT k ROWS 0
       EXPECT ERRORS 0
       EXPECT LATE 2`
  )
  assert.equal(name, 'a large amount')
  assert.deepEqual(steps.map(show), [
    '(TestInput s false [a b] [[1 960.0] [2 (Unary - 5.0)]] [] (String 2026-01-01T00:00:00Z))',
    '(TestInput s false [] [] [(String {bad) (String {worse)] -)',
    '(TestModel m [0.97 0.1])',
    '(TestAdvance (String 2026-01-01T00:02:00Z))',
    '(TestExpect k false [id] [[1]])',
    '(TestExpectRows k 0)',
    '(TestExpectCount ERRORS 0)',
    '(TestExpectCount LATE 2)'
  ])
})

test('comments', () => {
  const statements = parse(`
    # a shell comment
    -- one; two
    SET a = 1; /* outer /* inner; */ still */ SET b = 2; # after
    CREATE SOURCE s FROM KAFKA (
      topic = 'data',  # the topic
      group_id = 'g'   # the group
    ) SCHEMA (a INT, # the first
      b INT);`)
  assert.equal(statements.length, 3)
})
