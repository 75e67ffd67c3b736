/** The SQL type of a column, as far as what reads or writes it needs to know: the compiler's own, as data. */
export type ColumnType =
  | {
      readonly kind:
        | 'Boolean'
        | 'SmallInt'
        | 'Int'
        | 'BigInt'
        | 'Real'
        | 'Double'
        | 'Text'
        | 'Bytes'
        | 'Date'
        | 'Time'
        | 'Timestamp'
        | 'TimestampTz'
        | 'Interval'
        | 'Json'
        | 'Null'
    }
  /** Null and null: of any size. */
  | {
      readonly kind: 'Decimal'
      readonly precision: number | null
      readonly scale: number | null
    }
  | { readonly kind: 'Array'; readonly element: ColumnType }
  | { readonly kind: 'Map'; readonly value: ColumnType }
  | {
      readonly kind: 'Row'
      readonly fields: readonly {
        readonly name: string
        readonly type: ColumnType
        readonly nullable?: boolean
      }[]
    }
  | { readonly kind: 'Vector'; readonly dimensions: number }
