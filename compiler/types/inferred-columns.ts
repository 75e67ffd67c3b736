import type { SqlType } from './sql-type.ts'

export interface InferredColumn {
  readonly name: string
  readonly type: SqlType
  /** What the schema has for records without the field, where that is a plain value. */
  readonly default: boolean | number | bigint | string | null
}

/** What a schema says of a source's columns. */
export interface InferredColumns {
  readonly columns: readonly InferredColumn[]
  /** Fields of which no column can be made, and what they are. */
  readonly left: readonly { readonly name: string; readonly what: string }[]
}
