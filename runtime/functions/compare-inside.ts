/** Orders two values of one type: negative, zero or positive. */
type Compare<T> = (a: T, b: T) => number

/** NULL equals NULL inside of arrays and rows, and comes after everything else: PostgreSQL's array_cmp and record_cmp. */
function compareOrNull<T>(a: T | null, b: T | null, compare: Compare<T>): number {
  if (a === null) return b === null ? 0 : 1
  return b === null ? -1 : compare(a, b)
}

/** Arrays element by element; of two with one beginning the shorter comes first. */
export function arrayComparer<T>(compare: Compare<T>): Compare<readonly (T | null)[]> {
  return (a, b) => {
    const length = Math.min(a.length, b.length)
    for (let i = 0; i < length; i++) {
      const order = compareOrNull(a[i]!, b[i]!, compare)
      if (order !== 0) return order
    }
    return a.length - b.length
  }
}

/** Rows field by field, each by its own order. */
export function rowComparer(
  compares: readonly ((a: never, b: never) => number)[]
): Compare<readonly unknown[]> {
  return (a, b) => {
    for (let i = 0; i < compares.length; i++) {
      const order = compareOrNull(a[i] as null, b[i] as null, compares[i]!)
      if (order !== 0) return order
    }
    return 0
  }
}

/** Zero where both maps have the same keys with equal values, in whatever order; maps have no order of their own. */
export function mapComparer<T>(compare: Compare<T>): Compare<ReadonlyMap<string, T | null>> {
  return (a, b) => {
    if (a.size !== b.size) return 1
    for (const [key, value] of a) {
      const other = b.get(key)
      if (other === undefined || compareOrNull(value, other, compare) !== 0) return 1
    }
    return 0
  }
}

/** Element by element. */
export function compareVector(a: Float64Array, b: Float64Array): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!
  }
  return a.length - b.length
}
