import type { RowType } from '../../types/index.ts'

/** A relation of a query, as names mean its columns. */
export interface NamedRelation {
  /** What the relation is called: its alias, else its name; null: it has none. */
  readonly name: string | null
  readonly schema: RowType
  /** Where its columns begin in the row. */
  readonly start: number
  /** Columns that USING made one with an earlier relation's: only `relation.column` means them. */
  readonly hidden: readonly number[]
}
