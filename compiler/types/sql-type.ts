/** The SQL types of the language. */
export type SqlType =
  | { readonly kind: 'Boolean' }
  | { readonly kind: 'SmallInt' }
  | { readonly kind: 'Int' }
  | { readonly kind: 'BigInt' }
  | { readonly kind: 'Real' }
  | { readonly kind: 'Double' }
  /** `precision` and `scale` are null for a bare DECIMAL: any number of digits up to 38, scale kept per value. */
  | { readonly kind: 'Decimal'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'Text' }
  | { readonly kind: 'Bytes' }
  | { readonly kind: 'Date' }
  | { readonly kind: 'Time' }
  | { readonly kind: 'Timestamp' }
  | { readonly kind: 'TimestampTz' }
  | { readonly kind: 'Interval' }
  | { readonly kind: 'Json' }
  | { readonly kind: 'Array'; readonly element: SqlType }
  | { readonly kind: 'Row'; readonly fields: readonly Column[] }
  | { readonly kind: 'Map'; readonly value: SqlType }
  | { readonly kind: 'Vector'; readonly dimensions: number }
  /** The type of a bare NULL before a context gives it one. Never the type of a column. */
  | { readonly kind: 'Null' }

export type TypeKind = SqlType['kind']

export interface Column {
  readonly name: string
  readonly type: SqlType
  readonly nullable: boolean
  /** It is there without having been declared: `*` and what is published as it is leave it out. */
  readonly implicit?: true
}

/** The columns of a stream, table or query, in order. */
export interface RowType {
  readonly columns: readonly Column[]
}
