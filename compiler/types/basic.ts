import type { SqlType } from './sql-type.ts'

export const BOOLEAN: SqlType = Object.freeze({ kind: 'Boolean' })
export const SMALLINT: SqlType = Object.freeze({ kind: 'SmallInt' })
export const INT: SqlType = Object.freeze({ kind: 'Int' })
export const BIGINT: SqlType = Object.freeze({ kind: 'BigInt' })
export const REAL: SqlType = Object.freeze({ kind: 'Real' })
export const DOUBLE: SqlType = Object.freeze({ kind: 'Double' })
/** DECIMAL without precision: what every DECIMAL operator gives, as in PostgreSQL. */
export const DECIMAL: SqlType = Object.freeze({ kind: 'Decimal', precision: null, scale: null })
export const TEXT: SqlType = Object.freeze({ kind: 'Text' })
export const BYTES: SqlType = Object.freeze({ kind: 'Bytes' })
export const DATE: SqlType = Object.freeze({ kind: 'Date' })
export const TIME: SqlType = Object.freeze({ kind: 'Time' })
export const TIMESTAMP: SqlType = Object.freeze({ kind: 'Timestamp' })
export const TIMESTAMPTZ: SqlType = Object.freeze({ kind: 'TimestampTz' })
export const INTERVAL: SqlType = Object.freeze({ kind: 'Interval' })
export const JSON_TYPE: SqlType = Object.freeze({ kind: 'Json' })
/** The type of a bare NULL. */
export const NULL_TYPE: SqlType = Object.freeze({ kind: 'Null' })

/** Digits that a DECIMAL can hold. */
export const MAX_PRECISION = 38

export function arrayOf(element: SqlType): SqlType {
  return Object.freeze({ kind: 'Array', element })
}

export function mapOf(value: SqlType): SqlType {
  return Object.freeze({ kind: 'Map', value })
}
