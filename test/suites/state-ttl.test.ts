import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSqlTests } from '../support/sql-tests.ts'

// What goes with processing time: run fixtures have a clock that stands still.
const payments = `SET state_ttl = '10 min';
CREATE SOURCE payments FROM KAFKA (topic = 'payments') SCHEMA (who TEXT, amount INT);
`

async function passes(script: string): Promise<void> {
  const said = await runSqlTests(payments + script)
  assert.ok(Object.keys(said).length > 0)
  assert.deepEqual(said, Object.fromEntries(Object.keys(said).map(name => [name, null])))
}

test('a group that has not changed for so long begins anew', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k', format = 'upsert') AS
SELECT who, COUNT(*) AS n, SUM(amount) AS total FROM payments GROUP BY who;
TEST 'per group'
  INPUT payments VALUES ('a', 1), ('b', 2) AT '2026-01-01T00:00:00Z'
  EXPECT k VALUES ('a', 1, 1), ('b', 1, 2)
  ADVANCE TIME TO '2026-01-01T00:09:00Z'
  INPUT payments VALUES ('a', 10)
  EXPECT k VALUES ('a', 2, 11)
  ADVANCE TIME TO '2026-01-01T00:18:59Z'
  EXPECT k ROWS 0
  INPUT payments VALUES ('a', 100), ('b', 200)
  EXPECT k VALUES ('a', 3, 111), ('b', 1, 200)
  ADVANCE TIME TO '2026-01-01T01:00:00Z'
  EXPECT k ROWS 0
  INPUT payments VALUES ('a', 1)
  EXPECT k VALUES ('a', 1, 1)
  EXPECT ERRORS 0;`)
})

test('the group of all rows stays, also as a grouping set', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT who, GROUPING(who) AS level, SUM(amount) AS total FROM payments GROUP BY ROLLUP (who);
CREATE SINK of_all TO KAFKA (topic = 'of_all') AS SELECT SUM(amount) AS total FROM payments;
TEST 'all'
  INPUT payments VALUES ('a', 1) AT '2026-01-01T00:00:00Z'
  EXPECT k VALUES (NULL, 1, 1), ('a', 0, 1)
  EXPECT of_all VALUES (1)
  ADVANCE TIME TO '2026-01-01T01:00:00Z'
  INPUT payments VALUES ('a', 2)
  EXPECT k VALUES (NULL, 1, 3), ('a', 0, 2)
  EXPECT of_all VALUES (3)
  EXPECT ERRORS 0;`)
})

test('what goes without a word stays in what is made of it', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k', format = 'upsert') AS
SELECT n, COUNT(*) AS people FROM (SELECT who, COUNT(*) AS n FROM payments GROUP BY who) GROUP BY n;
TEST 'groups of groups'
  INPUT payments VALUES ('a', 1), ('b', 2), ('b', 3) AT '2026-01-01T00:00:00Z'
  EXPECT k VALUES (1, 1), (2, 1)
  ADVANCE TIME TO '2026-01-01T00:09:00Z'
  INPUT payments VALUES ('c', 1)
  EXPECT k VALUES (1, 2)
  EXPECT ERRORS 0;`)
})

test('rows of a join that no time bounds are forgotten, those of a table are not', async () => {
  const said = await runSqlTests(`SET state_ttl = '1 minute';
CREATE SOURCE a FROM KAFKA (topic = 'a') SCHEMA (k INT, x INT);
CREATE SOURCE b FROM KAFKA (topic = 'b') SCHEMA (k INT, y INT);
CREATE SOURCE u FROM KAFKA (topic = 'u', format = 'upsert') SCHEMA (id INT, name TEXT, PRIMARY KEY (id));
CREATE SINK pairs TO KAFKA (topic = 'pairs') AS SELECT a.k, x, y FROM a JOIN b ON a.k = b.k;
CREATE SINK named TO KAFKA (topic = 'named', format = 'upsert') AS SELECT c.k, n, name FROM (SELECT k, COUNT(*) AS n FROM b GROUP BY k) c JOIN u ON c.k = u.id;
TEST 'after a minute'
  INPUT a VALUES (1, 1)
  INPUT u VALUES (1, 'Ann')
  ADVANCE TIME TO '2026-01-01T00:00:59Z'
  INPUT b VALUES (1, 2)
  EXPECT pairs VALUES (1, 1, 2)
  ADVANCE TIME TO '2026-01-01T00:01:30Z'
  INPUT b VALUES (1, 3)
  EXPECT pairs ROWS 0
  EXPECT named (k, name) VALUES (1, 'Ann'), (1, 'Ann')
  INPUT a VALUES (1, 4)
  EXPECT pairs VALUES (1, 4, 2), (1, 4, 3)
  EXPECT ERRORS 0;`)
  assert.deepEqual(Object.values(said), [null])
})

test('a partition of window functions ends: what waits for the next row is told, and it begins anew', async () => {
  const said = await runSqlTests(`SET state_ttl = '1 minute';
CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (who TEXT, n INT, ts TIMESTAMP, WATERMARK FOR ts AS ts);
CREATE SINK next TO KAFKA (topic = 'next') AS
SELECT who, n, LEAD(n, 1, -1) OVER (PARTITION BY who ORDER BY ts) AS next, SUM(n) OVER (PARTITION BY who ORDER BY ts) AS total FROM s;
TEST 'after a minute'
  INPUT s VALUES ('a', 1, '2026-01-01T00:00:00'), ('a', 2, '2026-01-01T00:00:01'), ('b', 5, '2026-01-01T00:00:02') AT '2026-01-01T00:00:02Z'
  EXPECT next VALUES ('a', 1, 2, 1)
  ADVANCE TIME TO '2026-01-01T00:00:30Z'
  INPUT s VALUES ('b', 6, '2026-01-01T00:00:30'), ('c', 0, '2026-01-01T00:00:31')
  EXPECT next VALUES ('b', 5, 6, 5)
  ADVANCE TIME TO '2026-01-01T00:01:10Z'
  EXPECT next VALUES ('a', 2, -1, 3)
  INPUT s VALUES ('a', 3, '2026-01-01T00:01:10'), ('a', 4, '2026-01-01T00:01:11'), ('c', 0, '2026-01-01T00:01:12')
  EXPECT next VALUES ('a', 3, 4, 3)
  EXPECT ERRORS 0;`)
  assert.deepEqual(Object.values(said), [null])
})
