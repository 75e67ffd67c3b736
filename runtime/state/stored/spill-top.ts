import type { ByteMap, GroupWindow, Spill, TableRow } from '../../contract/index.ts'
import { decodeRow } from '../state-codec.ts'
import type { Windows } from '../keyed-windows.ts'
import { endOf, numberAt, orderedNumber } from './place.ts'
import { StoredNumbers } from './stored-numbers.ts'
import { type ItemName, placeOf, StoredWindows } from './stored-windows.ts'

/** What partitions with their rows are to their store. */
export interface SpilledPartitions<Row extends TableRow, Partition> {
  windowOf(row: Row): GroupWindow
  partitionOf(row: Row): unknown
  closesAt(window: GroupWindow): number
  make(name: ItemName, rows: readonly SavedRow<Row>[]): Partition
  isChanged(partition: Partition): boolean
  /** How many rows have changed that the changelog has not got. */
  unsaved(): number
  leaves(partition: Partition): void
  /** From now on. `size`: how many rows there are in the store. */
  use(windows: Windows<Partition>, size: () => number): void
  /** A row has this number: those that come have higher ones. */
  raise(number: number): void
  settled(): void
}

/** A row as the changelog has it. */
export interface SavedRow<Row extends TableRow> {
  readonly id: number
  readonly arrival: number
  readonly row: Row
}

/** The rows of a Top-N in a store: a record each, behind the place of its partition, and where that is by its number. */
export function spillTop<Row extends TableRow, Partition>(
  partitions: SpilledPartitions<Row, Partition>
): Spill {
  const { closesAt, windowOf, partitionOf } = partitions
  let rows!: ByteMap
  let places!: ByteMap
  let numbers!: StoredNumbers
  let windows!: StoredWindows<Partition>

  const nameOf = (value: Uint8Array): ItemName => {
    const { row } = readRow<Row>(0, value)
    return { window: windowOf(row), key: partitionOf(row) }
  }
  const load = (place: Uint8Array, name: ItemName): Partition | null => {
    const found = Array.from(rows.range(place, endOf(place)), ({ key, value }) =>
      readRow<Row>(numberAt(key, place.length), value)
    )
    return found.length === 0 ? null : partitions.make(name, found)
  }
  const raise = (number: number): void => {
    partitions.raise(number)
    numbers.raise(number)
  }

  return {
    into(store) {
      rows = store.map('rows')
      places = store.map('places')
      numbers = new StoredNumbers(store.map('facts'))
      windows = new StoredWindows<Partition>(rows, {
        closesAt: window => closesAt(window),
        nameOf,
        load,
        isChanged: partition => partitions.isChanged(partition),
        leaves: partition => partitions.leaves(partition)
      })
      partitions.use(windows, () => rows.size)
      partitions.raise(numbers.next - 1)
    },
    unsaved: () => partitions.unsaved(),
    put(key, value) {
      const id = decodeRow(key)[0] as number
      const number = orderedNumber(id)
      const before = places.get(number)
      if (value === null) {
        if (before === undefined) return
        rows.remove(before)
        places.remove(number)
        return
      }
      const { arrival, row } = readRow<Row>(id, value)
      const window = windowOf(row)
      const place = Buffer.concat([placeOf(closesAt(window), window, partitionOf(row)), number])
      // A row that takes the number of another may be of another partition.
      if (before !== undefined && Buffer.compare(before, place) !== 0) rows.remove(before)
      rows.put(place, value)
      places.put(number, place)
      raise(Math.max(id, arrival))
    },
    settled() {
      windows.settled()
      partitions.settled()
    },
    trim: limit => windows.trim(limit)
  }
}

function readRow<Row extends TableRow>(id: number, value: Uint8Array): SavedRow<Row> {
  const [arrival, ...row] = decodeRow(value) as unknown as [number, ...Row]
  return { id, arrival, row: row as unknown as Row }
}
