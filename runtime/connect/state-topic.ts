/** All state topics of a pipeline, for its own facts first; none where no table is kept. */
export function stateTopics({ name, tables }: StatefulPipeline): string[] {
  if (tables.length === 0) return []
  return ['', ...tables.map(table => table.name)].map(table => stateTopic(name, table))
}

interface StatefulPipeline {
  readonly name: string
  readonly tables: readonly { readonly name: string }[]
}

/** The topic that holds a table's changes; that of the pipeline's own facts has the table ''. */
export function stateTopic(pipeline: string, table: string): string {
  return table === '' ? `${pipeline}-state` : `${pipeline}-${table}-state`
}
