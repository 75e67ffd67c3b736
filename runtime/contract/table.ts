/** A row that a table holds: one value per column, NULL as null, each in the form that generated code computes with. */
export type TableRow = readonly unknown[]

/** A key as a Map tells keys apart: equal keys of SQL are the same value. */
export type TableKey = string | number | bigint | boolean

/** A column as DESCRIBE shows it. */
export interface DescribedColumn {
  readonly name: string
  readonly type: string
  readonly nullable: boolean
}

/** A table that is kept as state. */
export interface TableDefinition {
  readonly name: string
  readonly columns: readonly DescribedColumn[]
  /** Indexes of the PRIMARY KEY's columns; null: the table numbers its rows. */
  readonly key: readonly number[] | null
  /** NULL is a value of the key as any other; absent: a row with one is refused. */
  readonly nullsInKey?: true
  /** What lookups ask for, beside the key: the row's entry in each index; null: it is not found by it. */
  readonly indexes: readonly ((row: never) => TableKey | null)[]
  /** The sources of what goes into it; none: only statements change it. */
  readonly sources: readonly string[]
  /** What follows a change of a row. */
  readonly changed: (op: ChangeOp, before: never, after: never) => void
  /**
   * A CREATE TABLE with its columns, defaults and key: statements on the running pipeline are compiled with it. Empty: rows that a
   * query of the script writes out, which no statement can name.
   */
  readonly sql: string
  readonly line: number
}

/** How a row of a table changed: created, updated, deleted, as Debezium calls them. */
export type ChangeOp = 'c' | 'u' | 'd'
