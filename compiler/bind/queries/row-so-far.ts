import { type BoundRelation, type Expr, makeAnd } from '../../ir/index.ts'
import type { CommonTables } from './with-tables.ts'

/**
 * The row of a SELECT while its WHERE and select list are bound: a query inside of them is a lookup, whose row goes on behind
 * the columns that are there already. What stands before it in WHERE is tested before it.
 */
export interface RowSoFar {
  relation: BoundRelation
  /** Conditions that are not tested yet. */
  pending: Expr[]
  /** Values of lookups that may fail: they run for every row, so none may stand where SQL would not ask it. */
  readonly fallible: Expr[]
  readonly tables: CommonTables
}

export function startRow(relation: BoundRelation, tables: CommonTables): RowSoFar {
  return { relation, pending: [], fallible: [], tables }
}

/** The rows that all conditions up to now leave. */
export function filteredRow({ relation, pending }: RowSoFar): BoundRelation {
  const [first] = pending
  if (first === undefined) return relation
  const { span } = first
  const where = makeAnd(pending, span)
  return { kind: 'Filtered', input: relation, where, schema: relation.schema, span }
}

/** A query of a condition or a value has been added behind the row. */
export function addRelation(row: RowSoFar, relation: BoundRelation): void {
  row.relation = relation
  row.pending = []
}
