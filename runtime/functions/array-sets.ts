import { arrayContains, arrayLength } from './array.ts'

type Items<T> = readonly (T | null)[]
type Compare<T> = (a: T, b: T) => number

/** Whether every element of the second array is in the first. O(n * m). */
export function arrayContainsAll<T>(
  array: Items<T>,
  items: Items<T>,
  compare: Compare<T>
): boolean {
  return items.every(item => item !== null && arrayContains(array, item, compare))
}

/** Whether an element of the second array is in the first. O(n * m). */
export function arraysOverlap<T>(a: Items<T>, b: Items<T>, compare: Compare<T>): boolean {
  return b.some(item => item !== null && arrayContains(a, item, compare))
}

/** How deep arrays are in arrays; NULL where there is nothing in it. */
export function arrayDimensions(array: Items<unknown>, depth: number): number | null {
  if (array.length === 0) return null
  const [first] = array
  return depth > 1 && Array.isArray(first) ? 1 + (arrayDimensions(first, depth - 1) ?? 0) : 1
}

/** 1, if the array has the dimension. */
export function arrayLower(array: Items<unknown>, dimension: number, depth: number): number | null {
  return arrayLength(array, dimension, depth) === null ? null : 1
}
