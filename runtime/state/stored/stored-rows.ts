import type { ByteMap, TableKey, TableRow } from '../../contract/index.ts'
import { KeyMap } from '../key-map.ts'
import type { Rows } from '../table-rows.ts'
import { Recent } from './recent.ts'

/** How the rows of a table stand in a store. */
export interface RowRecords<Row extends TableRow> {
  placeOf(key: TableKey): Uint8Array
  /** The key of a record, and its row. */
  read(place: Uint8Array, value: Uint8Array): readonly [TableKey, Row]
}

/** The rows of a table in a store. In memory are those that changed since the last commit, and those that were asked for lately. */
export class StoredRows<Row extends TableRow> implements Rows<Row> {
  readonly #map: ByteMap
  readonly #records: RowRecords<Row>
  /** Null: deleted. */
  readonly #changed = new KeyMap<TableKey, Row | null>()
  readonly #recent = new Recent<TableKey, Row>()
  /** How many more rows there are than in the store. */
  #more = 0

  constructor(map: ByteMap, records: RowRecords<Row>) {
    this.#map = map
    this.#records = records
  }

  get size(): number {
    return this.#map.size + this.#more
  }

  get(key: TableKey): Row | undefined {
    const changed = this.#changed.get(key)
    if (changed !== undefined) return changed ?? undefined
    const recent = this.#recent.get(key)
    if (recent !== undefined) return recent
    const place = this.#records.placeOf(key)
    const value = this.#map.get(place)
    if (value === undefined) return undefined
    const [, row] = this.#records.read(place, value)
    this.#recent.set(key, row)
    return row
  }

  set(key: TableKey, row: Row, isNew: boolean): void {
    this.#changed.set(key, row)
    if (isNew) this.#more++
  }

  delete(key: TableKey): void {
    this.#changed.set(key, null)
    this.#more--
  }

  *keys(): Generator<TableKey> {
    for (const [key] of this.entries()) yield key
  }

  /** Rows may change while this goes on. */
  *entries(): Generator<[TableKey, Row]> {
    const changed = new KeyMap<TableKey, Row | null>()
    for (const [key, row] of this.#changed) changed.set(key, row)
    for (const [key, row] of changed) if (row !== null) yield [key, row]
    for (const { key: place, value } of this.#map.range(EMPTY, null)) {
      const [key, row] = this.#records.read(place, value)
      const now = this.#changed.get(key)
      if (!changed.has(key) && now !== null) yield [key, now ?? row]
    }
  }

  settled(): void {
    for (const [key, row] of this.#changed) {
      if (row === null) this.#recent.delete(key)
      else this.#recent.set(key, row)
    }
    this.#changed.clear()
    this.#more = 0
  }

  trim(rows: number): void {
    this.#recent.trim(rows, () => false)
  }
}

const EMPTY = new Uint8Array()
