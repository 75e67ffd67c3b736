import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openStatements } from '../../../compiler/ask/index.ts'
import type { AskedPipeline, Asker, TableDefinition } from '../../../runtime/contract/index.ts'
import { makeAsker } from '../../../runtime/query/asker.ts'
import { TableState } from '../../../runtime/state/index.ts'

const folder = join(import.meta.dirname, '../../fixtures/postgres')

/** The lines of a file of statements. */
export function readStatements(name: string): readonly string[] {
  return readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
}

/** Tables in memory, filled by `statements`, each a line: a pipeline as far as statements ask one. */
export function openTables(
  statements: readonly string[]
): (sql: string) => ReturnType<Asker['execute']> {
  const created = statements.filter(line => line.startsWith('CREATE TABLE'))
  const tables = new Map(created.map(sql => [nameOf(sql), makeTable(sql)] as const))
  const asker = makeAsker(openStatements(created.map(withoutEnd), new Map()))
  const pipeline: AskedPipeline = {
    table: name => tables.get(name)!,
    changed: () => () => {},
    system: () => [],
    now: () => 0,
    maxRows: Infinity
  }
  const ask = (sql: string): ReturnType<Asker['execute']> => asker.execute(sql, pipeline)
  for (const line of statements) if (line.startsWith('INSERT')) ask(withoutEnd(line))
  return ask
}

function nameOf(sql: string): string {
  return /TABLE (\w+)/.exec(sql)![1]!
}

function withoutEnd(line: string): string {
  return line.replace(/;$/, '')
}

function makeTable(sql: string): TableState {
  const definition: TableDefinition = {
    name: nameOf(sql),
    columns: [],
    key: sql.includes('PRIMARY KEY') ? [0] : null,
    indexes: [],
    sources: [],
    changed: () => {},
    sql: withoutEnd(sql),
    line: 1
  }
  return new TableState(definition)
}
