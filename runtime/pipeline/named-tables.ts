import type { PipelineDefinition, TableDefinition } from '../contract/index.ts'

/** Those that are kept as state, and those that are copies. */
export function tablesOf({
  tables,
  copies = []
}: Pick<PipelineDefinition, 'tables' | 'copies'>): readonly TableDefinition[] {
  return [...tables, ...copies]
}

/** The tables that statements can name. */
export function namedTables(
  definition: Pick<PipelineDefinition, 'tables' | 'copies'>
): readonly TableDefinition[] {
  return tablesOf(definition).filter(({ sql }) => sql !== '')
}
