// Writes test/fixtures/postgres/wire-values.json: what a real PostgreSQL sends for each value, in both formats.
// `node record-wire-values.ts <port>`: of a PostgreSQL 15 on this machine that trusts user postgres.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askWireValue, RawClient } from './raw-client.ts'

const expressions = [
  ...['TRUE', 'FALSE', 'CAST(-1 AS SMALLINT)', '42', '-2147483648', '9007199254740993'],
  ...['-9223372036854775807 - 1', 'CAST(0.1 AS REAL)', 'CAST(1e6 AS REAL)'],
  ...['CAST(123456.7 AS REAL)', 'CAST(0.1 AS DOUBLE PRECISION)', 'CAST(1e15 AS DOUBLE PRECISION)'],
  ...['CAST(1e-5 AS DOUBLE PRECISION)', 'CAST(123456789012345680 AS DOUBLE PRECISION)'],
  ...["CAST('NaN' AS DOUBLE PRECISION)", "CAST('-Infinity' AS DOUBLE PRECISION)"],
  ...["CAST('-0' AS DOUBLE PRECISION)", 'CAST(1.50 AS DECIMAL(20, 2))', '1.50', '-0.0001'],
  ...["CAST('-12345678901234567890.00012' AS DECIMAL(30, 5))", 'CAST(0 AS DECIMAL(5, 3))'],
  ...['CAST(10000 AS DECIMAL(10, 0))', "CAST('0.00001234' AS DECIMAL(20, 8))", '100000000.0001'],
  ...["'it''s'", "''", "'Zoë 😀'", 'NULL', 'CAST(NULL AS INT)', "CAST('\\x00ff10' AS BYTEA)"],
  ...["DATE '2026-01-02'", "DATE '0001-01-01'", "TIME '01:02:03.5'", "TIME '24:00:00'"],
  ...["TIMESTAMP '2026-01-02 03:04:05.678'", "TIMESTAMP '1969-12-31 23:59:59.9'"],
  ...["TIMESTAMP '9999-12-31 23:59:59.999'", "TIMESTAMPTZ '2026-01-02 03:04:05+02'"],
  ...["INTERVAL '1 year 2 months 3 days 04:05:06.7'", "INTERVAL '-1 year -2 days +03:00:00'"],
  ...["INTERVAL '0'", `CAST('{"b": [1, null], "a": 1}' AS JSON)`],
  ...['ARRAY[1, 2, NULL]', "CAST('{}' AS INT[])", 'ARRAY[TRUE, FALSE]', 'ARRAY[1.5, 2.25]'],
  ...[`ARRAY['a', 'b c', 'd"e', '', 'NULL', NULL, '\\x', '{']`, 'ARRAY[ARRAY[1, 2], ARRAY[3, 4]]'],
  ...["ARRAY[DATE '2026-01-02']", "ARRAY[TIMESTAMP '2026-01-02 03:04:05']"],
  ...[
    "ARRAY[INTERVAL '1 day']",
    `ARRAY[CAST('{"a":1}' AS JSON)]`,
    'ROW(1, CAST(NULL AS TEXT), TRUE)'
  ]
]

const client = await RawClient.open(Number(process.argv[2]), 'postgres')
await client.ask("SET TimeZone = 'UTC'", 0)
const values: Record<string, unknown> = {}
for (const sql of expressions) values[sql] = await askWireValue(client, `SELECT ${sql}`)
client.close()
const path = join(import.meta.dirname, '../../fixtures/postgres/wire-values.json')
writeFileSync(path, `${JSON.stringify(values, null, 2)}\n`)
