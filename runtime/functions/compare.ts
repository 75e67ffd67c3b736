/** Orders by code point, as PostgreSQL's C collation: JavaScript's own order puts surrogates before U+E000 to U+FFFF. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return sortKey(x) - sortKey(y)
  }
  return a.length - b.length
}

/** Moves the surrogates, which stand for code points above U+FFFF, behind the rest. */
function sortKey(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** FALSE is less than TRUE. */
export function compareBoolean(a: boolean, b: boolean): number {
  return Number(a) - Number(b)
}

/** Of values that JavaScript orders itself: INT, BIGINT, TIMESTAMP. */
export function compareNumber(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

type Value = NonNullable<unknown>
type Compare<T> = (a: T, b: T) => number

/** The greater of two, where NULL counts for nothing. */
export function greaterOf<T extends Value>(compare: Compare<T>, a: T, b: T | null): T
export function greaterOf<T extends Value>(compare: Compare<T>, a: T | null, b: T): T
export function greaterOf<T extends Value>(compare: Compare<T>, a: T | null, b: T | null): T | null
export function greaterOf<T extends Value>(
  compare: Compare<T>,
  a: T | null,
  b: T | null
): T | null {
  if (a === null) return b
  if (b === null) return a
  return compare(a, b) >= 0 ? a : b
}

/** The lesser of two, where NULL counts for nothing. */
export function lesserOf<T extends Value>(compare: Compare<T>, a: T, b: T | null): T
export function lesserOf<T extends Value>(compare: Compare<T>, a: T | null, b: T): T
export function lesserOf<T extends Value>(compare: Compare<T>, a: T | null, b: T | null): T | null
export function lesserOf<T extends Value>(compare: Compare<T>, a: T | null, b: T | null): T | null {
  if (a === null) return b
  if (b === null) return a
  return compare(a, b) <= 0 ? a : b
}
