import { failure } from '../sql/failure.ts'

// SMALLINT and INT are numbers, so every result below is exact before its range is checked: the largest product of two
// INTs loses digits, but is far out of range by then. Adding 0 turns the -0 of JavaScript into 0.

export function addInt(a: number, b: number, site: number): number {
  return checkInt(a + b, site)
}
export function subtractInt(a: number, b: number, site: number): number {
  return checkInt(a - b, site)
}
export function multiplyInt(a: number, b: number, site: number): number {
  return checkInt(a * b, site)
}
/** Truncates towards zero. */
export function divideInt(a: number, b: number, site: number): number {
  if (b === 0) throw divisionByZero(site)
  return checkInt(Math.trunc(a / b), site)
}
/** The sign is the dividend's. */
export function moduloInt(a: number, b: number, site: number): number {
  if (b === 0) throw divisionByZero(site)
  return (a % b) + 0
}
export function negateInt(a: number, site: number): number {
  return checkInt(-a, site)
}
export function absInt(a: number, site: number): number {
  return checkInt(Math.abs(a), site)
}

export function addSmallInt(a: number, b: number, site: number): number {
  return checkSmallInt(a + b, site)
}
export function subtractSmallInt(a: number, b: number, site: number): number {
  return checkSmallInt(a - b, site)
}
export function multiplySmallInt(a: number, b: number, site: number): number {
  return checkSmallInt(a * b, site)
}
export function divideSmallInt(a: number, b: number, site: number): number {
  if (b === 0) throw divisionByZero(site)
  return checkSmallInt(Math.trunc(a / b), site)
}
export function negateSmallInt(a: number, site: number): number {
  return checkSmallInt(-a, site)
}
export function absSmallInt(a: number, site: number): number {
  return checkSmallInt(Math.abs(a), site)
}

/** The number as an INT; it must be whole. */
export function checkInt(value: number, site: number): number {
  if (value > 2147483647 || value < -2147483648) {
    throw failure(site, 'out-of-range', 'the result does not fit INT')
  }
  return value + 0
}

/** The number as a SMALLINT; it must be whole. */
export function checkSmallInt(value: number, site: number): number {
  if (value > 32767 || value < -32768) {
    throw failure(site, 'out-of-range', 'the result does not fit SMALLINT')
  }
  return value + 0
}

export function divisionByZero(site: number): unknown {
  return failure(site, 'division-by-zero', 'division by zero')
}
