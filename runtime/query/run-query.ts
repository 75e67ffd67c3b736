import type { AskedPipeline, TableRow } from '../contract/index.ts'
import { type Accumulator, makeAccumulator } from './aggregates.ts'
import { openInput } from './query-input.ts'
import type { Query, QueryAggregate } from './query.ts'
import { firstOfItsKind, rowKey } from './row-key.ts'

/** The rows of a query over what the pipeline holds now. */
export function runQuery(query: Query, pipeline: AskedPipeline): readonly TableRow[] {
  return openQuery(query, pipeline)([])
}

/** The query as a function of the row around it: what does not depend on that row is read once. */
export function openQuery(
  query: Query,
  pipeline: AskedPipeline
): (around: TableRow) => readonly TableRow[] {
  const input = openInput(query.input, pipeline)
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
  readonly accumulators: readonly GroupAccumulator[]
}

function* group(rows: Iterable<TableRow>, grouping: Grouping): Iterable<TableRow> {
  const { keys: keysOf, hasKeys, aggregates, having } = grouping
  const groups = new Map<unknown, Group>()
  const makeGroup = (keys: TableRow): Group => ({
    keys,
    accumulators: aggregates.map(makeGroupAccumulator)
  })
  if (!hasKeys) groups.set(rowKey([]), makeGroup([]))
  for (const row of rows) {
    const keys = keysOf(row)
    const key = rowKey(keys)
    const known = groups.get(key) ?? makeGroup(keys)
    groups.set(key, known)
    for (const accumulator of known.accumulators) accumulator.add(row)
  }
  for (const { keys, accumulators } of groups.values()) {
    const row = [...keys, ...accumulators.map(accumulator => accumulator.result())]
    if (having === null || having(row)) yield row
  }
}

interface GroupAccumulator {
  add(row: TableRow): void
  result(): unknown
}

/** Leaves out rows that FILTER does not want, NULLs, and for DISTINCT what was there before. */
function makeGroupAccumulator(aggregate: QueryAggregate): GroupAccumulator {
  const { name, form, compare, args: argsOf, filter: wanted, distinct } = aggregate
  const accumulator: Accumulator = makeAccumulator(name, form, compare)
  const seen = new Set<unknown>()
  return {
    add(row) {
      if (wanted !== null && !wanted(row)) return
      const args = argsOf(row)
      if (args.includes(null)) return
      if (distinct) {
        const key = rowKey(args.slice(0, 1))
        if (seen.has(key)) return
        seen.add(key)
      }
      accumulator.add(...args)
    },
    result: () => accumulator.result()
  }
}

interface Found {
  readonly row: TableRow
  readonly from: TableRow
}

function sortRows(found: Found[], { keys, order }: NonNullable<Query['sort']>): void {
  const keyed = found.map(entry => ({ entry, key: keys(entry.from) }))
  keyed.sort((a, b) => {
    for (let i = 0; i < order.length; i++) {
      const { descending, nullsFirst, compare } = order[i]!
      const [left, right] = [a.key[i], b.key[i]]
      if (left === null || right === null) {
        if (left === right) continue
        return (left === null) === nullsFirst ? -1 : 1
      }
      const result = compare(left as never, right as never)
      if (result !== 0) return descending ? -result : result
    }
    return 0
  })
  keyed.forEach(({ entry }, i) => {
    found[i] = entry
  })
}
