import type { DescribedColumn } from './table.ts'

/** What a state holds and how it came about: a pipeline goes on with the state of another one only where both are the same. */
export interface StateIdentity {
  /** Of the table, or of the stage. */
  readonly name: string
  /** What stands in it, in words. */
  readonly layout: string
  /** Tells apart what it is made of: a hash. */
  readonly meaning: string
  /** The models whose answers are in its rows, each with a hash of the file that the script was compiled with; absent: there are none. */
  readonly models?: readonly { readonly name: string; readonly hash: string }[]
  /** Of a stage in tasks: the forms in which rows are sent to it; absent: none are. */
  readonly sent?: string
  /** Of a table: its columns, and the indexes of its key's. */
  readonly table: {
    readonly columns: readonly DescribedColumn[]
    readonly key: readonly number[] | null
    /** Whether NULL is a value of it; absent: it is none. */
    readonly nullsInKey?: boolean
  } | null
}

/** An operator that keeps rows as state: groups, joins. */
export interface StageDefinition {
  /** What its state is called, in its topic's name too. */
  readonly name: string
  /** What stands in its state: state of another layout can't be read. */
  readonly layout: string
  /** What the values of the rows that it tells are called. */
  readonly columns: readonly string[]
  /** The sources of what goes into it. */
  readonly sources: readonly string[]
  /** It goes by processing time, which begins anew with the clock of each start; absent: it does not. */
  readonly byClock?: true
  readonly line: number
}
