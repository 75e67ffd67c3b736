import type { Expression, Query, Relation } from '../ast/index.ts'
import type { BoundQuery, Expr } from '../ir/index.ts'
import type { Input } from './queries/input.ts'

/**
 * What nodes of the syntax tree turned out to mean: for editors, which ask about places. Filled as far as binding comes, so
 * that what is wrong in one place does not hide the rest.
 */
export interface Findings {
  readonly expressions: Map<Expression, Expr>
  /** What FROM reads, and what its columns are called there. */
  readonly relations: Map<Relation, Input>
  readonly queries: Map<Query, BoundQuery | null>
}

export function makeFindings(): Findings {
  return { expressions: new Map(), relations: new Map(), queries: new Map() }
}
