import type { ByteMap, Spill, TableKey, TableRow } from '../../contract/index.ts'
import { decodeRow } from '../state-codec.ts'
import type { RowIndex, Rows } from '../table-rows.ts'
import { keyBytes, numberAt, orderedNumber } from './place.ts'
import { StoredIndex } from './stored-index.ts'
import { StoredRows } from './stored-rows.ts'

/** What a table is to its store. */
export interface SpilledTable<Row extends TableRow> {
  /** Whether it numbers its rows. */
  readonly isNumbered: boolean
  keyOf(row: Row): TableKey | null
  /** Of a record of the changelog. */
  restoredKey(key: Uint8Array, row: Row | null): TableKey
  readonly indexes: readonly ((row: never) => TableKey | null)[]
  /** How many rows have changed that the changelog has not got. */
  unsaved(): number
  /** From now on. `last`: the highest number that a row has. */
  use(rows: Rows<Row>, indexes: readonly RowIndex[], last: number): void
}

/** A table in a store: a record for each row, and one for each of its entries in an index. */
export function spillTable<Row extends TableRow>(table: SpilledTable<Row>): Spill {
  const { isNumbered } = table
  let map!: ByteMap
  let rows!: StoredRows<Row>
  let indexes: readonly StoredIndex[] = []
  const placeOf = (key: TableKey): Uint8Array =>
    isNumbered ? orderedNumber(key as number) : keyBytes(key)

  return {
    into(store) {
      map = store.map('rows')
      rows = new StoredRows<Row>(map, {
        placeOf,
        read(place, value) {
          const row = decodeRow(value) as Row
          return [isNumbered ? numberAt(place, 0) : table.keyOf(row)!, row]
        }
      })
      indexes = table.indexes.map((_, i) => new StoredIndex(store.map(`index ${i}`)))
      const last = isNumbered ? map.lastKey() : undefined
      table.use(rows, indexes, last === undefined ? 0 : numberAt(last, 0))
    },
    unsaved: () => table.unsaved(),
    put(keyBytes, rowBytes) {
      const row = rowBytes === null ? null : (decodeRow(rowBytes) as Row)
      const key = table.restoredKey(keyBytes, row)
      const place = placeOf(key)
      if (indexes.length > 0) {
        const before = map.get(place)
        const was = before === undefined ? null : (decodeRow(before) as Row)
        indexes.forEach((index, i) => {
          const entryOf = table.indexes[i]! as (row: Row) => TableKey | null
          index.put(was && entryOf(was), row && entryOf(row), key)
        })
      }
      if (rowBytes === null) map.remove(place)
      else map.put(place, rowBytes)
    },
    settled() {
      rows.settled()
      for (const index of indexes) index.settled()
    },
    trim: limit => rows.trim(limit)
  }
}
