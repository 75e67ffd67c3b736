import { type FixtureRecord, toBytes } from '../records.ts'
import { type ScalarType, showLiteral, sqlTypes } from './scalar-type.ts'

export type TableName = 't' | 'u'
export const tableNames: readonly TableName[] = ['t', 'u']

/** Both tables have the same columns; `id` is the key. */
export const columns = {
  id: 'INT',
  a: 'INT',
  b: 'BIGINT',
  s: 'TEXT',
  d: 'DECIMAL',
  f: 'DOUBLE',
  ts: 'TIMESTAMP',
  ok: 'BOOLEAN'
} as const satisfies Readonly<Record<string, ScalarType>>
export const columnTypes: readonly (readonly [name: string, type: ScalarType])[] =
  Object.entries(columns)

/** The values of a row's columns after the key, as text. */
export type Row = readonly (string | null)[]

/** A row that is put in the place of what has its key; null: it is deleted. */
export interface Change {
  readonly table: TableName
  readonly id: number
  readonly row: Row | null
}

/** Changes after which the result is compared. */
export type Step = readonly Change[]

/** What the tables hold. */
export type Contents = Readonly<Record<TableName, ReadonlyMap<number, Row>>>

export const emptyTables: Contents = { t: new Map(), u: new Map() }

export function applyStep(contents: Contents, step: Step): Contents {
  const next = { t: new Map(contents.t), u: new Map(contents.u) }
  for (const { table, id, row } of step) {
    if (row === null) next[table].delete(id)
    else next[table].set(id, row)
  }
  return next
}

/** A change as a record of the table's topic. */
export function changeRecord({ id, row }: Change): FixtureRecord {
  const value = row === null ? null : showJson([String(id), ...row])
  return {
    ...{ key: toBytes(String(id)), value: toBytes(value), timestamp: 0, partition: 0 },
    ...{ error: null, op: null }
  }
}

function showJson(row: Row): string {
  const members = columnTypes.map(([name, type], i) => `"${name}":${jsonValue(type, row[i]!)}`)
  return `{${members.join(',')}}`
}

function jsonValue(type: ScalarType, value: string | null): string {
  if (value === null) return 'null'
  return type === 'TEXT' || type === 'TIMESTAMP' ? JSON.stringify(value) : value
}

/** The topics as tables, in our dialect. */
export function showSources(): string {
  const declared = columnTypes.map(([name, type]) => `${name} ${sqlTypes[type]}`).join(', ')
  return tableNames
    .map(
      table =>
        `CREATE SOURCE ${table} FROM KAFKA (topic = '${table}', format = 'upsert') SCHEMA (${declared}, PRIMARY KEY (id));\n`
    )
    .join('')
}

/** A query over the tables as the batch engine gets it: their rows are part of it. */
export function showWith(contents: Contents): string {
  const names = columnTypes.map(([name]) => name).join(', ')
  const tables = tableNames.map(table => `${table}(${names}) AS (${showRows(contents[table])})`)
  return `WITH ${tables.join(', ')}\n`
}

function showRows(rows: ReadonlyMap<number, Row>): string {
  if (rows.size === 0) return `SELECT ${showLiterals(columnTypes.map(() => null))} WHERE false`
  const lines = [...rows].map(([id, row]) => `(${showLiterals([String(id), ...row])})`)
  return `VALUES ${lines.join(', ')}`
}

function showLiterals(row: Row): string {
  return columnTypes.map(([, type], i) => showLiteral(type, row[i]!)).join(', ')
}
