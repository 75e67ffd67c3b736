import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  INT,
  JSON_TYPE,
  SMALLINT,
  TEXT,
  TIMESTAMP
} from './basic.ts'
import { isInteger, isNumeric, numericLadder, sameType } from './predicates.ts'
import type { SqlType, TypeKind } from './sql-type.ts'

/** Whether a value of `from` becomes one of `to` without being asked: nothing is lost on the way but digits of a double. */
export function canCoerce(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'Null') return true
  if (isNumeric(from) && isNumeric(to)) {
    return numericLadder.indexOf(from.kind) <= numericLadder.indexOf(to.kind)
  }
  return from.kind === to.kind
}

/**
 * The type that values of both become: of CASE branches, COALESCE, IN, UNION ALL. Null where there is none. Two
 * DECIMALs of different shape give the bare DECIMAL, as in PostgreSQL.
 */
export function commonType(a: SqlType, b: SqlType): SqlType | null {
  if (sameType(a, b)) return a
  if (a.kind === 'Null') return b
  if (b.kind === 'Null') return a
  if (a.kind === 'Decimal' && b.kind === 'Decimal') return DECIMAL
  if (isNumeric(a) && isNumeric(b)) {
    const wider = numericLadder.indexOf(a.kind) >= numericLadder.indexOf(b.kind) ? a : b
    return wider.kind === 'Decimal' ? DECIMAL : wider
  }
  return null
}

/**
 * The type that both sides of a comparison become. As `commonType`, and JSON takes the other side's type: exact numbers
 * as DECIMAL, so that `json > 10` holds for 10.5.
 */
export function comparisonType(a: SqlType, b: SqlType): SqlType | null {
  if (a.kind === 'Json' && b.kind === 'Json') return null
  if (a.kind === 'Json') return jsonCounterpart(b)
  if (b.kind === 'Json') return jsonCounterpart(a)
  return commonType(a, b)
}

function jsonCounterpart(other: SqlType): SqlType | null {
  if (other.kind === 'Null') return null
  if (isInteger(other) || other.kind === 'Decimal') return DECIMAL
  return isNumeric(other) ? DOUBLE : other
}

/**
 * Whether an INSERT may store `from` in a column of `to`: what coerces, and numbers that are narrowed with a check
 * for each row (PostgreSQL's assignment casts). Anything becomes TEXT.
 */
export function isAssignable(from: SqlType, to: SqlType): boolean {
  return canCoerce(from, to) || (isNumeric(from) && isNumeric(to)) || to.kind === 'Text'
}

const casts: Readonly<Partial<Record<TypeKind, readonly TypeKind[]>>> = {
  Boolean: ['Text', 'Int'],
  SmallInt: ['Text'],
  Int: ['Text', 'Boolean'],
  BigInt: ['Text'],
  Decimal: ['Text'],
  Double: ['Text'],
  Text: ['Boolean', 'SmallInt', 'Int', 'BigInt', 'Decimal', 'Double', 'Timestamp', 'Json'],
  Timestamp: ['Text'],
  Json: ['Boolean', 'SmallInt', 'Int', 'BigInt', 'Decimal', 'Double', 'Timestamp', 'Text']
}

const castable = [BOOLEAN, SMALLINT, INT, BIGINT, DECIMAL, DOUBLE, TEXT, TIMESTAMP, JSON_TYPE]

/** Whether CAST (from AS to) exists: PostgreSQL's explicit casts between the supported types. */
export function canCast(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'Null' || from.kind === to.kind) return true
  if (isNumeric(from) && isNumeric(to)) return true
  return casts[from.kind]?.includes(to.kind) === true
}

/** The types that values of `from` can be cast to, for messages. */
export function castTargets(from: SqlType): readonly SqlType[] {
  return castable.filter(type => type.kind !== from.kind && canCast(from, type))
}

/** Whether a cast can fail for some value. A widening number can't; a text that must be read can. */
export function castCanFail(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'Null' || sameType(from, to) || to.kind === 'Text') return false
  if (to.kind === 'Decimal') return to.precision !== null || !isInteger(from)
  if (isNumeric(from) && isNumeric(to)) return !canCoerce(from, to)
  return from.kind === 'Text' || from.kind === 'Json'
}
