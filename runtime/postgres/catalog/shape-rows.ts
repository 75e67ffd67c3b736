import { sortBy } from './compile-expr.ts'
import { isList, type Value } from './catalog-types.ts'
import { compareNullable } from './operators.ts'
import type { Compiled, Env, WindowCall } from './scope.ts'
import type { SelectSyntax } from './syntax.ts'

type Row = readonly Value[]

export interface Selected {
  readonly row: Row
  readonly keys: Row
}

export function shape(
  selected: readonly Selected[],
  sorts: readonly { readonly descending: boolean; readonly nullsFirst: boolean }[],
  how: SelectSyntax['distinct']
): readonly Row[] {
  const ordered = sorts.length === 0 ? selected : sortBy(selected, sorts, ({ keys }) => keys)
  const rows = ordered.map(({ row }) => row)
  if (how === false) return rows
  if (how === true) return distinct(rows)
  const keys = new Map(ordered.map(({ row, keys: all }) => [row, all.slice(sorts.length)]))
  return distinct(rows, row => keys.get(row))
}

export function distinct(rows: readonly Row[], keyOf = (row: Row): unknown => row): readonly Row[] {
  const seen = new Set<string>()
  return rows.filter(row => {
    const key = JSON.stringify(keyOf(row))
    return seen.has(key) ? false : seen.add(key)
  })
}

/** All rows are one where there is no key, also where there is none. */
export function groups(
  rows: readonly Row[],
  keys: readonly Compiled[],
  around: Env,
  width: number
): Env[] {
  const found = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify(keys.map(one => one.of({ row, around })))
    const known = found.get(key)
    if (known === undefined) found.set(key, [row])
    else known.push(row)
  }
  if (found.size === 0 && keys.length === 0) found.set('', [])
  const nothing: Row = Array.from({ length: width }, () => null)
  return [...found.values()].map(all => ({ row: all[0] ?? nothing, around, rows: all }))
}

export function withWindows(envs: readonly Env[], windows: readonly WindowCall[]): Env[] {
  const all = envs.map(env => ({ ...env, windows: [] as Value[] }))
  for (const { name, partition, order } of windows) {
    const parts = Map.groupBy(all, env => JSON.stringify(partition.map(one => one.of(env))))
    for (const part of parts.values()) {
      const keysOf = (env: Env): Row => order.map(({ value }) => value.of(env))
      const ordered = sortBy(part, order, keysOf)
      let [rank, dense] = [0, 0]
      for (const [i, env] of ordered.entries()) {
        const before = ordered[i - 1]
        const isSame =
          before !== undefined && compareNullable(keysOf(before), keysOf(env), false) === 0
        if (!isSame) [rank, dense] = [i + 1, dense + 1]
        env.windows.push(name === 'row_number' ? i + 1 : name === 'rank' ? rank : dense)
      }
    }
  }
  return all
}

/** A row for each value; where one has fewer, NULL. */
export function expand(env: Env, sets: readonly Compiled[]): Env[] {
  const lists = sets.map(set => set.of(env)).map(value => (isList(value) ? value : []))
  const most = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: most }, (_, i) => ({
    ...env,
    sets: lists.map(list => list[i] ?? null)
  }))
}
