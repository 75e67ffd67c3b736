import type { Decimal } from './decimal.ts'
import type { Interval } from './interval.ts'

/**
 * SMALLINT, INT and BIGINT are bigint, REAL and DOUBLE number, DATE a number of days, TIME, TIMESTAMP and TIMESTAMPTZ of
 * ms, TEXT string, JSON its text, BYTES a Uint8Array; arrays, rows and vectors are arrays, maps are Maps. The SQL type that
 * goes with a value always comes from the IR.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Decimal
  | Interval
  | Uint8Array
  | readonly Value[]
  | ReadonlyMap<string, Value>
export type Row = readonly Value[]

/** A Kafka record, as it comes in and goes out. */
export interface InputRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly partition: number
  readonly offset: number
  /** What the registry has for the id that the value begins with; absent: it begins with none, or there is none. */
  readonly schema?: string
  /** The same for the key. */
  readonly keySchema?: string
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
}
export interface OutputRecord {
  readonly key: string | Uint8Array | null
  readonly value: string | Uint8Array | null
  /** Of a table's change: what the header `miracledb.op` says. */
  readonly op: 'c' | 'u' | 'd' | null
  /** What it carries on of the record that it came of. */
  readonly headers?: InputRecord['headers']
}
