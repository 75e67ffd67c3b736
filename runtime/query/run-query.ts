import type { AskedPipeline, TableRow } from '../contract/index.ts'
import { tableKey } from '../state/table-key.ts'
import { type Accumulator, makeAccumulator } from './aggregates.ts'
import type { Query, QueryAggregate } from './query.ts'

/** The rows of a query over what the pipeline holds now. */
export function runQuery(query: Query, pipeline: AskedPipeline): readonly TableRow[] {
  let rows: Iterable<TableRow> = readInput(query, pipeline)
  if (query.where !== null) rows = filter(rows, query.where)
  if (query.grouping !== null) rows = group(rows, query.grouping)
  let found = Array.from(rows, row => ({ row: query.project(row), from: row }))
  if (query.distinct) {
    const seen = new Set<unknown>()
    found = found.filter(({ row }) => {
      const key = distinctKey(row)
      return !seen.has(key) && seen.add(key)
    })
  }
  if (query.sort !== null) sortRows(found, query.sort)
  const end = query.limit === null ? found.length : query.offset + query.limit
  return found.slice(query.offset, end).map(({ row }) => row)
}

function readInput({ input }: Query, pipeline: AskedPipeline): Iterable<TableRow> {
  switch (input.kind) {
    case 'table':
      return rowsOf(pipeline.table(input.name).entries())
    case 'system':
      return pipeline.system(input.name)
    case 'query':
      return runQuery(input.query, pipeline)
    case 'nothing':
      return [[]]
  }
}

function* rowsOf(entries: Iterable<readonly [unknown, TableRow]>): Iterable<TableRow> {
  for (const [, row] of entries) yield row
}

function* filter(rows: Iterable<TableRow>, test: (row: TableRow) => boolean): Iterable<TableRow> {
  for (const row of rows) if (test(row)) yield row
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
  if (!hasKeys) groups.set(distinctKey([]), makeGroup([]))
  for (const row of rows) {
    const keys = keysOf(row)
    const key = distinctKey(keys)
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
        const key = distinctKey(args.slice(0, 1))
        if (seen.has(key)) return
        seen.add(key)
      }
      accumulator.add(...args)
    },
    result: () => accumulator.result()
  }
}

/** Equal rows have equal keys, and NULL equals NULL. */
function distinctKey(row: TableRow): string {
  return JSON.stringify(row.map(value => (value === null ? null : String(tableKey(value)))))
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
