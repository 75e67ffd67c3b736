import { rowOrder, ValueBag } from '../aggregates/index.ts'
import type { AskedTables, TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { openInput } from './query-input.ts'
import type { Query, QueryGroupingSet } from './query.ts'
import { firstOfItsKind, rowKey } from './row-key.ts'

/** The rows of a query over what the asked holds now. */
export function runQuery(query: Query, asked: AskedTables): readonly TableRow[] {
  return openQuery(query, asked)([])
}

/** The query as a function of the row around it: what does not depend on that row is read once. */
export function openQuery(
  query: Query,
  asked: AskedTables
): (around: TableRow) => readonly TableRow[] {
  const input = openInput(query.input, asked)
  return around => shape(query, input(around))
}

/** Groups, projects, sorts and cuts the rows of the input. */
function shape(query: Query, input: Iterable<TableRow>): readonly TableRow[] {
  const rows = query.grouping === null ? input : group(input, query.grouping)
  let found = Array.from(rows, row => ({ row: query.project(row), from: row }))
  if (query.distinct) {
    const isFirst = firstOfItsKind()
    found = found.filter(({ row }) => isFirst(row))
  }
  if (query.sort !== null) sortRows(found, query.sort)
  const end = query.limit === null ? found.length : query.offset + query.limit
  return found.slice(query.offset, end).map(({ row }) => row)
}

type Grouping = NonNullable<Query['grouping']>

interface Group {
  readonly keys: TableRow
  /** Of each aggregate. */
  readonly counted: readonly { readonly fields: unknown[]; readonly seen: ValueBag }[]
}

function* group(rows: Iterable<TableRow>, grouping: Grouping): Iterable<TableRow> {
  const { keys: keysOf, sets, aggregates, having } = grouping
  const groups = new KeyMap<unknown, Group>()
  const makeGroup = (keys: TableRow): Group => ({
    keys,
    counted: aggregates.map(one => ({ fields: one.start(), seen: new ValueBag() }))
  })
  const find = (keys: TableRow): Group => {
    const key = rowKey(keys)
    const known = groups.get(key) ?? makeGroup(keys)
    groups.set(key, known)
    return known
  }
  for (const row of rows) {
    const keys = keysOf(row)
    for (const set of sets) {
      const { counted } = find(set.bits === null ? keys : keysOfSet(keys, set, set.bits))
      counted.forEach(({ fields, seen }, i) => aggregates[i]!.add(fields, seen, row))
    }
  }
  // All rows are a group, also where there is none.
  for (const set of sets) {
    if (!set.has.includes(true)) find(set.bits === null ? [] : keysOfSet([], set, set.bits))
  }
  for (const { keys, counted } of groups.values()) {
    const row = [...keys, ...counted.map(({ fields }, i) => aggregates[i]!.result(fields))]
    if (having === null || having(row)) yield row
  }
}

function keysOfSet(keys: TableRow, { has }: QueryGroupingSet, bits: number): TableRow {
  return [...has.map((isKey, i) => (isKey ? keys[i] : null)), bits]
}

interface Found {
  readonly row: TableRow
  readonly from: TableRow
}

function sortRows(found: Found[], { keys, order }: NonNullable<Query['sort']>): void {
  const keyed = found.map(entry => ({ entry, key: keys(entry.from) }))
  const compare = rowOrder(0, order)
  keyed.sort((a, b) => compare(a.key, b.key))
  keyed.forEach(({ entry }, i) => {
    found[i] = entry
  })
}
