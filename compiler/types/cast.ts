import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  DECIMAL,
  DOUBLE,
  INT,
  INTERVAL,
  JSON_TYPE,
  REAL,
  SMALLINT,
  TEXT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ
} from './basic.ts'
import { canCoerce, everyField } from './coerce.ts'
import { isInteger, isNumeric, sameType } from './predicates.ts'
import type { SqlType, TypeKind } from './sql-type.ts'

const scalars = [
  ...[BOOLEAN, SMALLINT, INT, BIGINT, DECIMAL, REAL, DOUBLE, TEXT, DATE, TIME, TIMESTAMP],
  ...[TIMESTAMPTZ, INTERVAL, BYTES, JSON_TYPE]
]
const scalarKinds = scalars.map(({ kind }) => kind)

/** What an INSERT narrows by itself, as PostgreSQL's assignment casts do, numbers apart. */
const assignments: Readonly<Partial<Record<TypeKind, readonly TypeKind[]>>> = {
  Timestamp: ['Date', 'Time'],
  TimestampTz: ['Date', 'Time', 'Timestamp'],
  Interval: ['Time'],
  Array: ['Vector']
}

/**
 * Whether an INSERT may store `from` in a column of `to`: what coerces, and numbers that are narrowed with a check
 * for each row (PostgreSQL's assignment casts). Anything becomes TEXT.
 */
export function isAssignable(from: SqlType, to: SqlType): boolean {
  if (canCoerce(from, to) || to.kind === 'Text' || (isNumeric(from) && isNumeric(to))) return true
  if (from.kind === to.kind) return everyPart(from, to, isAssignable)
  return assignments[from.kind]?.includes(to.kind) === true && canCast(from, to)
}

/** Beside those between numbers and those of `assignments`. */
const casts: Readonly<Partial<Record<TypeKind, readonly TypeKind[]>>> = {
  Boolean: ['Int'],
  Int: ['Boolean'],
  Text: [...scalarKinds, 'Array', 'Row', 'Map', 'Vector'],
  Json: [...scalarKinds, 'Array', 'Row', 'Map', 'Vector'],
  Vector: ['Array']
}

/** Whether CAST (from AS to) exists: PostgreSQL's explicit casts, and what JSON holds as any type that its kind fits. */
export function canCast(from: SqlType, to: SqlType): boolean {
  if (canCoerce(from, to) || to.kind === 'Text' || (isNumeric(from) && isNumeric(to))) return true
  if (from.kind === to.kind) return everyPart(from, to, canCast)
  if (from.kind === 'Array' && to.kind === 'Vector') return isNumeric(from.element)
  if (from.kind === 'Vector') return to.kind === 'Array' && isNumeric(to.element)
  const listed = casts[from.kind]?.includes(to.kind) === true
  if (listed) return (from.kind !== 'Text' && from.kind !== 'Json') || everyInside(from, to)
  return assignments[from.kind]?.includes(to.kind) === true
}

/** Whether what is inside of an array, map or row can be read from text or JSON too. */
function everyInside(from: SqlType, to: SqlType): boolean {
  switch (to.kind) {
    case 'Array':
      return canCast(from, to.element)
    case 'Map':
      return canCast({ kind: 'Json' }, to.value)
    case 'Row':
      return to.fields.every(field => canCast({ kind: 'Json' }, field.type))
    default:
      return true
  }
}

/** Elements, fields or values of two types of one kind; of scalars, and of vectors of another size, nothing is inside. */
function everyPart(
  from: SqlType,
  to: SqlType,
  test: (from: SqlType, to: SqlType) => boolean
): boolean {
  if (from.kind === 'Array' && to.kind === 'Array') return test(from.element, to.element)
  if (from.kind === 'Map' && to.kind === 'Map') return test(from.value, to.value)
  if (from.kind === 'Row' && to.kind === 'Row') return everyField(from.fields, to.fields, test)
  return from.kind !== 'Vector'
}

/** The types that values of `from` can be cast to, for messages. */
export function castTargets(from: SqlType): readonly SqlType[] {
  return scalars.filter(type => type.kind !== from.kind && canCast(from, type))
}

/** Whether a cast can fail for some value. A widening number can't; a text that must be read can. */
export function castCanFail(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'Null' || sameType(from, to) || to.kind === 'Text') return false
  if (from.kind === 'Text' || from.kind === 'Json') return true
  if (to.kind === 'Decimal') return to.precision !== null || !isInteger(from)
  // A DECIMAL that is no REAL: too large, or too small to be told from zero.
  if (to.kind === 'Real') return from.kind === 'Decimal' || !canCoerce(from, to)
  if (isNumeric(from) && isNumeric(to)) return !canCoerce(from, to)
  if (from.kind === to.kind) return !everyPart(from, to, (a, b) => !castCanFail(a, b))
  return to.kind === 'Vector'
}
