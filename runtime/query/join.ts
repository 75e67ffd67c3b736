import type { AskedTables, TableKey, TableRow } from '../contract/index.ts'
import { failure } from '../sql/failure.ts'
import { KeyMap } from '../state/key-map.ts'
import { KeySet } from '../state/key-set.ts'
import { tableKey } from '../state/table-key.ts'
import { type OpenInput, openInput } from './query-input.ts'
import type { QueryJoin, QueryKeys, QueryNested } from './query.ts'

/** Pairs of rows that are looked at without a key: more would stop the asked for too long. */
const MOST_PAIRS = 5_000_000

/** Counts pairs of rows; fails where they are too many. */
class PairCounter {
  #count = 0

  add(pairs: number): void {
    this.#count += pairs
    if (this.#count <= MOST_PAIRS) return
    const message = `the query compares more than ${MOST_PAIRS} pairs of rows: join by an equality`
    throw failure(-1, 'too-many-rows', message)
  }
}

/** The rows that a row can meet. */
class Partners {
  readonly #all: readonly TableRow[]
  readonly #byKey: KeyMap<TableKey, TableRow[]> | null
  readonly #keys: QueryKeys | null
  readonly #pairs = new PairCounter()

  constructor(rows: Iterable<TableRow>, keys: QueryKeys | null) {
    this.#keys = keys
    this.#all = keys === null ? [...rows] : []
    this.#byKey = keys === null ? null : groupByKey(rows, keys.right)
  }

  of(row: TableRow): readonly TableRow[] {
    if (this.#byKey === null) {
      this.#pairs.add(this.#all.length)
      return this.#all
    }
    const key = tableKey(...this.#keys!.left(row))
    const found = key === null ? [] : (this.#byKey.get(key) ?? [])
    this.#pairs.add(found.length)
    return found
  }
}

function groupByKey(
  rows: Iterable<TableRow>,
  keysOf: (row: TableRow) => TableRow
): KeyMap<TableKey, TableRow[]> {
  const groups = new KeyMap<TableKey, TableRow[]>()
  for (const row of rows) {
    const key = tableKey(...keysOf(row))
    if (key === null) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}

export function openJoin(input: QueryJoin, asked: AskedTables): OpenInput {
  const { join, leftWidth, rightWidth, keys, condition } = input
  const [left, right] = [openInput(input.left, asked), openInput(input.right, asked)]
  const noLeft = new Array<null>(leftWidth).fill(null)
  const noRight = new Array<null>(rightWidth).fill(null)
  return function* (around) {
    const rights = [...right(around)]
    const partners = new Partners(rights, keys)
    const met = new KeySet<TableRow>()
    for (const row of left(around)) {
      let isAlone = true
      for (const partner of partners.of(row)) {
        const both = [...row, ...partner]
        if (condition !== null && !condition(both)) continue
        isAlone = false
        if (join === 'FULL') met.add(partner)
        yield both
      }
      if (isAlone && join !== 'INNER') yield [...row, ...noRight]
    }
    if (join !== 'FULL') return
    for (const row of rights) if (!met.has(row)) yield [...noLeft, ...row]
  }
}

/** The rows are read once, and found by their keys. */
export function openNested({ input, keys }: QueryNested, asked: AskedTables): OpenInput {
  const rows = openInput(input, asked)
  let partners: Partners | null = null
  return function* (around) {
    partners ??= new Partners(rows([]), keys)
    for (const row of partners.of(around)) yield [...around, ...row]
  }
}
