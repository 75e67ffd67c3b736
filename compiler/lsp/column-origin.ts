import type { Query, Statement } from '../ast/index.ts'
import type { Findings } from '../bind/index.ts'
import type { BoundQuery, BoundRelation, BoundScript } from '../ir/index.ts'
import { type Span, spanText } from '../source/index.ts'

/** What the places of columns are found in. */
export interface Origins {
  readonly statements: readonly Statement[]
  readonly bound: BoundScript
  readonly findings: Findings
}

/** Where a column of a relation is declared or computed; null: nowhere in the script. */
export function originInRelation(
  relation: BoundRelation,
  index: number,
  origins: Origins
): Span | null {
  switch (relation.kind) {
    case 'SourceScan':
      return originInSource(relation.source, index, origins)
    case 'TableScan':
      return originInTable(relation.table, index, origins)
    case 'Derived':
      return originInQuery(relation.query, index, origins)
    case 'Filtered':
      return originInRelation(relation.input, index, origins)
    case 'Over': {
      const width = relation.input.schema.columns.length
      if (index < width) return originInRelation(relation.input, index, origins)
      return relation.calls[index - width]!.call.span
    }
    case 'Unnest': {
      const isOfInput = index < relation.input.schema.columns.length
      return isOfInput ? originInRelation(relation.input, index, origins) : relation.span
    }
    case 'Lookup': {
      const width = relation.left.schema.columns.length
      return index < width
        ? originInRelation(relation.left, index, origins)
        : originInTable(relation.table, index - width, origins)
    }
    default:
      // System tables are declared nowhere.
      return null
  }
}

/** Where the query computes one of its columns. */
export function originInQuery(query: BoundQuery, index: number, origins: Origins): Span | null {
  switch (query.kind) {
    case 'Select': {
      const expr = query.items[index]?.expr
      if (expr === undefined) return null
      if (query.grouping !== null) return expr.span
      // What `*` stands for, and what the binder adds to fit a target, is written further down.
      const isWritten = expr.kind !== 'Column' || /^[^\s*]+$/.test(spanText(expr.span))
      return isWritten ? expr.span : originInRelation(query.from, expr.index, origins)
    }
    case 'UnionAll':
      return originInQuery(query.inputs[0]!, index, origins)
    case 'Values':
      return query.rows[0]?.[index]?.span ?? null
    default:
      return null
  }
}

function originInSource(name: string, index: number, { bound }: Origins): Span | null {
  return bound.sources.find(source => source.name === name)?.columns[index]?.span ?? null
}

function originInTable(name: string, index: number, origins: Origins): Span | null {
  for (const statement of origins.statements) {
    if (statement.kind === 'CreateTable' && statement.name.name === name) {
      return columnNames(statement)[index]?.span ?? null
    }
    const query = queryOf(statement, name)
    if (query !== null) return originInAst(query, index, origins)
  }
  // A source whose topic is a table.
  return originInSource(name, index, origins)
}

/** The query that makes the columns of a table. */
function queryOf(statement: Statement, table: string): Query | null {
  if (statement.kind === 'CreateTableAs') {
    return statement.name.name === table ? statement.query : null
  }
  const isInsert = statement.kind === 'Insert' && statement.target.parts.at(-1)!.name === table
  return isInsert ? statement.query : null
}

export function originInAst(query: Query, index: number, origins: Origins): Span | null {
  const bound = origins.findings.queries.get(query) ?? null
  return bound === null ? null : originInQuery(bound, index, origins)
}

function columnNames({ elements }: Extract<Statement, { kind: 'CreateTable' }>) {
  return elements.flatMap(element => (element.kind === 'ColumnDefinition' ? element.name : []))
}
