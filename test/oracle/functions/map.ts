import { Failure } from '../failure.ts'
import type { Value } from '../value.ts'
import type { FunctionTwin, Twins } from './entry.ts'

type Entries = ReadonlyMap<string, Value>

function toMap(keys: readonly Value[], values: readonly Value[]): Entries {
  const map = new Map<string, Value>()
  for (const [i, key] of keys.entries()) {
    if (typeof key !== 'string') throw new Failure('null-key', 'a key is NULL')
    map.set(key, values[i]!)
  }
  return map
}

const element: FunctionTwin = {
  evaluate: ([map, key]: readonly [Entries, string]) => (map.has(key) ? map.get(key)! : null)
}

export const mapTwins: Twins = {
  map_element: element,
  element_at: {
    evaluate: ([value, key]: readonly [Entries | readonly Value[], string | bigint]) =>
      typeof key === 'string'
        ? ((value as Entries).get(key) ?? null)
        : ((value as readonly Value[])[Number(key) - 1] ?? null)
  },
  map: {
    takesNull: true,
    evaluate: (args: readonly Value[]) =>
      toMap(
        args.filter((_, i) => i % 2 === 0),
        args.filter((_, i) => i % 2 === 1)
      )
  },
  map_from_arrays: {
    evaluate: ([keys, values]: readonly [readonly Value[], readonly Value[]]) => {
      if (keys.length !== values.length) throw new Failure('wrong-dimensions', String(keys.length))
      return toMap(keys, values)
    }
  },
  map_keys: { evaluate: ([map]: readonly [Entries]) => Array.from(map, ([key]) => key) },
  map_values: { evaluate: ([map]: readonly [Entries]) => Array.from(map, ([, value]) => value) },
  map_contains_key: { evaluate: ([map, key]: readonly [Entries, string]) => map.has(key) },
  map_concat: {
    takesNull: true,
    evaluate: ([left, right]: readonly [Entries | null, Entries | null]) => {
      if (left === null && right === null) return null
      const both = new Map<string, Value>(left ?? [])
      for (const [key, value] of right ?? []) both.set(key, value)
      return both
    }
  }
}
