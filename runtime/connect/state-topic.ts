/** The topic that holds a table's changes; that of the pipeline's own facts has the table ''. */
export function stateTopic(pipeline: string, table: string): string {
  return table === '' ? `${pipeline}-state` : `${pipeline}-${table}-state`
}
