import type { Relation } from '../../contract/index.ts'
import { wireType } from '../wire-type.ts'
import type { CatalogRow } from './catalog-rows.ts'
import { notAnswered } from './not-answered.ts'
import type { CatalogQuery } from './read-query.ts'

type Values = Readonly<Record<string, string>>

const FROM = /^information_schema\.(tables|columns)(?: as)?(?: \w+)?$/
const ORDER = /^order by (.+)$/
const NUMBERS = new Set(['ordinal_position'])

/** The SQL standard's tables about tables: what tools that are for no database in particular ask. Null: the query reads others. */
export function readInformationSchema(
  { from, tail }: CatalogQuery,
  relations: readonly Relation[],
  database: string
): { readonly columns: readonly string[]; readonly rows: readonly CatalogRow[] } | null {
  const table = FROM.exec(from)?.[1]
  if (table === undefined) return null
  const columns = table === 'tables' ? TABLES : COLUMNS
  const values = relations.flatMap(relation =>
    table === 'tables' ? [tableValues(relation, database)] : columnValues(relation, database)
  )
  const rows = ordered(values, tail, columns).map((row): CatalogRow => ({
    valueOf: expression => row[unqualified(expression)]
  }))
  return { columns, rows }
}

/** A query says `t.table_name` or `table_name`: it reads one table. */
function unqualified(expression: string): string {
  return expression.replace(/^\w+\./, '')
}

const TABLES = [
  'table_catalog',
  'table_schema',
  'table_name',
  'table_type',
  'is_insertable_into'
] as const

function tableValues({ schema, name }: Relation, database: string) {
  return {
    table_catalog: database,
    table_schema: schema,
    table_name: name,
    table_type: 'BASE TABLE',
    is_insertable_into: schema === 'public' ? 'YES' : 'NO'
  } satisfies Record<(typeof TABLES)[number], string>
}

const COLUMNS = [
  'table_catalog',
  'table_schema',
  'table_name',
  'column_name',
  'ordinal_position',
  'is_nullable',
  'data_type'
] as const

function columnValues({ schema, name, columns }: Relation, database: string): Values[] {
  return columns.map((column, i) => {
    const type = wireType(column.type).name
    return {
      table_catalog: database,
      table_schema: schema,
      table_name: name,
      column_name: column.name,
      ordinal_position: String(i + 1),
      is_nullable: column.nullable ? 'YES' : 'NO',
      data_type: type.endsWith('[]') ? 'ARRAY' : type.replace(/\(.*?\)/, '')
    } satisfies Record<(typeof COLUMNS)[number], string>
  })
}

/** Only ORDER BY columns may follow: nothing here counts, groups or cuts. */
function ordered(rows: readonly Values[], tail: string, columns: readonly string[]) {
  if (tail === '') return rows
  const keys = (ORDER.exec(tail)?.[1] ?? '')
    .split(',')
    .map(key => unqualified(key.replace(/ asc$/, '')))
  if (!keys.every(key => columns.includes(key))) throw notAnswered(`it ends with ${tail}`)
  return rows.toSorted((a, b) => {
    for (const key of keys) {
      const order = compare(a[key]!, b[key]!, NUMBERS.has(key))
      if (order !== 0) return order
    }
    return 0
  })
}

function compare(a: string, b: string, isNumber: boolean): number {
  if (a === b) return 0
  if (isNumber) return Number(a) - Number(b)
  return a < b ? -1 : 1
}
