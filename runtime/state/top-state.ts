import type {
  GroupWindow,
  KeyedState,
  Spill,
  StateChange,
  TableRow,
  TopDefinition
} from '../contract/index.ts'
import type { Changed } from './change-table.ts'
import { layoutFingerprint } from './fingerprint.ts'
import { KeyMap } from './key-map.ts'
import { KeySet } from './key-set.ts'
import { KeyedWindows, type Windows } from './keyed-windows.ts'
import { takeSome } from './take-some.ts'
import { TOLD_AT_ONCE } from './told-at-once.ts'
import { sameRow } from './same-row.ts'
import { SortedList } from './sorted-list.ts'
import { decodeRow, encodeRow } from './state-codec.ts'
import { type Entry, type Pair, type Partition, TopPlaces } from './top-places.ts'
import { type SavedRow, spillTop } from './stored/spill-top.ts'
import type { ItemName } from './stored/stored-windows.ts'

/**
 * The first rows of each partition. Of rows that only come the state holds those that have a place; of rows that may
 * leave it holds all, sorted. What was told is what the state gave at the last barrier, so it is kept only between two of them.
 */
export class TopState<Row extends TableRow = TableRow> implements KeyedState {
  readonly definition: TopDefinition<Row>
  readonly spill: Spill
  readonly #places: TopPlaces<Row>
  #partitions: Windows<Partition<Row>>
  /** Those in memory, by their numbers. */
  readonly #entries = new KeyMap<number, Entry<Row>>()
  #touched: Partition<Row>[] = []
  /** Numbers of rows that the changelog does not have as they are. */
  readonly #changed = new KeySet<number>()
  /** Those that have changed since the last commit. */
  #unsettled: Partition<Row>[] = []
  /** How many rows the store has; null: there is none. */
  #stored: (() => number) | null = null
  /** The next number, and the next arrival. */
  #next = 1
  /** What the statement that runs has done, in its order; null: nobody may want it undone. */
  #journal: { readonly entry: Entry<Row>; readonly isNew: boolean }[] | null = null

  constructor(definition: TopDefinition<Row>) {
    this.definition = definition
    this.#places = new TopPlaces(definition)
    this.#partitions = new KeyedWindows(definition.closesAt)
    this.spill = this.#spill()
  }

  #spill(): Spill {
    return spillTop<Row, Partition<Row>>({
      ...this.definition,
      make: (name, rows) => this.#load(name, rows),
      isChanged: partition => partition.changed || partition.told !== null,
      unsaved: () => this.#changed.size,
      leaves: ({ rows }) => {
        for (const { id } of rows) this.#entries.delete(id)
      },
      use: (windows, size) => {
        this.#partitions = windows
        this.#stored = size
      },
      raise: number => {
        this.#next = Math.max(this.#next, number + 1)
      },
      settled: () => {
        for (const partition of this.#unsettled) partition.changed = false
        this.#unsettled = []
      }
    })
  }

  /** A partition of the store. */
  #load({ window, key }: ItemName, rows: readonly SavedRow<Row>[]): Partition<Row> {
    const partition = this.#make(window, key)
    for (const saved of rows) {
      const entry = { ...saved, stored: true, partition }
      partition.rows.add(entry)
      this.#entries.set(entry.id, entry)
    }
    return partition
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#stored === null ? this.#entries.size : this.#stored() + this.#countMore()
  }

  /** How many more rows there are than in the store. */
  #countMore(): number {
    let more = 0
    for (const id of this.#changed) {
      const entry = this.#entries.get(id)
      if (entry === undefined) more--
      else if (!entry.stored) more++
    }
    return more
  }

  /** The watermark up to which windows have been closed. */
  get closed(): number {
    return this.#partitions.closed
  }

  get reached(): readonly number[] {
    return [this.closed]
  }

  reach([closed]: readonly number[]): void {
    this.#partitions.reach(closed!)
  }

  /** A row of an input that only grows: it is kept while it has a place. Costs a comparison where it gets none. */
  insert(row: Row): void {
    const partition = this.#partitionOf(row)
    const last = partition.rows.last
    if (partition.isFull && (last === undefined || this.#places.isBehind(row, last.row))) return
    this.#touch(partition)
    const entry = this.#entry(row, partition)
    if (!partition.isFull || this.definition.rank !== 'ROW_NUMBER') {
      this.#add(entry)
      this.#places.trim(partition, one => this.#remove(one))
      return
    }
    this.#remove(last!)
    this.#add({ ...entry, id: last!.id, stored: last!.stored })
  }

  /** A row of an input whose rows change: what it was leaves, what it is comes. */
  change(before: Row | null, after: Row | null): void {
    if (sameRow(before, after)) return
    const known = before === null ? null : this.#find(before)
    if (known !== null) {
      this.#touch(known.partition)
      this.#remove(known)
    }
    if (after === null) return
    const partition = this.#partitionOf(after)
    this.#touch(partition)
    const entry = this.#entry(after, partition)
    this.#add(known === null ? entry : { ...entry, id: known.id, stored: known.stored })
  }

  /** Null: it has not come. */
  #find(row: Row): Entry<Row> | null {
    const { windowOf, partitionOf, compare } = this.definition
    const partition = this.#partitions.find(windowOf(row), partitionOf(row))
    const found = partition?.rows.find(({ row: other }) => compare(other, row))
    return found !== undefined && compare(found.row, row) === 0 ? found : null
  }

  #partitionOf(row: Row): Partition<Row> {
    const { windowOf, partitionOf } = this.definition
    const window = windowOf(row)
    const key = partitionOf(row)
    const known = this.#partitions.find(window, key)
    return known ?? this.#partitions.add(key, this.#make(window, key))
  }

  #make(window: GroupWindow, key: unknown): Partition<Row> {
    const { compare, to } = this.definition
    const rows = new SortedList<Entry<Row>>(
      (a, b) => compare(a.row, b.row) || a.arrival - b.arrival
    )
    return { window, key, rows, isFull: to === 0, told: null, changed: false }
  }

  #entry(row: Row, partition: Partition<Row>): Entry<Row> {
    const number = this.#next++
    return { row, id: number, arrival: number, stored: false, partition }
  }

  /** To be called before a partition changes. */
  #touch(partition: Partition<Row>): void {
    // Windows tell nothing before they close.
    if (partition.told !== null || this.definition.tells === 'close') return
    partition.told = this.#places.placed(partition)
    this.#touched.push(partition)
  }

  #add(entry: Entry<Row>): void {
    this.#unsettle(entry.partition)
    entry.partition.rows.add(entry)
    this.#entries.set(entry.id, entry)
    this.#changed.add(entry.id)
    this.#journal?.push({ entry, isNew: true })
  }

  /** In memory nobody asks: then nothing is gathered. */
  #unsettle(partition: Partition<Row>): void {
    if (partition.changed || this.#stored === null) return
    partition.changed = true
    this.#unsettled.push(partition)
  }

  #remove(entry: Entry<Row>): void {
    this.#unsettle(entry.partition)
    entry.partition.rows.remove(entry)
    this.#journal?.push({ entry, isNew: false })
    this.#forget(entry)
  }

  #forget({ id, stored }: Entry<Row>): void {
    this.#entries.delete(id)
    if (stored) this.#changed.add(id)
    else this.#changed.delete(id)
  }

  /** The rows of each window that is complete at this watermark, in the order of the windows; then they are gone. */
  *close(watermark: number): Generator<TableRow> {
    for (const partition of this.#partitions.close(watermark)) {
      for (const one of this.#places.placed(partition)) yield this.#places.told(one)
      for (const entry of partition.rows) this.#forget(entry)
    }
  }

  /** What has become of the partitions that changed since the last barrier. Stops now and then, so that others get a turn. */
  *tell<Told extends TableRow>(changed: Changed<Told>): Generator<void> {
    let told = 0
    for (const [was, is] of this.#takePairs()) {
      if (++told % TOLD_AT_ONCE === 0) yield
      const before = was === undefined ? null : (this.#places.told(was) as Told)
      const after = is === undefined ? null : (this.#places.told(is) as Told)
      if (sameRow(before, after)) continue
      changed(before === null ? 'c' : after === null ? 'd' : 'u', before, after)
    }
  }

  #takePairs(): Pair<Row>[] {
    const touched = this.#touched.map(partition => {
      const told = partition.told!
      partition.told = null
      this.#dropEmpty(partition)
      return { told, now: this.#places.placed(partition) }
    })
    this.#touched = []
    return this.#places.pairs(touched)
  }

  #dropEmpty({ rows, window, key }: Partition<Row>): void {
    if (rows.size === 0) this.#partitions.delete(window, key)
  }

  begin(): void {
    this.#journal = []
  }

  end(succeeded: boolean): void {
    const journal = this.#journal ?? []
    this.#journal = null
    if (succeeded) return
    for (const { entry, isNew } of journal.reverse()) {
      if (isNew) this.#remove(entry)
      else this.#add(entry)
    }
  }

  /** What changed since the last call, each number once, for the changelog. */
  takeChanges(limit = Infinity): StateChange[] {
    const { name } = this.definition
    return takeSome(this.#changed, limit, id => {
      const entry = this.#entries.get(id)
      if (entry !== undefined) entry.stored = true
      return { table: name, key: encodeRow([id]), row: entry === undefined ? null : saved(entry) }
    })
  }

  /** Every row as the changelog spells it. */
  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const [id, entry] of this.#entries) {
      // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
      entry.stored = true
      yield { key: encodeRow([id]), row: saved(entry) }
    }
  }

  /** A record of the changelog, in its order: how rows come back after a restart. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const id = decodeRow(keyBytes)[0] as number
    const known = this.#entries.get(id)
    if (known !== undefined) {
      known.partition.rows.remove(known)
      this.#entries.delete(id)
      this.#dropEmpty(known.partition)
    }
    if (rowBytes === null) return
    const [arrival, ...row] = decodeRow(rowBytes) as unknown as [number, ...Row]
    const partition = this.#partitionOf(row as unknown as Row)
    const entry = { row: row as unknown as Row, id, arrival, stored: true, partition }
    partition.rows.add(entry)
    this.#entries.set(id, entry)
    this.#next = Math.max(this.#next, id + 1, arrival + 1)
  }
}

function saved<Row extends TableRow>({ arrival, row }: Entry<Row>): Uint8Array {
  return encodeRow([arrival, ...row])
}
