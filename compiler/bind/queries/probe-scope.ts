import { type BatchInput, type BatchProbe, type Expr, makeAnd, makeColumn } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { Column } from '../../types/index.ts'
import type { CommonTables } from './with-tables.ts'
import { pushDown } from './push-down.ts'

/**
 * The input of a query that is answered once, while its expressions are bound: a query inside of one of them is a column behind
 * those that are there already. What stands before it in WHERE is tested before it.
 */
export interface ProbeScope {
  input: BatchInput
  /** Conditions that are not tested yet. */
  pending: Expr[]
  readonly tables: CommonTables
}

/** What the probe gives, as a column of the row. */
export function addProbe(scope: ProbeScope, probe: BatchProbe, column: Column, span: Span): Expr {
  const input = filtered(scope)
  const { columns } = input.schema
  scope.input = { kind: 'Probed', input, probe, schema: { columns: [...columns, column] } }
  scope.pending = []
  return makeColumn(columns.length, column, span)
}

/** The rows that fulfil all conditions up to now. */
export function filtered({ input: all, pending }: ProbeScope): BatchInput {
  const { input, rest } = pushDown(all, pending)
  const { schema } = input
  if (rest.length === 0) return input
  return { kind: 'Filtered', input, where: makeAnd(rest, rest[0]!.span), schema }
}

/**
 * The columns from `width` on that probes gave, where they are the same for every row, so that a group has one of each. Null: one
 * depends on the row.
 */
export function answersFrom(all: BatchInput, width: number): Expr[] | null {
  const found: Expr[] = []
  let input = all
  while (input.kind === 'Probed' || input.kind === 'Filtered') {
    const index = input.schema.columns.length - 1
    if (input.kind === 'Probed' && index >= width) {
      if (input.probe.correlated || input.probe.test !== null) return null
      found.unshift(makeColumn(index, input.schema.columns[index]!, input.probe.query.span))
    }
    input = input.input
  }
  return found
}
