import type { Changed } from '../state/change-table.ts'
import type { TableState } from '../state/table-state.ts'
import type { TableRow } from './table.ts'

/** A type as the compiler has it: how a value is written depends on it. */
export type ValueType =
  | { readonly kind: PlainType }
  | { readonly kind: 'Decimal'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'Array'; readonly element: ValueType }
  | { readonly kind: 'Row'; readonly fields: readonly ValueColumn[] }
  | { readonly kind: 'Map'; readonly value: ValueType }
  | { readonly kind: 'Vector'; readonly dimensions: number }

type PlainType =
  | ('Boolean' | 'SmallInt' | 'Int' | 'BigInt' | 'Real' | 'Double' | 'Text' | 'Bytes' | 'Json')
  | ('Date' | 'Time' | 'Timestamp' | 'TimestampTz' | 'Interval' | 'Null')

export interface ValueColumn {
  readonly name: string
  readonly type: ValueType
  readonly nullable: boolean
}

export interface ResultColumn {
  readonly name: string
  /** As SQL writes it. */
  readonly type: string
  readonly valueType: ValueType
}

/** What a query can read: a table, or a system table. */
export interface Relation {
  readonly schema: 'public' | 'system'
  readonly name: string
  readonly columns: readonly ValueColumn[]
  /** Indexes of the PRIMARY KEY's columns; null: it has none. */
  readonly key: readonly number[] | null
  /** UNIQUE NULLS NOT DISTINCT in the place of PRIMARY KEY; absent: it is one. */
  readonly nullsInKey?: true
}

export interface ResultRows {
  readonly kind: 'rows'
  readonly columns: readonly ResultColumn[]
  readonly rows: readonly TableRow[]
}

/** What a statement on a running pipeline gives. The last four are for the pipeline itself to do. */
export type StatementResult =
  | ResultRows
  | {
      readonly kind: 'changed'
      readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
      readonly table: string
      readonly rows: number
    }
  /** Several changes in one; `rows` of all, `counts` of each. */
  | {
      readonly kind: 'batch'
      readonly statements: number
      readonly rows: number
      readonly counts: readonly number[]
    }
  /** A diagnostic as text, with its frame; nothing has happened. */
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly message: string
      readonly text: string
      readonly detail?: string
      /** What to do, in full sentences. */
      readonly hint?: string
      /** An offset into the statement's text. */
      readonly position?: number
    }
  | { readonly kind: 'show'; readonly what: 'SOURCES' | 'SINKS' | 'TABLES' | 'MODELS' | 'VIEWS' }
  | { readonly kind: 'describe'; readonly name: string }
  | {
      readonly kind: 'alter'
      readonly object: 'SOURCE' | 'SINK'
      readonly name: string
      readonly settings: Readonly<Record<string, string>>
      /** The settings' names as the statement has them. */
      readonly names: readonly string[]
    }
  | {
      readonly kind: 'drop'
      readonly object: 'SOURCE' | 'SINK' | 'TABLE' | 'MODEL' | 'VIEW'
      readonly name: string
      readonly ifExists: boolean
    }

/** What an application gets of a statement: the pipeline has done its part. */
export type StatementAnswer =
  | Extract<StatementResult, { kind: 'rows' | 'changed' | 'batch' | 'refused' }>
  /** `message`: what was done, for people. */
  | { readonly kind: 'done'; readonly message: string }

/** What a statement is, without running it. */
export type DescribedStatement =
  | {
      /** `rows`: a question; `change`: of a table; `operation`: on the pipeline itself. */
      readonly kind: 'rows' | 'change' | 'operation'
      /** Of a query; null: there are none, or the answer shows which. */
      readonly columns: readonly ResultColumn[] | null
      /** The types of the open literals. */
      readonly open: readonly ValueType[]
    }
  | Extract<StatementResult, { kind: 'refused' }>

/** What queries read. */
export interface AskedTables {
  table(name: string): TableState
  /** The rows of `system.<name>` now. */
  system(name: string): readonly TableRow[]
}

/** What statements read and change. */
export interface AskedPipeline extends AskedTables {
  /** What follows a change of a table. */
  changed(table: string): Changed<TableRow>
  /** Milliseconds since the epoch. */
  now(): number
  /** Rows of an answer, at most. */
  readonly maxRows: number
}

/** Compiles statements and runs them. A part of its own: it is loaded when it is first asked. */
export interface Asker {
  execute(statement: string, pipeline: AskedPipeline): StatementResult
  /** `open`: where string literals start that stand for values which are not known yet. */
  describe(statement: string, open: readonly number[]): DescribedStatement
  /** Whether a text holds more than one statement. */
  isBatch(text: string): boolean
  /** Changes one after the other. After a refusal some may have run: their tables are to be put back. */
  executeBatch(text: string, pipeline: AskedPipeline): Promise<StatementResult>
  /** Rows as `{"columns": [...], "rows": [[...]]}` with every digit, or as an Arrow IPC stream. */
  render(result: ResultRows, format: 'json' | 'arrow'): Promise<Uint8Array>
}

/** What the part exports. `tables`: a CREATE TABLE for each; `system`: the columns of each system table. */
export type OpenAsker = (
  tables: readonly string[],
  system: Readonly<Record<string, readonly ValueColumn[]>>
) => Asker
