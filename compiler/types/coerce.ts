import { DECIMAL, DOUBLE, TEXT } from './basic.ts'
import { isInteger, isNumeric, numericLadder, sameType, temporalLadder } from './predicates.ts'
import type { Column, SqlType } from './sql-type.ts'

/** How far apart two types are, of which the first becomes the second without being asked; infinite where it does not. */
export function coercionDistance(from: SqlType, to: SqlType): number {
  if (from.kind === 'Null') return 0
  if (from.kind === to.kind) return canCoerce(from, to) ? 0 : Infinity
  if (from.kind === 'Time' && to.kind === 'Interval') return 1
  for (const ladder of [numericLadder, temporalLadder]) {
    const [low, high] = [ladder.indexOf(from.kind), ladder.indexOf(to.kind)]
    if (low >= 0 && high >= low) return high - low
  }
  return Infinity
}

/** Whether a value of `from` becomes one of `to` without being asked: nothing is lost on the way but digits of a double. */
export function canCoerce(from: SqlType, to: SqlType): boolean {
  if (from.kind !== to.kind) return coercionDistance(from, to) < Infinity
  switch (from.kind) {
    case 'Array':
      return to.kind === 'Array' && canCoerce(from.element, to.element)
    case 'Map':
      return to.kind === 'Map' && canCoerce(from.value, to.value)
    case 'Row':
      return to.kind === 'Row' && everyField(from.fields, to.fields, canCoerce)
    case 'Vector':
      return sameType(from, to)
    default:
      return true
  }
}

/** Rows match field by field, whatever their names are. */
export function everyField(
  from: readonly Column[],
  to: readonly Column[],
  test: (from: SqlType, to: SqlType) => boolean
): boolean {
  return from.length === to.length && from.every((field, i) => test(field.type, to[i]!.type))
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
  if (a.kind === b.kind) return commonComposite(a, b)
  const wider = canCoerce(a, b) ? b : canCoerce(b, a) ? a : null
  return wider?.kind === 'Decimal' ? DECIMAL : wider
}

/** The type of a value that nothing gives one: TEXT stands for what only NULL is known of, as in PostgreSQL. */
export function settledType(type: SqlType): SqlType {
  switch (type.kind) {
    case 'Null':
      return TEXT
    case 'Array':
      return { kind: 'Array', element: settledType(type.element) }
    case 'Map':
      return { kind: 'Map', value: settledType(type.value) }
    case 'Row': {
      const fields = type.fields.map(field => ({ ...field, type: settledType(field.type) }))
      return { kind: 'Row', fields }
    }
    default:
      return type
  }
}

function commonComposite(a: SqlType, b: SqlType): SqlType | null {
  if (a.kind === 'Array' && b.kind === 'Array') {
    const element = commonType(a.element, b.element)
    return element === null ? null : { kind: 'Array', element }
  }
  if (a.kind === 'Map' && b.kind === 'Map') {
    const value = commonType(a.value, b.value)
    return value === null ? null : { kind: 'Map', value }
  }
  if (a.kind !== 'Row' || b.kind !== 'Row' || a.fields.length !== b.fields.length) return null
  const types = a.fields.map((field, i) => commonType(field.type, b.fields[i]!.type))
  if (!types.every(type => type !== null)) return null
  return { kind: 'Row', fields: a.fields.map((field, i) => ({ ...field, type: types[i]! })) }
}

/**
 * The type that both sides of a comparison become. As `commonType`, and JSON takes the other side's type: exact numbers
 * as DECIMAL, so that `json > 10` holds for 10.5. REAL beside any other number is DOUBLE, as in PostgreSQL.
 */
export function comparisonType(a: SqlType, b: SqlType): SqlType | null {
  if (a.kind === 'Json' && b.kind === 'Json') return null
  if (a.kind === 'Json') return jsonCounterpart(b)
  if (b.kind === 'Json') return jsonCounterpart(a)
  const common = commonType(a, b)
  return common?.kind === 'Real' && a.kind !== b.kind ? DOUBLE : common
}

function jsonCounterpart(other: SqlType): SqlType | null {
  if (other.kind === 'Null') return null
  if (isInteger(other) || other.kind === 'Decimal') return DECIMAL
  return isNumeric(other) ? DOUBLE : other
}
