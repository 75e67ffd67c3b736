import type { ResultColumn, ResultRows, StatementAnswer, TableRow } from '../contract/index.ts'
import type { CopyFormat } from './copy-command.ts'
import type { WireColumn } from './messages.ts'
import { wireType } from './wire-type.ts'

/** What is said beside an answer. */
export interface Notice {
  readonly severity: 'WARNING' | 'NOTICE'
  readonly message: string
}

/** What a statement gives, as the protocol has it. */
export type Answer =
  | {
      readonly kind: 'rows'
      readonly columns: readonly WireColumn[]
      readonly rows: readonly TableRow[]
      /** What was done: of a SELECT, the rows are counted in it. */
      readonly tag: (rows: number) => string
    }
  /** COPY: the rows are sent as data. */
  | {
      readonly kind: 'copy'
      readonly columns: readonly WireColumn[]
      readonly rows: readonly TableRow[]
      readonly format: CopyFormat
    }
  | { readonly kind: 'done'; readonly tag: string; readonly notice: Notice | null }
  /** There is no statement between two semicolons. */
  | { readonly kind: 'empty' }

export type Rows = Extract<Answer, { kind: 'rows' }>

export type Refused = Extract<StatementAnswer, { kind: 'refused' }>

/** A statement that the pipeline has refused. */
export class RefusedStatement extends Error {
  readonly refused: Refused
  /** As an offset into what the client has sent; null: nobody knows. */
  readonly position: number | null

  constructor(refused: Refused, position: number | null) {
    super(refused.message)
    this.refused = refused
    this.position = position
  }
}

export function answerRows({ columns, rows }: ResultRows, tag?: string): Rows {
  return {
    kind: 'rows',
    columns: wireColumns(columns),
    rows,
    tag: count => tag ?? `SELECT ${count}`
  }
}

export function wireColumns(columns: readonly ResultColumn[]): readonly WireColumn[] {
  return columns.map(({ name, valueType }) => ({ name, type: wireType(valueType) }))
}

/** Rows of texts, as SHOW and the catalogue give them. */
export function answerTexts(
  names: readonly string[],
  rows: readonly (readonly (string | null)[])[],
  tag?: string
): Rows {
  const type = wireType({ kind: 'Text' })
  const columns = names.map(name => ({ name, type }))
  return { kind: 'rows', columns, rows, tag: count => tag ?? `SELECT ${count}` }
}

export function answerDone(tag: string, notice: Notice | null = null): Answer {
  return { kind: 'done', tag, notice }
}

export function warning(message: string | null): Notice | null {
  return message === null ? null : { severity: 'WARNING', message }
}
