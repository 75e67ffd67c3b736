import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSqlTests } from '../support/sql-tests.ts'

// What the clock closes: run fixtures have a clock that stands still.
const clicks = `CREATE SOURCE clicks FROM KAFKA (topic = 'clicks') SCHEMA (who TEXT, at AS PROCTIME());
`

async function passes(script: string): Promise<void> {
  const said = await runSqlTests(clicks + script)
  assert.ok(Object.keys(said).length > 0)
  assert.deepEqual(said, Object.fromEntries(Object.keys(said).map(name => [name, null])))
}

test('a window of processing time is told once, when the clock is at its end', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT window_start, who, COUNT(*) AS n FROM TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY window_start, who;
TEST 'one row per window'
  INPUT clicks VALUES ('a'), ('b'), ('a') AT '2026-01-01T00:00:03Z'
  INPUT clicks VALUES ('a') AT '2026-01-01T00:00:09.999Z'
  EXPECT k ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:10Z'
  EXPECT k VALUES ('2026-01-01T00:00:00Z', 'a', 3), ('2026-01-01T00:00:00Z', 'b', 1)
  INPUT clicks VALUES ('a') AT '2026-01-01T00:00:10Z'
  EXPECT k ROWS 0
  ADVANCE TIME TO '2026-01-01T00:01:00Z'
  EXPECT k VALUES ('2026-01-01T00:00:10Z', 'a', 1)
  EXPECT ERRORS 0;`)
})

test('a session of processing time is told when nothing came for its gap', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT who, window_end, COUNT(*) AS n FROM SESSION(TABLE clicks PARTITION BY who, DESCRIPTOR(at), INTERVAL '10' SECOND) GROUP BY who, window_end;
TEST 'one row per session'
  INPUT clicks VALUES ('a'), ('b') AT '2026-01-01T00:00:03Z'
  INPUT clicks VALUES ('a') AT '2026-01-01T00:00:12.999Z'
  EXPECT k ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:13Z'
  EXPECT k VALUES ('b', '2026-01-01T00:00:13Z', 1)
  ADVANCE TIME TO '2026-01-01T00:00:22.998Z'
  EXPECT k ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:22.999Z'
  EXPECT k VALUES ('a', '2026-01-01T00:00:22.999Z', 2)
  EXPECT ERRORS 0;`)
})

test('windows of windows and overlapping ones go by the same clock', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT time_bucket('20 seconds', window_time) AS window, MAX(n) AS most FROM (
  SELECT window_time, COUNT(*) AS n FROM HOP(TABLE clicks, DESCRIPTOR(at), INTERVAL '5' SECOND, INTERVAL '10' SECOND) GROUP BY window_time
) GROUP BY window;
TEST 'one row per twenty seconds'
  INPUT clicks VALUES ('a') AT '2026-01-01T00:00:04Z'
  INPUT clicks VALUES ('a'), ('b') AT '2026-01-01T00:00:06Z'
  ADVANCE TIME TO '2026-01-01T00:00:19.999Z'
  EXPECT k ROWS 0
  ADVANCE TIME TO '2026-01-01T00:00:20Z'
  EXPECT k VALUES ('2026-01-01T00:00:00Z', 3)
  EXPECT ERRORS 0;`)
})

test('window functions in the order of processing time tell a row when the clock has passed it', async () => {
  await passes(`CREATE SINK k TO KAFKA (topic = 'k') AS
SELECT who, COUNT(*) OVER (PARTITION BY who ORDER BY at) AS n, COUNT(*) OVER (ORDER BY at RANGE INTERVAL '10' SECOND PRECEDING) AS recent FROM clicks;
TEST 'rows of one instant are peers'
  INPUT clicks VALUES ('a'), ('b'), ('a') AT '2026-01-01T00:00:03Z'
  ADVANCE TIME TO '2026-01-01T00:00:04Z'
  EXPECT k VALUES ('a', 2, 3), ('b', 1, 3), ('a', 2, 3)
  INPUT clicks VALUES ('a') AT '2026-01-01T00:00:13.001Z'
  ADVANCE TIME TO '2026-01-01T00:01:00Z'
  EXPECT k VALUES ('a', 3, 1)
  EXPECT ERRORS 0;`)
})
