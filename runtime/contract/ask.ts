import type { Changed } from '../state/change-table.ts'
import type { TableState } from '../state/table-state.ts'
import type { TableRow } from './table.ts'

export interface ResultColumn {
  readonly name: string
  /** As SQL writes it. */
  readonly type: string
}

/** What a statement on a running pipeline gives. The last four are for the pipeline itself to do. */
export type StatementResult =
  | {
      readonly kind: 'rows'
      readonly columns: readonly ResultColumn[]
      readonly rows: readonly TableRow[]
    }
  | {
      readonly kind: 'changed'
      readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
      readonly table: string
      readonly rows: number
    }
  /** A diagnostic as text, with its frame; nothing has happened. */
  | {
      readonly kind: 'refused'
      readonly code: string
      readonly message: string
      readonly text: string
    }
  | { readonly kind: 'show'; readonly what: 'SOURCES' | 'SINKS' | 'TABLES' | 'MODELS' | 'VIEWS' }
  | { readonly kind: 'describe'; readonly name: string }
  | {
      readonly kind: 'alter'
      readonly object: 'SOURCE' | 'SINK'
      readonly name: string
      readonly settings: Readonly<Record<string, string>>
    }
  | {
      readonly kind: 'drop'
      readonly object: 'SOURCE' | 'SINK' | 'TABLE' | 'MODEL' | 'VIEW'
      readonly name: string
      readonly ifExists: boolean
    }

/** What statements read and change. */
export interface AskedPipeline {
  table(name: string): TableState
  /** What follows a change of a table. */
  changed(table: string): Changed<TableRow>
  /** The rows of `system.<name>` now. */
  system(name: string): readonly TableRow[]
  /** Milliseconds since the epoch. */
  now(): number
}

/** Compiles statements and runs them. A part of its own: it is loaded when it is first asked. */
export interface Asker {
  execute(statement: string, pipeline: AskedPipeline): StatementResult
}

/** What the part exports. `tables`: a CREATE TABLE for each; `system`: the columns of each system table. */
export type OpenAsker = (
  tables: readonly string[],
  system: Readonly<Record<string, readonly ResultColumn[]>>
) => Asker
