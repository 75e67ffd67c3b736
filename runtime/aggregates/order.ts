import type { RowComparer } from './row-list.ts'

export interface OrderKey {
  readonly descending: boolean
  readonly nullsFirst: boolean
  readonly compare: (a: never, b: never) => number
}

/** Compares rows by ORDER BY, whose values stand in them from `start` on. */
export function rowOrder(start: number, keys: readonly OrderKey[]): RowComparer {
  return (a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const { descending, nullsFirst, compare } = keys[i]!
      const [left, right] = [a[start + i], b[start + i]]
      if (left === null || right === null) {
        if (left === right) continue
        return (left === null) === nullsFirst ? -1 : 1
      }
      const result = compare(left as never, right as never)
      if (result !== 0) return descending ? -result : result
    }
    return 0
  }
}
