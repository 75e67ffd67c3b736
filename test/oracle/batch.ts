import type {
  BatchInput,
  BatchJoin,
  BatchKey,
  BatchProbe,
  BatchQuery,
  BatchSetOperation,
  Grouping
} from '../../compiler/ir/index.ts'
import type { RowType } from '../../compiler/types/index.ts'
import { evalAggregate } from './aggregates.ts'
import { compareValues, sameValue } from './compare.ts'
import { compareRows } from './compare-rows.ts'
import { evalExpr, evalTest } from './eval.ts'
import { Failure } from './failure.ts'
import { unnestRow } from './unnest.ts'
import type { Row, Value } from './value.ts'

/** The rows of a table now, in the order in which they came. */
export type TableRows = (name: string) => readonly Row[]

/** The rows of a query that is answered once: each part of it over lists, from the beginning. The key of a row is its place. */
export function evalBatch(query: BatchQuery, tables: TableRows, around: Row = []): Row[] {
  const { grouping, items, distinct, orderBy, limit, offset } = query
  const rows = inputRows(query.input, tables, around)
  const groups = grouping === null ? rows : groupRows(rows, grouping)
  let found = groups.map(from => ({ from, row: items.map(item => evalExpr(item, from)) }))
  if (distinct) {
    found = found.filter(({ row }, i) => {
      return !found.slice(0, i).some(other => isSame(other.row, row, query.schema))
    })
  }
  found.sort((a, b) => compareRows(a.from, b.from, orderBy))
  const end = limit === null ? found.length : offset + limit
  return found.slice(offset, end).map(({ row }) => row)
}

function inputRows(input: BatchInput, tables: TableRows, around: Row): Row[] {
  switch (input.kind) {
    case 'Table':
      return [...tables(input.name)]
    case 'KeyedTable':
      return tables(input.name).map((row, place) => [...row, String(place)])
    case 'System':
      throw new Error('statements of a script read no system tables')
    case 'Query':
      return evalBatch(input.query, tables, around)
    case 'Nothing':
      return [[]]
    case 'Values':
      return input.rows.map(row => row.map(expr => evalExpr(expr, [])))
    case 'SetOperation':
      return setOperation(input, tables, around)
    case 'Join':
      return joinRows(input, tables, around)
    case 'Unnest':
      return inputRows(input.input, tables, around).flatMap(row => unnestRow(input.unnest, row))
    case 'Filtered':
      return inputRows(input.input, tables, around).filter(row => evalTest(input.where, row))
    case 'Probed':
      return inputRows(input.input, tables, around).map(row => {
        return [...row, answer(input.probe, row, tables)]
      })
    case 'Nested': {
      const inner = inputRows(input.input, tables, [])
      const met = inner.filter(row => keysMeet(input.keys, around, row))
      return met.map(row => [...around, ...row])
    }
  }
}

function answer({ kind, query, test }: BatchProbe, row: Row, tables: TableRows): Value {
  const rows = evalBatch(query, tables, row)
  if (kind === 'Exists') return rows.length > 0
  if (kind === 'Scalar') {
    if (rows.length > 1) throw new Failure('several-rows', 'several')
    return rows[0]?.[0] ?? null
  }
  const results = rows.map(other => evalExpr(test!, [...row, ...other]))
  return results.includes(true) ? true : results.includes(null) ? null : false
}

function keysMeet(keys: readonly BatchKey[], left: Row, right: Row): boolean {
  return keys.every(key => {
    const [a, b] = [evalExpr(key.left, left), evalExpr(key.right, right)]
    return a !== null && b !== null && compareValues(a, b, key.left.type) === 0
  })
}

function joinRows(input: BatchJoin, tables: TableRows, around: Row): Row[] {
  const { join, keys, condition } = input
  const lefts = inputRows(input.left, tables, around)
  const rights = inputRows(input.right, tables, around)
  const meets = (left: Row, right: Row): boolean =>
    keysMeet(keys, left, right) && (condition === null || evalTest(condition, [...left, ...right]))
  const nulls = ({ columns }: RowType): Row => columns.map(() => null)
  const found = lefts.flatMap(left => {
    const partners = rights.filter(right => meets(left, right))
    const alone = partners.length === 0 && join !== 'INNER' ? [nulls(input.right.schema)] : []
    return [...partners, ...alone].map(right => [...left, ...right])
  })
  if (join !== 'FULL') return found
  const alone = rights.filter(right => !lefts.some(left => meets(left, right)))
  return [...found, ...alone.map(right => [...nulls(input.left.schema), ...right])]
}

function setOperation(input: BatchSetOperation, tables: TableRows, around: Row): Row[] {
  const { operator, all, schema } = input
  const left = evalBatch(input.left, tables, around)
  const right = evalBatch(input.right, tables, around)
  const times = (row: Row, rows: readonly Row[]): number =>
    rows.filter(other => isSame(row, other, schema)).length
  if (operator === 'UNION') {
    const rows = [...left, ...right]
    return all ? rows : rows.filter((row, i) => times(row, rows.slice(0, i)) === 0)
  }
  return left.filter((row, i) => {
    const before = times(row, left.slice(0, i))
    if (!all && before > 0) return false
    const isThere = all ? before < times(row, right) : times(row, right) > 0
    return isThere === (operator === 'INTERSECT')
  })
}

function groupRows(rows: readonly Row[], { keys, sets, aggregates, having }: Grouping): Row[] {
  const named = sets === null ? keys : keys.slice(0, -1)
  const all = [...named.keys()]
  const groups = (sets ?? [all]).flatMap(set => {
    const keysOf = (row: Row): Row =>
      named.map((key, i) => (set.includes(i) ? evalExpr(key, row) : null))
    const schema = { columns: named.map(({ type }) => ({ name: '', type, nullable: true })) }
    const found: { readonly keys: Row; readonly rows: Row[] }[] =
      set.length === 0 ? [{ keys: named.map(() => null), rows: [] }] : []
    for (const row of rows) {
      const own = keysOf(row)
      const known = found.find(group => isSame(group.keys, own, schema))
      if (known === undefined) found.push({ keys: own, rows: [row] })
      else known.rows.push(row)
    }
    const bits = all.reduce((sum, key) => 2 * sum + (set.includes(key) ? 0 : 1), 0)
    return found.map(group => [
      ...group.keys,
      ...(sets === null ? [] : [BigInt(bits)]),
      ...aggregates.map(call => evalAggregate(call, group.rows))
    ])
  })
  return groups.filter(group => having === null || evalTest(having, group))
}

function isSame(a: Row, b: Row, { columns }: RowType): boolean {
  return columns.every(({ type }, i) => sameValue(a[i] ?? null, b[i] ?? null, type))
}
