import type { TableRow } from '../contract/index.ts'
import type { AggregateForm } from './aggregates.ts'

/** A function of two values that are not NULL: negative, zero or positive. */
export type Comparer = (a: never, b: never) => number

/** An aggregate call as generated code hands it over. */
export interface QueryAggregate {
  readonly name: string
  readonly form: AggregateForm
  readonly distinct: boolean
  /** The arguments of a row. */
  readonly args: (row: TableRow) => TableRow
  readonly filter: ((row: TableRow) => boolean) | null
  readonly compare: Comparer | null
}

/** A compiled query: functions over rows, and data. See compiler/ir/batch.ts. */
export interface Query {
  readonly input:
    | { readonly kind: 'table' | 'system'; readonly name: string }
    | { readonly kind: 'query'; readonly query: Query }
    | { readonly kind: 'nothing' }
  readonly where: ((row: TableRow) => boolean) | null
  readonly grouping: {
    readonly keys: (row: TableRow) => TableRow
    /** Without keys there is one group, of no rows, too. */
    readonly hasKeys: boolean
    readonly aggregates: readonly QueryAggregate[]
    readonly having: ((row: TableRow) => boolean) | null
  } | null
  readonly project: (row: TableRow) => TableRow
  readonly distinct: boolean
  readonly sort: {
    readonly keys: (row: TableRow) => TableRow
    readonly order: readonly {
      readonly descending: boolean
      readonly nullsFirst: boolean
      readonly compare: Comparer
    }[]
  } | null
  readonly limit: number | null
  readonly offset: number
}
