import type { TableDefinition } from '../contract/index.ts'

/** The tables that statements can name. */
export function namedTables(tables: readonly TableDefinition[]): readonly TableDefinition[] {
  return tables.filter(({ sql }) => sql !== '')
}
