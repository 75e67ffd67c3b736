import type {
  KeyedState,
  Spill,
  StateChange,
  TableDefinition,
  TableKey,
  TableRow
} from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import { KeySet } from './key-set.ts'
import { decodeRow, encodeRow } from './state-codec.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { spillTable } from './stored/spill-table.ts'
import { TableIndex } from './table-index.ts'
import { nullableKey, tableKey } from './table-key.ts'
import type { RowIndex, Rows } from './table-rows.ts'

/**
 * The rows of one table by their key. Reads and writes cost one look-up, and one more for each index. What changed
 * since the last `takeChanges` is remembered by key, so that a row that changes often is written once per barrier.
 */
export class TableState<Row extends TableRow = TableRow> implements KeyedState {
  readonly definition: TableDefinition
  readonly spill: Spill
  readonly restoreRows: ((rows: readonly TableRow[]) => void) | null
  #rows: Rows<Row> = new KeyMap<TableKey, Row>()
  #indexes: readonly RowIndex[]
  readonly #changed = new KeySet<TableKey>()
  /** Keys of deleted rows as the changelog spells them: the rows are gone when it is written. */
  readonly #deleted = new KeyMap<TableKey, Uint8Array>()
  #nextNumber = 1
  /** What rows were before the statement that runs, in the order of its changes, and their keys; null: nobody may want them back. */
  #journal: { readonly keys: TableKey[]; readonly rows: (Row | null)[] } | null = null

  constructor(definition: TableDefinition) {
    this.definition = definition
    this.#indexes = definition.indexes.map(() => new TableIndex())
    // The number of a row is in its key only.
    this.restoreRows = definition.key === null ? null : rows => this.#restoreRows(rows)
    this.spill = spillTable<Row>({
      isNumbered: definition.key === null,
      indexes: definition.indexes,
      keyOf: row => this.keyOf(row),
      restoredKey: (key, row) => this.#restoredKey(key, row),
      unsaved: () => this.#changed.size,
      use: (rows, indexes, last) => {
        this.#rows = rows
        this.#indexes = indexes
        this.#nextNumber = last + 1
      }
    })
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    const { columns, key } = this.definition
    return layoutFingerprint([columns, key])
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: TableKey | null): Row | null {
    return key === null ? null : (this.#rows.get(key) ?? null)
  }

  /** The rows that `index` has under `entry`. */
  find(index: number, entry: TableKey | null): Row[] {
    if (entry === null) return []
    const rows: Row[] = []
    for (const key of this.#indexes[index]!.find(entry)) rows.push(this.#rows.get(key)!)
    return rows
  }

  /** The row of a key, as `entries` gives it. */
  only(key: TableKey | null): readonly [TableKey, Row][] {
    const row = this.get(key)
    return row === null ? [] : [[key!, row]]
  }

  keys(): Iterable<TableKey> {
    return this.#rows.keys()
  }

  entries(): Iterable<[TableKey, Row]> {
    return this.#rows.entries()
  }

  /** The key that a row has; null: a part of its PRIMARY KEY is NULL, or the table numbers its rows. */
  keyOf(row: TableRow): TableKey | null {
    const { key } = this.definition
    if (key === null) return null
    return key.length === 1 ? this.#keyFrom(row[key[0]!]) : this.#keyFrom(...key.map(i => row[i]))
  }

  #keyFrom(...values: readonly unknown[]): TableKey | null {
    return this.definition.nullsInKey === true ? nullableKey(...values) : tableKey(...values)
  }

  /** A key for a row of a table without PRIMARY KEY. */
  nextNumber(): number {
    return this.#nextNumber++
  }

  /** Stores a row under its key; answers the row that was there. */
  set(key: TableKey, row: Row): Row | null {
    const before = this.#rows.get(key) ?? null
    this.replace(key, before, row)
    return before
  }

  /** As `set`, where the row that is there is known: null for none. */
  replace(key: TableKey, before: Row | null, row: Row): void {
    this.#remember(key, before)
    if (before !== null) this.#unindex(key, before)
    this.#rows.set(key, row, before === null)
    this.#index(key, row)
    this.#changed.add(key)
  }

  /** Deletes the row of a key; answers it. */
  delete(key: TableKey): Row | null {
    const before = this.#rows.get(key) ?? null
    if (before === null) return null
    this.#remember(key, before)
    this.#rows.delete(key)
    this.#unindex(key, before)
    this.#changed.add(key)
    this.#deleted.set(key, this.#keyBytes(key, before))
    return before
  }

  #remember(key: TableKey, before: Row | null): void {
    const journal = this.#journal
    if (journal === null) return
    journal.keys.push(key)
    journal.rows.push(before)
  }

  /** A statement begins that may fail after its first change. */
  begin(): void {
    this.#journal = { keys: [], rows: [] }
  }

  /** The statement has ended: what it changed stays, or the rows are as they were before. */
  end(succeeded: boolean): void {
    const journal = this.#journal
    this.#journal = null
    if (succeeded || journal === null) return
    for (let i = journal.keys.length - 1; i >= 0; i--) {
      const before = journal.rows[i]!
      if (before === null) this.delete(journal.keys[i]!)
      else this.set(journal.keys[i]!, before)
    }
  }

  /** See KeyedState; for the changelog. */
  takeChanges(limit = Infinity): StateChange[] {
    const changes: StateChange[] = []
    const isAll = this.#changed.size <= limit
    for (const key of this.#changed) {
      if (changes.length === limit) break
      changes.push(this.#changeOf(key))
      if (!isAll) this.#forgetChange(key)
    }
    if (isAll) this.forgetChanges()
    return changes
  }

  #changeOf(key: TableKey): StateChange {
    const { name } = this.definition
    const row = this.#rows.get(key)
    return row === undefined
      ? { table: name, key: this.#deleted.get(key)!, row: null }
      : { table: name, key: this.#keyBytes(key, row), row: encodeRow(row) }
  }

  /** Nobody writes a changelog. */
  forgetChanges(): void {
    this.#changed.clear()
    this.#deleted.clear()
  }

  #forgetChange(key: TableKey): void {
    this.#changed.delete(key)
    this.#deleted.delete(key)
  }

  /** Every row as the changelog spells it. Rows may change while this goes on: each is given as it is when it is reached. */
  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const [key, row] of this.#rows.entries())
      yield { key: this.#keyBytes(key, row), row: encodeRow(row) }
  }

  /** A record of the changelog, in its order: how the table comes back after a restart. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const row = rowBytes === null ? null : (decodeRow(rowBytes) as Row)
    const key = this.#restoredKey(keyBytes, row)
    if (row !== null) return this.#restoreRow(key, row)
    const before = this.#rows.get(key)
    if (before !== undefined) this.#unindex(key, before)
    this.#rows.delete(key)
  }

  #restoreRow(key: TableKey, row: Row): void {
    // Without an index nobody asks for the row that was there.
    const before = this.#indexes.length === 0 ? undefined : this.#rows.get(key)
    if (before !== undefined) this.#unindex(key, before)
    this.#rows.set(key, row, before === undefined)
    this.#index(key, row)
  }

  #restoreRows(rows: readonly TableRow[]): void {
    for (const row of rows) this.#restoreRow(this.#ownKey(row), row as Row)
  }

  /** A row holds its PRIMARY KEY: then the key's bytes need not be read. */
  #restoredKey(keyBytes: Uint8Array, row: Row | null): TableKey {
    const { key: columns, name } = this.definition
    const values = columns !== null && row !== null ? [] : decodeRow(keyBytes)
    if (columns !== null)
      return row === null ? notNull(this.#keyFrom(...values), name) : this.#ownKey(row)
    const number = values[0] as number
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    return number
  }

  #ownKey(row: TableRow): TableKey {
    return notNull(this.keyOf(row), this.definition.name)
  }

  #keyBytes(key: TableKey, row: Row): Uint8Array {
    const columns = this.definition.key
    return encodeRow(columns === null ? [key] : columns.map(index => row[index]))
  }

  #index(key: TableKey, row: Row): void {
    for (let i = 0; i < this.#indexes.length; i++) this.#indexes[i]!.add(this.#entry(i, row), key)
  }

  #unindex(key: TableKey, row: Row): void {
    for (let i = 0; i < this.#indexes.length; i++)
      this.#indexes[i]!.remove(this.#entry(i, row), key)
  }

  #entry(index: number, row: Row): TableKey | null {
    return this.definition.indexes[index]!(row as never)
  }
}

function notNull(key: TableKey | null, table: string): TableKey {
  if (key === null) throw new Error(`the changelog of ${table} has a NULL key`)
  return key
}
