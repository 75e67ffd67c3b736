import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSqlTests } from '../support/sql-tests.ts'

// Whom a source holds back that brings nothing any more: run fixtures have a clock that stands still.
const sources = `CREATE SOURCE a FROM KAFKA (topic = 'a') SCHEMA (k INT, ts TIMESTAMP, WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SOURCE b FROM KAFKA (topic = 'b') SCHEMA (k INT, ts TIMESTAMP, WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
CREATE SOURCE t FROM KAFKA (topic = 't', format = 'upsert') SCHEMA (k INT, v TEXT, ts TIMESTAMP, PRIMARY KEY (k), WATERMARK FOR ts AS ts IDLE TIMEOUT INTERVAL '30' SECOND);
`

async function passes(script: string): Promise<void> {
  const said = await runSqlTests(sources + script)
  assert.ok(Object.keys(said).length > 0)
  assert.deepEqual(said, Object.fromEntries(Object.keys(said).map(name => [name, null])))
}

test('events meet a table that has been silent for long, once they are past themselves', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS SELECT a.k, t.v FROM a LEFT JOIN t FOR SYSTEM_TIME AS OF a.ts ON a.k = t.k;
TEST 'as of'
  INPUT t VALUES (1, 'one', '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T01:00:00Z'), (2, '2026-01-01T01:00:01Z') AT '2026-01-01T00:00:10Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:29.999Z'
  EXPECT out ROWS 0
  INPUT a VALUES (3, '2026-01-01T01:00:02Z') AT '2026-01-01T00:00:30Z'
  EXPECT out VALUES (1, 'one'), (2, NULL)
  INPUT t VALUES (3, 'three', '2026-01-01T01:00:01Z') AT '2026-01-01T00:00:31Z'
  INPUT a VALUES (3, '2026-01-01T01:00:03Z') AT '2026-01-01T00:00:31Z'
  EXPECT out ROWS 0
  INPUT t VALUES (4, 'four', '2026-01-01T02:00:00Z') AT '2026-01-01T00:00:32Z'
  EXPECT out VALUES (3, 'three'), (3, 'three')
  EXPECT ERRORS 0;`)
})

test('a row that meets none is told where the other side is silent', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS SELECT a.k, b.k AS other FROM a LEFT JOIN b ON a.k = b.k AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '10' SECOND;
TEST 'left'
  INPUT b VALUES (9, '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T01:00:00Z'), (2, '2026-01-01T01:00:20Z') AT '2026-01-01T00:00:10Z'
  ADVANCE TIME TO '2026-01-01T00:00:29.999Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:30Z'
  EXPECT out VALUES (1, NULL)
  EXPECT ERRORS 0;`)
})

test('windows of two sources go on by the one that brings something', async () => {
  await passes(`CREATE SINK out TO KAFKA (topic = 'out') AS
SELECT time_bucket('1 minute', ts) AS at, COUNT(*) AS n FROM (SELECT ts FROM a UNION ALL SELECT ts FROM b) GROUP BY at;
TEST 'union'
  INPUT b VALUES (9, '2026-01-01T00:00:00Z') AT '2026-01-01T00:00:00Z'
  INPUT a VALUES (1, '2026-01-01T00:00:30Z'), (2, '2026-01-01T00:01:00Z') AT '2026-01-01T00:00:29Z'
  EXPECT out ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:30Z'
  EXPECT out VALUES ('2026-01-01T00:00:00Z', 2)
  EXPECT ERRORS 0;`)
})
