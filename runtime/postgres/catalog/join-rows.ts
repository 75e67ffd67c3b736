import type { Value } from './catalog-types.ts'
import type { RowSource } from './row-source.ts'
import type { Compiled, Env } from './scope.ts'
import type { Work } from './work.ts'

type Row = readonly Value[]

/** Which rows of two sides meet. */
export interface JoinKeys {
  readonly keys: readonly { readonly left: Compiled; readonly right: Compiled }[]
  /** Of both rows. */
  readonly test: (env: Env) => boolean
}

/** `env`: of the query; its row is what stands before both sides. */
export function joinRows(
  join: 'inner' | 'left' | 'right' | 'full',
  left: RowSource,
  right: RowSource,
  { keys, test }: JoinKeys,
  env: Env,
  work: Work
): readonly Row[] {
  const { row: before, around } = env
  const find = right.isLateral
    ? (row: Row) => right.rows({ row: [...before, ...row], around })
    : lookUp(right.rows(env), keys, around)
  const met = new Set<Row>()
  const joined: Row[] = []
  const nothing = right.columns.map(() => null)
  for (const row of left.rows(env)) {
    let isMet = false
    for (const other of find(row)) {
      work.step()
      const both = [...row, ...other]
      if (!test({ row: both, around })) continue
      joined.push(both)
      met.add(other)
      isMet = true
    }
    if (!isMet && (join === 'left' || join === 'full')) joined.push([...row, ...nothing])
  }
  if (join === 'left' || join === 'inner') return joined
  const none = left.columns.map(() => null)
  const alone = right.rows(env).filter(other => !met.has(other))
  return [...joined, ...alone.map(other => [...none, ...other])]
}

/** The rows of the right side that may meet one of the left. */
function lookUp(
  rows: readonly Row[],
  keys: JoinKeys['keys'],
  around: Env | null
): (row: Row) => readonly Row[] {
  if (keys.length === 0) return () => rows
  const byKey = new Map<string, Row[]>()
  for (const row of rows) {
    const key = keyOf(keys.map(({ right }) => right.of({ row, around })))
    if (key === null) continue
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [row])
    else known.push(row)
  }
  return row => byKey.get(keyOf(keys.map(({ left }) => left.of({ row, around }))) ?? '') ?? []
}

/** NULL meets nothing. */
function keyOf(values: readonly Value[]): string | null {
  return values.includes(null) ? null : JSON.stringify(values)
}
