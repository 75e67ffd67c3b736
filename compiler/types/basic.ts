import type { SqlType } from './sql-type.ts'

export const BOOLEAN: SqlType = Object.freeze({ kind: 'Boolean' })
export const SMALLINT: SqlType = Object.freeze({ kind: 'SmallInt' })
export const INT: SqlType = Object.freeze({ kind: 'Int' })
export const BIGINT: SqlType = Object.freeze({ kind: 'BigInt' })
export const DOUBLE: SqlType = Object.freeze({ kind: 'Double' })
/** DECIMAL without precision: what every DECIMAL operator gives, as in PostgreSQL. */
export const DECIMAL: SqlType = Object.freeze({ kind: 'Decimal', precision: null, scale: null })
export const TEXT: SqlType = Object.freeze({ kind: 'Text' })
export const TIMESTAMP: SqlType = Object.freeze({ kind: 'Timestamp' })
export const JSON_TYPE: SqlType = Object.freeze({ kind: 'Json' })
/** The type of a bare NULL. */
export const NULL_TYPE: SqlType = Object.freeze({ kind: 'Null' })

/** Digits that a DECIMAL can hold. */
export const MAX_PRECISION = 38
