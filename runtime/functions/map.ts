import { failure } from '../sql/failure.ts'

// A MAP is a JavaScript Map that nobody changes; keys keep the order in which they came.

type Entries<T> = ReadonlyMap<string, T | null>

/** `m['k']`; NULL where there is no such key. */
export function mapElement<T>(map: Entries<T>, key: string): T | null {
  return map.get(key) ?? null
}
export function mapContainsKey(map: Entries<unknown>, key: string): boolean {
  return map.has(key)
}
export function mapKeys(map: Entries<unknown>): readonly string[] {
  return [...map.keys()]
}
export function mapValues<T>(map: Entries<T>): readonly (T | null)[] {
  return [...map.values()]
}
/** Both maps' entries; of one key the second's value. */
export function mapConcat<T>(a: Entries<T>, b: Entries<T> | null): Entries<T>
export function mapConcat<T>(a: Entries<T> | null, b: Entries<T>): Entries<T>
export function mapConcat<T>(a: Entries<T> | null, b: Entries<T> | null): Entries<T> | null
export function mapConcat<T>(a: Entries<T> | null, b: Entries<T> | null): Entries<T> | null {
  if (a === null) return b
  return b === null ? a : new Map([...a, ...b])
}

/** map(k1, v1, ...): keys are not NULL; of duplicates the last counts. */
export function mapOf<T>(
  keys: readonly (string | null)[],
  values: readonly (T | null)[],
  site: number
): Entries<T> {
  const map = new Map<string, T | null>()
  keys.forEach((key, i) => {
    if (key === null) throw failure(site, 'null-key', 'a key of a map is NULL')
    map.set(key, values[i]!)
  })
  return map
}

/** map_from_arrays: as many keys as values. */
export function mapFromArrays<T>(
  keys: readonly (string | null)[],
  values: readonly (T | null)[],
  site: number
): Entries<T> {
  if (keys.length === values.length) return mapOf(keys, values, site)
  const message = `${keys.length} keys and ${values.length} values make no map`
  throw failure(site, 'wrong-dimensions', message)
}
