import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BoundChange } from './bound-table.ts'
import type { Expr } from './scalars.ts'

/** A TEST statement. It is no part of the pipeline: only `miraclec test` looks at it. */
export interface BoundTest {
  readonly name: string
  readonly steps: readonly BoundTestStep[]
  /** What the clock shows at the start, in milliseconds since the epoch. */
  readonly start: number
  readonly span: Span
}

/** A sink, or a table as it is. */
export interface BoundTestTarget {
  readonly kind: 'Sink' | 'Table'
  readonly name: string
}

/** Rows of constants: `rows[i][k]` has the type of `columns[k]`. */
export interface BoundTestRows {
  readonly schema: RowType
  readonly rows: readonly (readonly Expr[])[]
}

export type BoundTestStep =
  /** `columns[k]` is the index in the source's columns of the rows' column k. */
  | {
      readonly kind: 'Input'
      readonly source: string
      readonly columns: readonly number[]
      /** The rows are keys of rows that are deleted. */
      readonly deletes: boolean
      readonly values: BoundTestRows
      readonly at: number | null
      readonly span: Span
    }
  /** A statement on the running pipeline. */
  | { readonly kind: 'Change'; readonly change: BoundChange; readonly span: Span }
  | {
      readonly kind: 'InputRaw'
      readonly source: string
      readonly records: readonly Uint8Array[]
      readonly at: number | null
      readonly span: Span
    }
  /** One column: an answer per row. */
  | {
      readonly kind: 'Model'
      readonly model: string
      readonly values: BoundTestRows
      readonly span: Span
    }
  | { readonly kind: 'Advance'; readonly to: number; readonly span: Span }
  | {
      readonly kind: 'Expect'
      readonly target: BoundTestTarget
      /** The rows are keys of rows that are gone. */
      readonly deletes: boolean
      readonly values: BoundTestRows
      readonly span: Span
    }
  | {
      readonly kind: 'ExpectRows'
      readonly target: BoundTestTarget
      readonly count: number
      readonly span: Span
    }
  | {
      readonly kind: 'ExpectCount'
      readonly what: 'ERRORS' | 'LATE'
      readonly count: number
      readonly span: Span
    }
