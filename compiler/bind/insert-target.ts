import type { TableDeclaration } from './catalog.ts'
import type { BindContext } from './context.ts'
import { bindQuery } from './queries/bind-query.ts'
import { type InsertTarget, tableDefault, tableLimit, tableSchema } from './tables.ts'

/** A table as something to write to; null after a diagnostic. */
export function bindTarget(table: TableDeclaration, cx: BindContext): InsertTarget | null {
  const schema = tableSchema(table, cx)
  if (schema === null) return null
  const { name, statement, inserts, span } = table
  const first =
    statement === null ? inserts[0]!.query : 'query' in statement ? statement.query : null
  const bound = first === null ? null : bindQuery(first, [], cx)
  return {
    kind: 'table',
    name,
    schema,
    isDeclared: statement?.kind === 'CreateTable',
    defaultOf: column => tableDefault(table, column, cx),
    limitOf: column => tableLimit(table, column, cx),
    // What messages point to: the query whose columns others must have, else the declaration.
    span: bound?.span ?? span
  }
}
