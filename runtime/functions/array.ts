import { failure } from '../sql/failure.ts'
import { normalBigInt } from './bigint.ts'

// An ARRAY is a JavaScript array that nobody changes; NULL elements are null.

type Items<T> = readonly (T | null)[]
type Compare<T> = (a: T, b: T) => number

/** `a[i]`: counts from 1; NULL where there is none. */
export function arrayElement<T>(array: Items<T>, index: number): T | null {
  return array[index - 1] ?? null
}
/** `v[i]` of a vector. */
export function vectorElement(vector: Float64Array, index: number): number | null {
  return vector[index - 1] ?? null
}

// Rows are JavaScript arrays too, so what goes into dimensions is told how many the array's type has: its depth.

/** array_length(a, dimension): NULL where the array has no such dimension, or nothing in it. */
export function arrayLength(
  array: Items<unknown>,
  dimension: number,
  depth: number
): number | null {
  if (dimension < 1 || dimension > depth) return null
  let inner: unknown = array
  for (let i = 1; i < dimension; i++) inner = Array.isArray(inner) ? inner[0] : null
  return Array.isArray(inner) && inner.length > 0 ? inner.length : null
}

/** cardinality: the elements of all dimensions, as PostgreSQL counts. */
export function cardinality(array: Items<unknown>, depth: number): number {
  if (depth === 1) return array.length
  let count = 0
  for (const item of array) count += Array.isArray(item) ? cardinality(item, depth - 1) : 1
  return count
}

/** Whether an element equals; a NULL one does not. */
export function arrayContains<T>(array: Items<T>, item: T, compare: Compare<T>): boolean {
  return array.some(other => other !== null && compare(other, item) === 0)
}

/** `x = ANY(a)` and the like: NULL where no element decides and one of them, or x, is NULL. */
export function anyElement<T>(
  item: T | null,
  array: Items<T> | null,
  holds: (a: T, b: T) => boolean
): boolean | null {
  if (array === null) return null
  if (array.length === 0) return false
  if (item === null) return null
  let unknown = false
  for (const other of array) {
    if (other === null) unknown = true
    else if (holds(item, other)) return true
  }
  return unknown ? null : false
}

/** array_append; NULL is an empty array. */
export function arrayAppend<T>(array: Items<T> | null, item: T | null): Items<T> {
  return [...(array ?? []), item]
}
/** array_prepend; NULL is an empty array. */
export function arrayPrepend<T>(item: T | null, array: Items<T> | null): Items<T> {
  return [item, ...(array ?? [])]
}
/** array_cat, where NULL counts for nothing. */
export function arrayConcat<T>(a: Items<T>, b: Items<T> | null): Items<T>
export function arrayConcat<T>(a: Items<T> | null, b: Items<T>): Items<T>
export function arrayConcat<T>(a: Items<T> | null, b: Items<T> | null): Items<T> | null
export function arrayConcat<T>(a: Items<T> | null, b: Items<T> | null): Items<T> | null {
  if (a === null) return b
  return b === null ? a : [...a, ...b]
}

/** An array with one element; NULL for NULL. */
export function arrayOfPresent<T>(item: T): Items<T>
export function arrayOfPresent<T>(item: T | null): Items<T> | null
export function arrayOfPresent<T>(item: T | null): Items<T> | null {
  return item === null ? null : [item]
}

/** NULL equals NULL here. */
function same<T>(a: T | null, b: T | null, compare: Compare<T>): boolean {
  return a === null || b === null ? a === b : compare(a, b) === 0
}

/** array_position: the first place of an element, from 1; NULL is found too. */
export function arrayPosition<T>(
  array: Items<T> | null,
  item: T | null,
  compare: Compare<T>
): number | null {
  if (array === null) return null
  const index = array.findIndex(other => same(other, item, compare))
  return index < 0 ? null : index + 1
}
/** array_positions: all places of an element. */
export function arrayPositions<T>(
  array: Items<T> | null,
  item: T | null,
  compare: Compare<T>
): readonly number[] | null {
  if (array === null) return null
  return array.flatMap((other, i) => (same(other, item, compare) ? [i + 1] : []))
}
/** array_remove: without the elements that equal. */
export function arrayRemove<T>(
  array: Items<T> | null,
  item: T | null,
  compare: Compare<T>
): Items<T> | null {
  return array === null ? null : array.filter(other => !same(other, item, compare))
}
/** array_replace: elements that equal become another. */
export function arrayReplace<T>(
  array: Items<T> | null,
  from: T | null,
  to: T | null,
  compare: Compare<T>
): Items<T> | null {
  return array === null ? null : array.map(other => (same(other, from, compare) ? to : other))
}

export function arrayReverse<T>(array: Items<T>): Items<T> {
  return array.toReversed()
}
/** Each value once, where it stands first; NULL is a value. */
export function arrayDistinct<T>(array: Items<T>, compare: Compare<T>): Items<T> {
  const kept: (T | null)[] = []
  for (const item of array) if (!kept.some(other => same(other, item, compare))) kept.push(item)
  return kept
}
/** In ascending order, NULLs last. */
export function arraySort<T>(array: Items<T>, compare: Compare<T>): Items<T> {
  return array.toSorted((a, b) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return compare(a, b)
  })
}
/** The greatest element; NULLs do not count. */
export function arrayMax<T>(array: Items<T>, compare: Compare<T>): T | null {
  let best: T | null = null
  for (const item of array) {
    if (item !== null && (best === null || compare(item, best) > 0)) best = item
  }
  return best
}
/** The least element; NULLs do not count. */
export function arrayMin<T>(array: Items<T>, compare: Compare<T>): T | null {
  return arrayMax(array, (a, b) => compare(b, a))
}
/** The sum by `add`; NULLs do not count, of nothing it is NULL. */
export function arraySum<T>(
  array: Items<T>,
  add: (a: T, b: T, site: number) => T,
  site: number
): T | null {
  let sum: T | null = null
  for (const item of array) {
    if (item !== null) sum = sum === null ? item : add(sum, item, site)
  }
  return sum
}

/** array_to_string: NULLs are left out, or stand as `nullText`. */
export function arrayToString<T>(
  array: Items<T> | null,
  separator: string | null,
  toText: (item: T, site: number) => string,
  nullText: string | null
): string | null {
  if (array === null || separator === null) return null
  const texts: string[] = []
  for (const item of array) {
    if (item !== null) texts.push(toText(item, -1))
    else if (nullText !== null) texts.push(nullText)
  }
  return texts.join(separator)
}

/** string_to_array: a NULL separator takes the text apart into characters; a part that is `nullText` is NULL. */
export function stringToArray(
  text: string | null,
  separator: string | null,
  nullText: string | null
): Items<string> | null {
  if (text === null) return null
  if (text === '') return []
  const parts =
    separator === null ? Array.from(text) : separator === '' ? [text] : text.split(separator)
  return parts.map(part => (part === nullText ? null : part))
}

/** trim_array: without the last `count` elements. */
export function trimArray<T>(array: Items<T>, count: number, site: number): Items<T> {
  if (count >= 0 && count <= array.length) return array.slice(0, array.length - count)
  throw failure(
    site,
    'out-of-range',
    `an array of ${array.length} has no ${count} elements to trim`
  )
}

/** More elements than that are one array by mistake. */
const LONGEST = 1_000_000

/** sequence: the integers from one to another. Costs their number. */
export function sequence(
  from: number | bigint,
  to: number | bigint,
  site: number
): readonly (number | bigint)[] {
  if (to < from) return []
  const count = BigInt(to) - BigInt(from) + 1n
  if (count > LONGEST) {
    throw failure(site, 'out-of-range', `a sequence has at most ${LONGEST} elements`)
  }
  const length = Number(count)
  if (Number.isSafeInteger(Number(from)) && Number.isSafeInteger(Number(to))) {
    return Array.from({ length }, (_, i) => Number(from) + i)
  }
  return Array.from({ length }, (_, i) => normalBigInt(BigInt(from) + BigInt(i)))
}

/** array_slice from one place to another, both included and counted from 1. */
export function arraySlice<T>(array: Items<T>, from: number, to: number): Items<T> {
  return array.slice(Math.max(from - 1, 0), Math.max(to, 0))
}

/** array_dims: PostgreSQL's text of the bounds; NULL of an empty array. */
export function arrayDims(array: Items<unknown>, depth: number): string | null {
  let text = ''
  let inner: unknown = array
  for (let i = 0; i < depth && Array.isArray(inner) && inner.length > 0; i++) {
    text += `[1:${inner.length}]`
    inner = inner[0]
  }
  return text === '' ? null : text
}

/** arrays_zip: a row for each place; an array that is shorter, or NULL, has NULLs there. All NULL is NULL. */
export function zipArrays(arrays: readonly (Items<unknown> | null)[]): unknown[][] | null {
  const present = arrays.filter(array => array !== null)
  if (present.length === 0) return null
  const length = Math.max(...present.map(array => array.length))
  return Array.from({ length }, (_, i) => arrays.map(array => array?.[i] ?? null))
}

/** width_bucket(x, bounds): how many bounds of an ascending array are not above x. O(log n), one look at each for NULL. */
export function widthBucketOf<T>(
  item: T,
  bounds: Items<T>,
  compare: Compare<T>,
  site: number
): number {
  if (bounds.includes(null)) {
    throw failure(site, 'null-bound', 'the bounds of width_bucket must not be NULL')
  }
  let [low, high] = [0, bounds.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (compare(bounds[middle]!, item) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

/** array_fill: a value so many times; NULL is one. */
export function fillArray<T>(
  value: T | null,
  lengths: Items<number> | null,
  site: number
): Items<T> {
  const [length, ...more] = lengths ?? [null]
  if (length === undefined) return []
  if (length === null) throw failure(site, 'null-bound', 'the number of elements is NULL')
  if (more.length > 0) {
    throw failure(site, 'wrong-dimensions', 'arrays of several dimensions are not filled')
  }
  if (length < 0 || length > LONGEST) {
    throw failure(site, 'out-of-range', `an array of ${length} elements is not made`)
  }
  return Array.from({ length }, () => value)
}
