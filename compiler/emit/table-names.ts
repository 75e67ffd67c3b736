import { makeCode, pascalCase, type Code } from '../code/index.ts'
import type { StoredTable } from '../ir/index.ts'
import type { Module } from './module.ts'

/** What a stored table is called in generated code. */
export interface TableNames {
  readonly stored: StoredTable
  /** The type of its rows. */
  readonly row: Code
  /** The variable that holds its state, set when the pipeline opens. */
  readonly state: Code
  /** The function that is called for each change. */
  readonly changed: Code
  /** The variable of the batch that its rows seem to come in, for errors. */
  readonly rows: Code
  /** One function per index: the row's entry. */
  readonly indexes: readonly Code[]
}

export function nameTables(
  tables: readonly StoredTable[],
  { scope }: Module
): ReadonlyMap<string, TableNames> {
  return new Map(
    tables.map(stored => {
      const { name } = stored.table
      const row = makeCode(pascalCase(scope.name(`${name} row type`).text))
      const names: TableNames = {
        stored,
        row,
        state: scope.name(`${name} table`),
        changed: scope.name(`changed ${name}`),
        rows: scope.name(`${name} rows`),
        indexes: stored.indexes.map(() => scope.name(`${name} entry`))
      }
      return [name, names]
    })
  )
}
