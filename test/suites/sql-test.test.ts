import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { runSqlTests } from '../support/sql-tests.ts'

/** All of them pass. */
async function passes(script: string, models = {}): Promise<void> {
  const said = await runSqlTests(script, models)
  assert.deepEqual(said, Object.fromEntries(Object.keys(said).map(name => [name, null])))
}

/** What the only test of a script says. */
async function failure(script: string, models = {}): Promise<string | null> {
  const [said] = Object.values(await runSqlTests(script, models))
  return said!
}

const payments = `CREATE SOURCE payments FROM KAFKA (topic = 'payments') SCHEMA (id BIGINT, amount DOUBLE, city TEXT);
CREATE SINK large TO KAFKA (topic = 'large');
INSERT INTO large SELECT id, amount, city, 100 / id AS share FROM payments WHERE amount > 10;
`

const fraud = `CREATE SOURCE payments FROM KAFKA (topic = 'payments') SCHEMA (id BIGINT, amount DOUBLE);
CREATE MODEL fraud FROM 'm.onnx';
CREATE SINK alerts TO KAFKA (topic = 'alerts');
INSERT INTO alerts SELECT id, predict('fraud', amount) AS p FROM payments WHERE predict('fraud', amount) > 0.5;
`
const models = { 'm.onnx': { kind: 'lookup', table: [0.25, 0.75, 1] } } as const

test('rows in, rows out; columns that are not listed and the order do not matter', async () => {
  await passes(`${payments}
TEST 'the columns that are listed'
  INPUT payments VALUES (1, 960.0, 'Rome'), (2, 5.0, 'Oslo'), (4, 20, NULL)
  EXPECT large (city, id) VALUES (NULL, 4), ('Rome', 1)
  EXPECT ERRORS 0;
TEST 'all columns'
  INPUT payments (id, amount) VALUES (50, 11)
  EXPECT large VALUES (50, 11.0, NULL, 2);
TEST 'a row as often as it comes'
  INPUT payments VALUES (1, 20, 'a'), (1, 20, 'a'), (2, 20, 'a')
  EXPECT large (city) VALUES ('a'), ('a'), ('a')
  EXPECT large ROWS 3;
TEST 'nothing'
  INPUT payments VALUES (1, 2, 'a')
  EXPECT large ROWS 0;`)
})

test('a row that is missing or unexpected is shown with the others', async () => {
  const said = await failure(`${payments}
TEST 'wrong'
  INPUT payments VALUES (1, 960.0, 'Rome'), (2, 50, 'Oslo'), (4, 20, 'O''Hare')
  EXPECT large (id, city, amount) VALUES
    (1, 'Rome', 960), (2, 'Bergen', 50), (3, NULL, 20);`)
  assert.equal(
    said,
    `script.sql:7:3: EXPECT large: 2 rows missing, 2 rows unexpected

              id  city       amount
  missing     2   'Bergen'   50
  unexpected  2   'Oslo'     50
                  ^^^^^^
  missing     3   NULL       20
  unexpected  4   'O''Hare'  20
              ^   ^^^^^^^^^
              1   'Rome'     960`
  )
})

test('a row too often or too seldom is a difference', async () => {
  const said = await failure(`${payments}
TEST 'once'
  INPUT payments VALUES (1, 20, 'a'), (1, 20, 'a')
  EXPECT large (id) VALUES (1);`)
  assert.equal(
    said,
    `script.sql:7:3: EXPECT large: 1 row unexpected

              id
  unexpected  1
              1`
  )
})

test('long values show where they differ, many rows are counted', async () => {
  const x = (count: number): string => 'x'.repeat(count)
  const rows = (first: number, count: number): string =>
    Array.from({ length: count }, (_, i) => `(${first + i}, 20, 'a')`).join(', ')
  const said = await runSqlTests(`${payments}
TEST 'long'
  INPUT payments VALUES (1, 20, '${x(200)}a${x(200)}')
  EXPECT large (id, city) VALUES (1, '${x(200)}b${x(200)}');
TEST 'many'
  INPUT payments VALUES ${rows(1, 30)}
  EXPECT large (id) VALUES ${rows(26, 30).replaceAll(", 20, 'a'", '')};`)
  const [missing, unexpected] = said['long']!.split('\n').slice(3)
  assert.equal(missing, `  missing     1   ...${x(20)}b${x(36)}...`)
  assert.equal(unexpected, `  unexpected  1   ...${x(20)}a${x(36)}...`)
  const lines = said['many']!.split('\n')
  assert.equal(lines[0], 'script.sql:10:3: EXPECT large: 25 rows missing, 25 rows unexpected')
  assert.deepEqual(lines.slice(-2), ['  and 5 more missing', '  and 5 more unexpected'])
  assert.equal(lines.filter(line => line.startsWith('  missing')).length, 20)
})

test('errors are counted, and explain what is missing', async () => {
  const said = await runSqlTests(`${payments}
TEST 'counted'
  INPUT payments VALUES (0, 20, 'a'), (1, 20, 'b')
  INPUT payments RAW '{bad', '\\xff7b', '{"id":1,"amount":"a"}'
  EXPECT large (city) VALUES ('b')
  EXPECT ERRORS 4
  INPUT payments VALUES (0, 30, 'c')
  EXPECT ERRORS 1;
TEST 'miscounted'
  INPUT payments VALUES (0, 20, 'a')
  EXPECT ERRORS 0;
TEST 'explained'
  INPUT payments RAW '{bad', '\\x7b07ff'
  INPUT payments VALUES (0, 20, 'a')
  EXPECT large ROWS 1;`)
  assert.equal(said['counted'], null)
  assert.equal(
    said['miscounted'],
    `script.sql:14:3: EXPECT ERRORS 0: there is 1 error

1 record was rejected:
  payments {"id":0,"amount":20,"city":"a"}: division by zero (division-by-zero, script.sql:3:44)`
  )
  assert.equal(
    said['explained'],
    `script.sql:18:3: EXPECT large ROWS 1: there are no rows

3 records were rejected:
  payments {bad: the value is not valid JSON (byte 1) (malformed-json)
  payments {\\u0007\ufffd: the value is not valid UTF-8 (invalid-utf8)
  payments {"id":0,"amount":20,"city":"a"}: division by zero (division-by-zero, script.sql:3:44)`
  )
})

test('late rows are counted, and are no errors', async () => {
  const said = await runSqlTests(`CREATE SOURCE s FROM KAFKA (topic = 's')
  SCHEMA (id INT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND);
CREATE SINK counts TO KAFKA (topic = 'counts');
INSERT INTO counts SELECT window_start, 10 / min(id) AS share FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)
  GROUP BY window_start, window_end;
TEST 'counted'
  INPUT s VALUES (1, '2026-01-01T00:00:30Z'), (2, '2026-01-01T00:02:00Z')
  EXPECT counts ROWS 1
  EXPECT LATE 0
  INPUT s VALUES (3, '2026-01-01T00:00:40Z'), (4, '2026-01-01T00:00:50Z'), (5, '2026-01-01T00:02:10Z')
  EXPECT ERRORS 0
  EXPECT LATE 2
  INPUT s RAW '{bad'
  EXPECT LATE 0
  EXPECT ERRORS 1;
TEST 'miscounted'
  INPUT s VALUES (1, '2026-01-01T00:02:00Z')
  INPUT s VALUES (2, '2026-01-01T00:00:00Z')
  EXPECT LATE 0;`)
  assert.equal(said['counted'], null)
  assert.match(
    said['miscounted']!,
    /^script\.sql:19:3: EXPECT LATE 0: there is 1 late row\n\n1 record was rejected:\n.*its window has closed \(late-row/
  )
})

test('an EXPECT of a sink takes what came since the last one, one of a table takes all', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a INT);
CREATE SINK k TO KAFKA (topic = 'k');
CREATE SINK other TO KAFKA (topic = 'k');
INSERT INTO k SELECT a FROM s;
INSERT INTO other SELECT a * 10 AS b FROM s;
CREATE TABLE t AS SELECT a + 1 AS c FROM s;
TEST 'steps'
  INPUT s VALUES (1)
  EXPECT k VALUES (1)
  EXPECT k ROWS 1
  EXPECT t VALUES (2)
  INPUT s VALUES (2)
  INPUT s VALUES (3)
  EXPECT t (c) VALUES (2), (3), (4)
  INPUT s VALUES (4)
  EXPECT k VALUES (2), (3), (4)
  EXPECT other (b) VALUES (10), (20), (30), (40);
TEST 'the next one has nothing of this'
  EXPECT k ROWS 0
  EXPECT t ROWS 0
  INPUT s VALUES (7)
  EXPECT other VALUES (70);`)
})

test('records that are bytes', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's', format = 'bytes') SCHEMA (b BYTES, k TEXT METADATA FROM 'key');
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT k, encode(b, 'hex') AS hex FROM s;
TEST 'bytes in'
  INPUT s VALUES ('\\x00ff', 'a'), (NULL, 'b')
  INPUT s RAW '\\x80', 'text'
  EXPECT k VALUES ('a', '00ff'), ('b', NULL), (NULL, '80'), (NULL, '74657874')
  EXPECT ERRORS 0;`)
})

test('records that are text or bytes out', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (id INT, t TEXT);
CREATE SINK lines TO KAFKA (topic = 'l', format = 'text', partition_key = 'id') AS SELECT id, t FROM s;
CREATE SINK raw TO KAFKA (topic = 'r', format = 'bytes') AS SELECT decode(t, 'hex') AS b FROM s;
CREATE TABLE t (id INT, n TEXT, PRIMARY KEY (id));
CREATE SINK names TO KAFKA (topic = 'n', format = 'text') FROM TABLE t;
TEST 'one column'
  INPUT s VALUES (1, '00ff'), (2, NULL)
  EXPECT lines VALUES ('00ff'), (NULL)
  EXPECT raw VALUES ('\\x00ff'), (NULL)
  INSERT INTO t VALUES (1, 'a"b')
  EXPECT names (n) VALUES ('a"b');`)
})

test('rows that an upsert sink tells to be gone', async () => {
  const script = `CREATE TABLE t (id INT, n TEXT, PRIMARY KEY (id));
CREATE TABLE pairs (a TEXT, b TIMESTAMP, n INT, PRIMARY KEY (a, b));
CREATE SINK k TO KAFKA (topic = 'k', format = 'upsert') FROM TABLE t;
CREATE SINK p TO KAFKA (topic = 'p', format = 'upsert') FROM TABLE pairs;
CREATE SINK g TO KAFKA (topic = 'g', format = 'upsert') AS SELECT n, COUNT(*) AS many FROM t GROUP BY n;
`
  await passes(`${script}
TEST 'together with the rows that come'
  INSERT INTO t VALUES (1, 'a'), (2, 'a'), (3, 'b')
  EXPECT k VALUES (1, 'a'), (2, 'a'), (3, 'b')
  EXPECT g ROWS 2
  DELETE FROM t WHERE id > 1
  EXPECT k DELETE (id) VALUES (3), (2)
  EXPECT g DELETE (n) VALUES ('b')
  EXPECT g VALUES ('a', 1)
  INSERT INTO t VALUES (4, 'c')
  DELETE FROM t WHERE id = 1
  EXPECT k VALUES (4, 'c')
  EXPECT k DELETE (id) VALUES (1);
TEST 'a key of several columns'
  INSERT INTO pairs VALUES ('x', '2026-01-01T00:00:00Z', 1)
  DELETE FROM pairs
  EXPECT p VALUES ('x', '2026-01-01T00:00:00Z', 1)
  EXPECT p DELETE (b, a) VALUES ('2026-01-01 00:00:00', 'x')
  EXPECT p DELETE (a) VALUES ('x');`)
  const said = await runSqlTests(`${script}
TEST 'nobody looks at it'
  INSERT INTO t VALUES (1, 'a')
  DELETE FROM t
  EXPECT k VALUES (1, 'a');
TEST 'another one'
  INSERT INTO t VALUES (1, 'a')
  DELETE FROM t
  EXPECT k DELETE (id) VALUES (2);
TEST 'no key'
  EXPECT k DELETE (n) VALUES ('a');`)
  assert.match(said['nobody looks at it']!, /EXPECT k: 1 row unexpected/)
  assert.match(said['another one']!, /EXPECT k DELETE: 1 row missing, 1 row unexpected/)
  assert.match(said['no key']!, /"n" is no column of the key, which is id$/)
})

test('a model of several numbers answers arrays', async () => {
  const pair = `CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a DOUBLE, b DOUBLE);
CREATE MODEL pair FROM 'p.onnx';
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT predict('pair', a, b) AS p FROM s;
`
  const both = { 'p.onnx': { kind: 'identity', elementType: 1, width: 2 } } as const
  await passes(
    `${pair}
TEST 'as it says'
  INPUT s VALUES (1, 2), (3, 4)
  MODEL pair RETURNS ARRAY[0.5, 0.25], ARRAY[1, 2]
  EXPECT k VALUES (ARRAY[1.0, 2.0]), (ARRAY[0.5, 0.25]);
TEST 'itself'
  INPUT s VALUES (1, 2), (3, NULL)
  EXPECT k VALUES (ARRAY[1, 2]), (NULL);`,
    both
  )
  const said = await failure(
    `${pair}
TEST 'too few'
  INPUT s VALUES (1, 2)
  MODEL pair RETURNS ARRAY[0.5]
  EXPECT k ROWS 1;`,
    both
  )
  assert.equal(
    said,
    'script.sql:8:3: model "pair" answers 2 numbers, but an answer of the test has 1'
  )
})

test('a model answers what the test says', async () => {
  const said = await runSqlTests(
    `${fraud}
TEST 'in the order of the rows that ask'
  INPUT payments VALUES (1, 0), (2, NULL), (3, 0)
  INPUT payments VALUES (4, 0)
  INPUT payments VALUES (5, 0)
  MODEL fraud RETURNS 0.9, 0.1
  MODEL FRAUD RETURNS 1 - 0.4, 0.7
  EXPECT alerts VALUES (1, 0.9), (4, 0.6), (5, 0.7)
  EXPECT ERRORS 0;
TEST 'too few'
  INPUT payments VALUES (1, 0), (2, 0), (3, 0)
  MODEL fraud RETURNS 0.9, 0.1
  EXPECT alerts VALUES (1, 0.9);
TEST 'too many'
  INPUT payments VALUES (1, 0)
  MODEL fraud RETURNS 0.9, 0.1, 0.2
  EXPECT alerts ROWS 2;
TEST 'itself'
  INPUT payments VALUES (1, 0), (2, 1), (3, 2)
  EXPECT alerts VALUES (2, 0.75), (3, 1);`,
    models
  )
  assert.deepEqual(said, {
    'in the order of the rows that ask': null,
    'too few': 'script.sql:16:3: model "fraud" is asked for 3 answers, but the test has 2',
    'too many': `script.sql:21:3: EXPECT alerts ROWS 2: there is 1 row

2 answers of model "fraud" were not asked for`,
    itself: null
  })
})

test('values go in and come out with every digit and character', async () => {
  const text = String.raw`E'a"\\b\n\u00e9\U0001F600'''`
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (
  b BOOLEAN, si SMALLINT, i INT, big BIGINT, dbl DOUBLE, dec DECIMAL(38, 10), bare DECIMAL, t TEXT, ts TIMESTAMP, j JSON);
CREATE SINK k TO KAFKA (topic = 'k');
CREATE SINK texts TO KAFKA (topic = 'texts', decimal_format = 'string');
INSERT INTO k SELECT * FROM s;
INSERT INTO texts SELECT big, dec, dbl * 2 AS dbl, t || '' AS t, j FROM s;
TEST 'all types'
  INPUT s VALUES
    (true, -32768, 2147483647, 9223372036854775807, 0.1, 1234567890123456789012345678.0123456789, 1.50,
     ${text}, '2026-02-03T04:05:06.789+02:00', '{"a": [1, 1.0], "n": 12345678901234567890}'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
  EXPECT ERRORS 0
  EXPECT k VALUES
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (true, -32768, 2147483647, 9223372036854775807, 0.1, 1234567890123456789012345678.0123456789, 1.5,
     ${text}, '2026-02-03 02:05:06.789', '{"n":12345678901234567890,"a":[1.0,1]}')
  EXPECT texts VALUES
    (9223372036854775807, 1234567890123456789012345678.0123456789, 0.2, ${text},
     '{"a": [1, 1], "n": 12345678901234567890}'),
    (NULL, NULL, NULL, NULL, NULL);`)
  const said =
    await failure(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (big BIGINT, j JSON, t TEXT);
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT * FROM s;
TEST 'one digit'
  INPUT s VALUES (9007199254740993, '{"n": 12345678901234567890}', 'null')
  EXPECT k VALUES (9007199254740992, '{"n": 12345678901234567891}', NULL);`)
  assert.equal(
    said,
    `script.sql:6:3: EXPECT k: 1 row missing, 1 row unexpected

              big               j                             t
  missing     9007199254740992  '{"n":12345678901234567891}'  NULL
  unexpected  9007199254740993  '{"n":12345678901234567890}'  'null'`
  )
})

test('records are what the source reads: paths, defaults, keys, partitions, whole texts', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (
  a INT PATH '$.x.a', b INT PATH '$.x.y.b', c INT DEFAULT 7, "say ""c""" INT,
  k TEXT METADATA FROM 'key', p INT METADATA FROM 'partition', at TIMESTAMP METADATA FROM 'timestamp',
  o BIGINT METADATA FROM 'offset', n TEXT METADATA FROM 'topic', g AS a + 1);
CREATE SOURCE lines FROM KAFKA (topic = 'lines', format = 'text') SCHEMA (line TEXT, k TEXT METADATA FROM 'key');
CREATE SOURCE whole FROM KAFKA (topic = 'whole');
CREATE SINK k TO KAFKA (topic = 'k');
CREATE SINK texts TO KAFKA (topic = 'texts');
INSERT INTO k SELECT * FROM s;
INSERT INTO texts SELECT line, k FROM lines UNION ALL SELECT value, NULL FROM whole;
TEST 'everything'
  INPUT s VALUES (1, 2, 3, 4, 'key', 6, '2026-01-01 00:00:01')
  EXPECT k VALUES (1, 2, 3, 4, 'key', 6, '2026-01-01 00:00:01', 0, 's', 2);
TEST 'left out'
  INPUT s (b, k) VALUES (2, NULL)
  INPUT s (c) VALUES (NULL)
  EXPECT k (a, b, c, k, p, o) VALUES (NULL, 2, 7, NULL, 0, 0), (NULL, NULL, NULL, NULL, 0, 1);
TEST 'texts'
  INPUT lines VALUES ('a "line"', 'k'), (NULL, NULL)
  INPUT lines (k) VALUES ('only')
  INPUT whole VALUES ('{"x":1}')
  EXPECT texts VALUES ('a "line"', 'k'), (NULL, NULL), (NULL, 'only'), ('{"x":1}', NULL)
  EXPECT ERRORS 0;`)
})

test('keys and headers are given as the bytes that they are', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (
  id INT, h MAP<TEXT, BYTES> METADATA FROM 'headers', k BYTES METADATA FROM 'key');
CREATE SOURCE t FROM KAFKA (topic = 't') SCHEMA (id INT, h MAP<TEXT, TEXT> METADATA FROM 'headers');
CREATE SINK o TO KAFKA (topic = 'o') AS SELECT id, h['a'] AS a, k, CAST(h AS TEXT) AS h FROM s;
CREATE SINK p TO KAFKA (topic = 'p') AS SELECT id, h FROM t;
TEST 'bytes'
  INPUT s VALUES (1, map('a', CAST('\\x01ff' AS BYTES)), '\\xff'), (2, map('b', NULL), NULL)
  INPUT t VALUES (1, map('a', 'x', 'b', NULL))
  INPUT t (id) VALUES (2)
  EXPECT o VALUES (1, '\\x01ff', '\\xff', '{"a":"Af8="}'), (2, NULL, NULL, '{"b":null}')
  EXPECT p VALUES (1, map('a', 'x', 'b', NULL)), (2, CAST('{}' AS MAP<TEXT, TEXT>));`)
})

test('records are what the source reads: places in arrays, the whole record, metadata of other types', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (
  a INT PATH '$.x[0]', b TEXT PATH '$.x[2].b', whole JSON PATH '$', last TEXT PATH '$.x[-1]',
  k BIGINT METADATA FROM 'key', ms BIGINT METADATA FROM 'timestamp', p TEXT METADATA FROM 'partition');
CREATE SOURCE bare FROM KAFKA (topic = 'bare');
CREATE SINK o TO KAFKA (topic = 'o') AS SELECT * FROM s;
CREATE SINK q TO KAFKA (topic = 'q') AS SELECT value, key, headers['h'] AS h FROM bare;
TEST 'arrays'
  INPUT s (a, b, k, ms, p) VALUES (1, 'x', 7, 1700000000123, '2')
  INPUT s (whole) VALUES ('{"x":[2,"y"]}')
  INPUT bare VALUES ('v')
  INPUT bare (value, key, headers) VALUES ('w', 'k', map('h', 'x'))
  EXPECT o (a, b, whole, last, k, p) VALUES
    (1, 'x', '{"x":[1,null,{"b":"x"}]}', '{"b":"x"}', 7, '2'), (2, NULL, '{"x":[2,"y"]}', 'y', NULL, '0')
  EXPECT q VALUES ('v', NULL, NULL), ('w', 'k', 'x')
  EXPECT ERRORS 0;`)
})

test('the clock moves only when the test moves it', async () => {
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a INT, at TIMESTAMP METADATA FROM 'timestamp');
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT a, at FROM s;
TEST 'times'
  INPUT s (a) VALUES (1)
  INPUT s (a) VALUES (2) AT '2026-01-01T00:01:00Z'
  INPUT s (a) VALUES (3)
  INPUT s RAW '{"a": 4}' AT '2026-01-01T00:00:30Z'
  INPUT s RAW '{"a": 6}'
  ADVANCE TIME TO '2026-01-01T00:02:00+00:00'
  INPUT s (a) VALUES (5)
  EXPECT k VALUES (1, '2026-01-01 00:00:00'), (2, '2026-01-01 00:01:00'), (3, '2026-01-01 00:01:00'),
    (4, '2026-01-01 00:00:30'), (5, '2026-01-01 00:02:00'), (6, '2026-01-01 00:01:00');
TEST 'a time before the first'
  INPUT s (a) VALUES (1)
  ADVANCE TIME TO '2025-06-01'
  EXPECT k VALUES (1, '2025-06-01');`)
  await passes(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a INT);
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT a, CAST(now() AS TIMESTAMP) AS at FROM s;
TEST 'processing time'
  INPUT s VALUES (1)
  ADVANCE TIME TO '2026-01-01T00:02:00Z'
  INPUT s VALUES (2)
  INPUT s VALUES (3) AT '2026-01-01T00:03:00.5Z'
  EXPECT k VALUES (1, '2026-01-01'), (2, '2026-01-01 00:02:00'), (3, CAST(now() AS TIMESTAMP));
TEST 'each has its own'
  INPUT s VALUES (1)
  EXPECT k VALUES (1, '2026-01-01');`)
})

test('a record that stops the pipeline is counted, or fails the test', async () => {
  const said =
    await runSqlTests(`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (a INT) ON ERROR (action = 'fail');
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT 10 / a AS b FROM s;
TEST 'expected'
  INPUT s VALUES (5), (0), (2)
  EXPECT k VALUES (2)
  EXPECT ERRORS 1;
TEST 'not expected'
  INPUT s VALUES (5), (0), (2)
  EXPECT k VALUES (2);
TEST 'asked after the end'
  INPUT s VALUES (0)
  EXPECT ERRORS 1
  INPUT s VALUES (2)
  EXPECT k VALUES (5);`)
  const why = `1 record was rejected:
  s {"a":0}: division by zero (division-by-zero, script.sql:3:22)`
  assert.deepEqual(said, {
    expected: null,
    'not expected': `script.sql:9:3: the pipeline stopped: s[0]@1: division by zero (division-by-zero)\n\n${why}`,
    'asked after the end':
      'script.sql:14:3: nobody reads the records: the pipeline has stopped: s[0]@0: division by zero (division-by-zero)'
  })
})

test('values are constant expressions, computed as the pipeline computes', async () => {
  const said = await runSqlTests(`${payments}
TEST 'computed'
  INPUT payments VALUES (2 * 25, 10.5 + 1, upper('rome') || CAST(1 AS TEXT))
  EXPECT large VALUES (CAST('50' AS BIGINT), CASE WHEN 1 > 2 THEN 1 ELSE 11.5 END, 'ROME1', 100 / 50);
TEST 'an error'
  INPUT payments VALUES (1, 20, 'a')
  EXPECT large (id) VALUES (1 / (2 - 2));
TEST 'out of range'
  INPUT payments VALUES (9223372036854775807 + 1, 20, 'a')
  EXPECT large ROWS 0;`)
  assert.deepEqual(said, {
    computed: null,
    'an error': 'script.sql:10:29: division by zero (division-by-zero)',
    'out of range': 'script.sql:12:26: the result does not fit BIGINT (out-of-range)'
  })
})

test('what is compiled does not depend on the tests', () => {
  const compile = (script: string): readonly [version: string, code: string] => {
    using folder = openScriptFolder(new TextEncoder().encode(script))
    const { compiled, diagnostics } = compileFixture(folder, true)
    assert.deepEqual(diagnostics, [])
    // The source map holds the script.
    const { version, typescript } = compiled.pipeline
    return [version, typescript.replace(/\n\/\/# sourceMappingURL.*/, '')]
  }
  const tested = `${payments}
TEST 'one' INPUT payments VALUES (1, 20, 'a') EXPECT large ROWS 1;
TEST 'two' EXPECT large ROWS 0`
  assert.deepEqual(compile(tested), compile(payments))
})

test('tables are what statements and topics made of them', async () => {
  const said = await runSqlTests(`CREATE TABLE users (id INT, name TEXT, PRIMARY KEY (id));
INSERT INTO users VALUES (1, 'ann'), (2, 'bob'), (3, 'cy');
UPDATE users SET name = upper(name) WHERE id < 3;
DELETE FROM users WHERE id = 2;
CREATE SOURCE renames FROM KAFKA (topic = 'renames') SCHEMA (id INT, name TEXT);
INSERT INTO users SELECT id, name FROM renames;
CREATE SINK all_changes TO KAFKA (topic = 'changes', format = 'debezium') FROM TABLE users;
CREATE SOURCE towns FROM KAFKA (topic = 'towns', format = 'debezium') SCHEMA (id INT, town TEXT, PRIMARY KEY (id));
CREATE SOURCE prices FROM KAFKA (topic = 'prices', format = 'upsert') SCHEMA (id INT, price DOUBLE, PRIMARY KEY (id));
CREATE SOURCE orders FROM KAFKA (topic = 'orders') SCHEMA (user_id INT, town_id INT);
CREATE SINK k TO KAFKA (topic = 'k');
INSERT INTO k SELECT u.name, t.town FROM orders o JOIN users u ON o.user_id = u.id LEFT JOIN towns t ON o.town_id = t.id;
CREATE SINK p TO KAFKA (topic = 'p') FROM TABLE prices;
TEST 'statements'
  EXPECT users VALUES (3, 'cy'), (1, 'ANN')
  EXPECT all_changes (name) VALUES ('ann'), ('bob'), ('cy'), ('ANN'), ('BOB'), ('BOB')
  INPUT renames VALUES (1, 'anna'), (4, 'dee')
  EXPECT users VALUES (3, 'cy'), (1, 'anna'), (4, 'dee')
  EXPECT all_changes (id) VALUES (1), (4)
  EXPECT users ROWS 3;
TEST 'topics'
  INPUT towns VALUES (7, 'Rome'), (8, 'Oslo'), (7, 'Roma')
  INPUT towns RAW '{"before":{"id":8},"after":null,"op":"d"}'
  EXPECT towns VALUES (7, 'Roma')
  INPUT prices VALUES (1, 2.5), (1, 3)
  EXPECT prices (price) VALUES (3)
  INPUT orders VALUES (1, 7), (3, 8), (2, 7)
  EXPECT k VALUES ('ANN', 'Roma'), ('cy', NULL)
  EXPECT ERRORS 0;`)
  assert.deepEqual(said, { statements: null, topics: null })
  const failed = await runSqlTests(`CREATE TABLE t (id INT, PRIMARY KEY (id));
INSERT INTO t VALUES (1);
INSERT INTO t VALUES (1 / 0);
TEST 'a statement that fails' EXPECT t VALUES (1) EXPECT ERRORS 0;
TEST 'shown' EXPECT t VALUES (2);`)
  assert.equal(
    failed['a statement that fails'],
    'script.sql:4:1: the pipeline stopped: script.sql:3:23: INSERT INTO t: division by zero (division-by-zero)'
  )
  assert.match(failed['shown']!, /2\n {2}unexpected {2}1\n\nthe pipeline stopped: script.sql:3:23/)
})

test('a test changes tables as statements on the running pipeline do', async () => {
  const tables = `CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (id INT, user_id INT);
CREATE TABLE users (id INT, name VARCHAR(5) NOT NULL, at TIMESTAMP DEFAULT TIMESTAMP '2026-01-01', PRIMARY KEY (id));
CREATE TABLE names AS SELECT id, upper(name) AS name FROM users;
CREATE SINK out TO KAFKA (topic = 'out');
CREATE SINK changes TO KAFKA (topic = 'changes') FROM TABLE users;
INSERT INTO users (id, name) VALUES (1, 'ann');
INSERT INTO out SELECT e.id, u.name FROM e LEFT JOIN users u ON u.id = e.user_id;
`
  await passes(`${tables}
TEST 'each at its place'
  INPUT e VALUES (10, 2)
  INSERT INTO users (name, id) VALUES ('bob', 1 + 1), ('cat', 3)
  INPUT e VALUES (11, 2)
  UPDATE users SET name = upper(name) WHERE id = 2
  EXPECT changes (id, name) VALUES (1, 'ann'), (2, 'bob'), (3, 'cat'), (2, 'BOB')
  DELETE FROM users WHERE id < 2
  EXPECT changes (id) VALUES (1)
  INPUT e VALUES (12, 2), (13, 1)
  EXPECT out VALUES (10, NULL), (11, 'bob'), (12, 'BOB'), (13, NULL)
  EXPECT users (id, at) VALUES (2, '2026-01-01'), (3, '2026-01-01')
  EXPECT ERRORS 0;
TEST 'the next one begins anew'
  UPDATE users SET name = 'x'
  EXPECT users (id, name) VALUES (1, 'x')
  EXPECT names VALUES (1, 'X');
TEST 'one that fails is an error, and changes nothing'
  INSERT INTO users VALUES (2, 'bob', NULL), (1, 'again', NULL)
  EXPECT ERRORS 1
  EXPECT ERRORS 1
  UPDATE users SET name = 'too long' WHERE id = 1
  EXPECT ERRORS 1
  EXPECT users (id, name) VALUES (1, 'ann')
  INSERT INTO users (id, name) VALUES (4, 'dan   ')
  EXPECT ERRORS 0
  EXPECT users (id) VALUES (1), (4);`)
  const said = await failure(`${tables}
TEST 'nobody expects the error'
  INSERT INTO users VALUES (1, 'again', NULL)
  EXPECT users (name) VALUES ('ann');`)
  assert.match(said!, /^script.sql:10:3: INSERT INTO users: .*\(duplicate-key\)/)
})

test('INPUT DELETE takes rows out of topics that are tables', async () => {
  const source = (name: string, more: string, key = 'id'): string =>
    `CREATE SOURCE ${name} FROM KAFKA (topic = '${name}', ${more}) SCHEMA (id BIGINT, part TEXT, name TEXT, PRIMARY KEY (${key}));\n`
  await passes(`${source('one', "format = 'upsert'")}${source('json_key', "format = 'upsert', key_format = 'json'")}
${source('two', "format = 'upsert'", 'part, id')}${source('dbz', "format = 'debezium'")}
CREATE SINK out TO KAFKA (topic = 'out') FROM TABLE one;
CREATE SINK left_over TO KAFKA (topic = 'left', format = 'upsert') FROM TABLE two;
CREATE SINK j TO KAFKA (topic = 'j') FROM TABLE json_key;
CREATE SINK d TO KAFKA (topic = 'd') FROM TABLE dbz;
TEST 'by the key'
  INPUT one VALUES (9007199254740993, 'a', 'x'), (2, 'b', 'y')
  INPUT one DELETE VALUES (9007199254740993), (77)
  INPUT json_key VALUES (1, 'a', 'x'), (2, 'b', 'y')
  INPUT json_key DELETE VALUES (2) AT '2026-01-02'
  INPUT two VALUES (1, 'a', 'x'), (1, 'b', 'y')
  INPUT two DELETE VALUES ('b', 1)
  INPUT dbz VALUES (1, 'a', 'x'), (2, 'b', 'y')
  INPUT dbz DELETE VALUES (1)
  EXPECT one (id) VALUES (2)
  EXPECT json_key (id) VALUES (1)
  EXPECT two VALUES (1, 'a', 'x')
  EXPECT dbz (id) VALUES (2)
  EXPECT ERRORS 0;`)
})

test('what a SELECT on its own prints', async () => {
  await passes(`${payments}
SELECT id, city FROM payments WHERE amount < 0;
SELECT 1 AS one;
TEST 'printed'
  EXPECT stdout_2 VALUES (1)
  INPUT payments VALUES (1, -5, 'Rome'), (2, 5, 'Oslo')
  EXPECT stdout (city) VALUES ('Rome')
  EXPECT stdout_2 ROWS 0;`)
})

test('a script without sources is done when its statements are', async () => {
  const said = await runSqlTests(`CREATE TABLE t (id INT, PRIMARY KEY (id));
CREATE SINK k TO KAFKA (topic = 'k') FROM TABLE t;
INSERT INTO t VALUES (1), (2);
DELETE FROM t WHERE id = 1;
TEST 'changes' EXPECT k VALUES (1), (2), (1) EXPECT t VALUES (2) EXPECT ERRORS 0;
TEST 'nothing more' EXPECT k ROWS 3 ADVANCE TIME TO '2030-01-01T00:00:00Z' EXPECT k ROWS 0;`)
  assert.deepEqual(said, { changes: null, 'nothing more': null })
})

for (const [format, given] of [
  ['arrow', ''],
  ['avro', ", schema_registry_url = 'http://registry:8081'"],
  ['protobuf', ", schema_registry_url = 'http://registry:8081'"]
] as const) {
  test(`of records in ${format} rows are given and expected, whatever their schema is`, async () => {
    const sink = format === 'protobuf' ? '' : `, format = '${format}'${given}`
    await passes(`CREATE SOURCE s FROM KAFKA (topic = 's', format = '${format}'${given})
SCHEMA (id BIGINT NOT NULL, name TEXT, at TIMESTAMP);
CREATE SINK out TO KAFKA (topic = 'out'${sink});
INSERT INTO out SELECT id + 1 AS id, upper(name) AS name, at FROM s;
TEST 'rows'
  INPUT s VALUES (9007199254740992, 'a', TIMESTAMP '2026-01-01 00:00:00.5'), (2, NULL, NULL)
  EXPECT out VALUES (9007199254740993, 'A', TIMESTAMP '2026-01-01 00:00:00.5'), (3, NULL, NULL)
  EXPECT ERRORS 0;`)
  })
}
