/**
 * `(a, b) OVERLAPS (c, d)`: whether two stretches of time have a moment in common. The ends of one may stand in either order, and
 * the later one is no part of it unless both are equal. With a NULL it is told what the other ends leave no doubt of; SQL:2023, 8.17, as PostgreSQL reads it.
 */
export function periodsOverlap(
  a: number | null,
  b: number | null,
  c: number | null,
  d: number | null
): boolean | null {
  const [first, firstEnd] = inOrder(a, b)
  const [second, secondEnd] = inOrder(c, d)
  if (first === null || second === null) return null
  if (first < second) return reaches(firstEnd, second, secondEnd)
  if (first > second) return reaches(secondEnd, first, firstEnd)
  return firstEnd === null || secondEnd === null ? null : true
}

/** Whether what begins earlier goes on behind the start of the other. */
function reaches(end: number | null, start: number, otherEnd: number | null): boolean | null {
  if (end === null) return null
  if (start < end) return true
  return otherEnd === null ? null : false
}

function inOrder(a: number | null, b: number | null): readonly [number | null, number | null] {
  if (a === null) return [b, null]
  return b !== null && a > b ? [b, a] : [a, b]
}
