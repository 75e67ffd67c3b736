import type { ChangeOp, TableDefinition, TableKey, TableRow } from '../contract/index.ts'
import { failure } from '../sql/failure.ts'
import { KeySet } from './key-set.ts'
import type { TableState } from './table-state.ts'

/** Called for each change, in order, after the table has it: writes it to the sinks that publish the table. */
export type Changed<Row extends TableRow> = (
  op: ChangeOp,
  before: Row | null,
  after: Row | null
) => void

/** A row that changes and what it becomes. */
export interface RowUpdate<Row extends TableRow> {
  readonly key: TableKey
  readonly before: Row
  readonly after: Row
}

/** INSERT INTO ... SELECT from a stream: a row with the key is replaced; without a key the row is added. */
export function upsertRow<Row extends TableRow>(
  table: TableState<Row>,
  row: Row,
  changed: Changed<Row>,
  site: number
): void {
  const key = keyFor(table, row, site)
  const before = table.set(key, row)
  changed(before === null ? 'c' : 'u', before, row)
}

/** INSERT INTO ... SELECT from rows that change: what a row was goes, what it is comes. Its key may be another. */
export function storeChange<Row extends TableRow>(
  table: TableState<Row>,
  before: Row | null,
  after: Row | null,
  changed: Changed<Row>,
  site: number
): void {
  const left = before === null ? null : table.keyOf(before)
  const key = after === null ? null : keyFor(table, after, site)
  if (left !== null && left !== key) deleteKey(table, left, changed, site)
  if (after !== null) upsertRow(table, after, changed, site)
}

/** A delete from a topic that feeds a table. That the row is not there is no error: it was deleted before. */
export function deleteKey<Row extends TableRow>(
  table: TableState<Row>,
  key: TableKey | null,
  changed: Changed<Row>,
  site: number
): void {
  if (key === null) throw nullKey(table.definition, null, site)
  const before = table.delete(key)
  if (before !== null) changed('d', before, null)
}

/** Of a record without a value: its key is all that tells which row is deleted. Throws a failure where there is none. */
export function requireKey(key: string | null, site: number): asserts key is string {
  if (key === null) {
    throw failure(
      site,
      'null-key',
      'a record without a value deletes the row of its key, and it has none'
    )
  }
}

/** INSERT INTO ... VALUES: all rows or, where a key is taken, none. Answers how many. */
export function insertRows<Row extends TableRow>(
  table: TableState<Row>,
  rows: readonly Row[],
  changed: Changed<Row>,
  site: number
): number {
  const keys = rows.map(row => keyFor(table, row, site))
  const taken = new KeySet<TableKey>()
  for (const key of keys) {
    if (table.get(key) !== null || taken.has(key)) throw duplicateKey(table.definition, key, site)
    taken.add(key)
  }
  rows.forEach((row, i) => {
    table.set(keys[i]!, row)
    changed('c', null, row)
  })
  return rows.length
}

/** UPDATE: all rows or none. A new key is a delete and an insert. Answers how many rows. */
export function updateRows<Row extends TableRow>(
  table: TableState<Row>,
  updates: readonly RowUpdate<Row>[],
  changed: Changed<Row>,
  site: number
): number {
  const moves = table.definition.key === null ? [] : findMoves(table, updates, site)
  // Keys may change places: all rows leave before one arrives.
  for (const { key } of moves) changed('d', table.delete(key), null)
  for (const { after, to } of moves) {
    table.set(to, after)
    changed('c', null, after)
  }
  const moved = new KeySet(moves.map(({ key }) => key))
  for (const { key, before, after } of updates) {
    if (moved.has(key)) continue
    table.set(key, after)
    changed('u', before, after)
  }
  return updates.length
}

/** UPDATE of one row, whose key stays. Answers 1, the number of rows. */
export function updateRow<Row extends TableRow>(
  table: TableState<Row>,
  key: TableKey,
  before: Row,
  after: Row,
  changed: Changed<Row>
): number {
  table.replace(key, before, after)
  changed('u', before, after)
  return 1
}

/** DELETE. Answers how many rows. */
export function deleteRows<Row extends TableRow>(
  table: TableState<Row>,
  keys: readonly TableKey[],
  changed: Changed<Row>
): number {
  for (const key of keys) changed('d', table.delete(key), null)
  return keys.length
}

type Move<Row extends TableRow> = RowUpdate<Row> & { readonly to: TableKey }

function findMoves<Row extends TableRow>(
  table: TableState<Row>,
  updates: readonly RowUpdate<Row>[],
  site: number
): Move<Row>[] {
  const moves: Move<Row>[] = []
  for (const update of updates) {
    const to = keyFor(table, update.after, site)
    if (to !== update.key) moves.push({ ...update, to })
  }
  const leaving = new KeySet(moves.map(({ key }) => key))
  const arriving = new KeySet<TableKey>()
  for (const { to } of moves) {
    const taken = table.get(to) !== null && !leaving.has(to)
    if (taken || arriving.has(to)) throw duplicateKey(table.definition, to, site)
    arriving.add(to)
  }
  return moves
}

function keyFor<Row extends TableRow>(table: TableState<Row>, row: Row, site: number): TableKey {
  if (table.definition.key === null) return table.nextNumber()
  const key = table.keyOf(row)
  if (key !== null) return key
  throw nullKey(table.definition, row, site)
}

/** `row`: null where only the key is known. */
function nullKey({ name, key, columns }: TableDefinition, row: TableRow | null, site: number) {
  const named = (indexes: readonly number[]): string =>
    indexes.map(index => `"${columns[index]!.name}"`).join(', ')
  const found = row === null ? key! : key!.filter(index => row[index] === null)
  const what = row === null && found.length > 1 ? `a column of ${named(found)}` : named(found)
  const message = `NULL in ${what}, of the PRIMARY KEY of "${name}": leave such rows out, or declare UNIQUE NULLS NOT DISTINCT (${named(key!)}) in its place, where NULL is a key as any other`
  return failure(site, 'null-key', message)
}

function duplicateKey({ name }: TableDefinition, key: TableKey, site: number) {
  const message = `table "${name}" has a row with the key ${String(key)} already`
  return failure(site, 'duplicate-key', message)
}
