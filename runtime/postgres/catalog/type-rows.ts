import { type CatalogRow, makeRow } from './catalog-rows.ts'

/** https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat */
const types: readonly (readonly [name: string, oid: number, arrayOid: number, sql: string])[] = [
  ['bool', 16, 1000, 'boolean'],
  ['bytea', 17, 1001, 'bytea'],
  ['int8', 20, 1016, 'bigint'],
  ['int2', 21, 1005, 'smallint'],
  ['int4', 23, 1007, 'integer'],
  ['text', 25, 1009, 'text'],
  ['json', 114, 199, 'json'],
  ['float4', 700, 1021, 'real'],
  ['float8', 701, 1022, 'double precision'],
  ['varchar', 1043, 1015, 'character varying'],
  ['date', 1082, 1182, 'date'],
  ['time', 1083, 1183, 'time without time zone'],
  ['timestamp', 1114, 1115, 'timestamp without time zone'],
  ['timestamptz', 1184, 1185, 'timestamp with time zone'],
  ['interval', 1186, 1187, 'interval'],
  ['numeric', 1700, 1231, 'numeric']
]

/**
 * `pg_type`, beside its namespace: the types of what a pipeline answers. Drivers look there for others by name when they connect
 * (hstore, say), and go on when there are none.
 */
export function typeRows(): readonly CatalogRow[] {
  return types.flatMap(([name, oid, arrayOid, sql]) => [
    typeRow(name, oid, arrayOid, 0, sql),
    typeRow(`_${name}`, arrayOid, 0, oid, `${sql}[]`)
  ])
}

function typeRow(
  name: string,
  oid: number,
  arrayOid: number,
  elementOid: number,
  sql: string
): CatalogRow {
  const values = {
    oid: String(oid),
    typname: name,
    typarray: String(arrayOid),
    typelem: String(elementOid),
    typdelim: ',',
    typtype: 'b',
    typrelid: '0',
    typbasetype: '0',
    typnotnull: 'f',
    nspname: 'pg_catalog',
    'oid::regtype::text': sql,
    'oid::regtype': sql
  }
  return makeRow(
    Object.fromEntries(
      Object.entries(values).flatMap(([column, value]) =>
        ['', 't.', 'n.', 'ns.'].map(alias => [alias + column, value])
      )
    )
  )
}
