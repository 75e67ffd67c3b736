import type { TableKey, TableRow } from '../contract/index.ts'

/** The rows of a table by their key; in memory a KeyMap is that. */
export interface Rows<Row extends TableRow> {
  readonly size: number
  get(key: TableKey): Row | undefined
  /** `isNew`: the key has no row. */
  set(key: TableKey, row: Row, isNew: boolean): unknown
  /** Only where there is one. */
  delete(key: TableKey): unknown
  keys(): Iterable<TableKey>
  entries(): Iterable<[TableKey, Row]>
}

/** Rows by a value that is not their key. */
export interface RowIndex {
  /** A row has this entry from now on. Null: it is not found by the index. */
  add(entry: TableKey | null, key: TableKey): void
  remove(entry: TableKey | null, key: TableKey): void
  /** The keys of the rows that have an entry. */
  find(entry: TableKey): Iterable<TableKey>
}
