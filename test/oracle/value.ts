import type { Decimal } from './decimal.ts'

/**
 * SMALLINT, INT and BIGINT are bigint, REAL and DOUBLE number, TIMESTAMP a number of ms, TEXT string, JSON its text.
 * The SQL type that goes with a value always comes from the IR.
 */
export type Value = null | boolean | bigint | number | string | Decimal
export type Row = readonly Value[]

/** A Kafka record, as it comes in and goes out. */
export interface InputRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly partition: number
  readonly offset: number
}
export interface OutputRecord {
  readonly key: string | null
  readonly value: string | null
  /** Of a table's change: what the header `miracledb.op` says. */
  readonly op: 'c' | 'u' | 'd' | null
}
