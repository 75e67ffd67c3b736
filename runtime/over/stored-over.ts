import type { ByteMap, OverDefinition, StateStore, TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { KeySet } from '../state/key-set.ts'
import { decodeRow, encodeRow } from '../state/state-codec.ts'
import { IdleTimes } from '../state/stored/idle-times.ts'
import { endOf, keyBytes, keyLength, numberAt, orderedNumber } from '../state/stored/place.ts'
import { Recent } from '../state/stored/recent.ts'
import { StoredQueue } from '../state/stored/stored-queue.ts'
import { OverPartition, type OverRow, savedLastAt, savedValues } from './over-partition.ts'
import type { Look, OverRows } from './over-rows.ts'
import type { SavedKey } from './saved-over.ts'

interface Held<Row extends TableRow> {
  /** Null: there is none. */
  partition: OverPartition<Row> | null
  /** Whether it may be another one than in the store. */
  changed: boolean
  inStore: boolean
}

/** A time is as long as a number. */
const TIME = 8
const LAST = Buffer.from('last')

/**
 * As OverMemory, in a store. In memory are the partitions that were asked for lately, each with the rows that frames of later ones may
 * begin with, and what came since the last commit.
 */
export class StoredOver<Row extends TableRow> implements OverRows<Row> {
  readonly waiting: StoredQueue<OverRow<Row>>
  readonly later: StoredQueue<Look<Row>>
  readonly done: StoredQueue<Look<Row>>
  readonly #definition: OverDefinition<Row>
  readonly #closed: () => number
  /** Rows behind their partition, by their time and their number. */
  readonly #rows: ByteMap
  /** By number: where its row is. */
  readonly #places: ByteMap
  readonly #partitions: ByteMap
  readonly #facts: ByteMap
  /** Null: partitions are not forgotten when they are idle. */
  readonly #times: IdleTimes | null
  readonly #recent = new Recent<unknown, Held<Row>>()
  #changed: Held<Row>[] = []
  /** How many more rows there are than in the store. */
  #more = 0
  /** When rows came into partitions since the last commit. */
  #used = new KeyMap<OverPartition<Row>, number>()
  #lastAt = -Infinity

  /** `closed` asks for the time up to which all rows are complete. */
  constructor(definition: OverDefinition<Row>, store: StateStore, closed: () => number) {
    this.#definition = definition
    this.#closed = closed
    this.#rows = store.map('rows')
    this.#places = store.map('places')
    this.#partitions = store.map('partitions')
    this.#facts = store.map('facts')
    const last = this.#facts.get(LAST)
    if (last !== undefined) this.#lastAt = numberAt(last, 0)
    this.#times = definition.ttl < Infinity ? new IdleTimes(store) : null
    this.waiting = new StoredQueue(store.map('waiting'), (id, row) => {
      const read = this.#readRow(numberAt(id, 0), decodeRow(row) as unknown as Row)
      const { valuesOf, keyOf } = this.#definition
      return { ...read, partition: this.partition(keyOf(valuesOf(read.row)))! }
    })
    this.later = new StoredQueue(store.map('later'), (id, values) => this.#look(id, values))
    this.done = new StoredQueue(store.map('done'), (id, values) => this.#look(id, values))
  }

  #readRow(number: number, row: Row): Omit<OverRow<Row>, 'partition'> {
    const { timeOf, lag } = this.#definition
    return { row, at: timeOf(row) + lag, number, stored: true }
  }

  #look(id: Uint8Array, record: Uint8Array): Look<Row> {
    const values = decodeRow(record)
    const key = this.#definition.keyOf(values)
    const partition = this.partition(key) ?? new OverPartition(this.#definition, key, values)
    return { at: 0, number: 0, partition }
  }

  get size(): number {
    let partitions = this.#partitions.size
    for (const { partition, inStore } of this.#changed) {
      partitions += Number(isKept(partition)) - Number(inStore)
    }
    return this.#rows.size + this.#more + partitions
  }

  /** The highest number that a row in the store has; 0: there is none. */
  get lastNumber(): number {
    const last = this.#places.lastKey()
    return last === undefined ? 0 : numberAt(last, 0)
  }

  /** When the last row of all was complete. */
  get lastAt(): number {
    return this.#lastAt
  }

  partition(key: unknown): OverPartition<Row> | undefined {
    return this.#held(key).partition ?? undefined
  }

  #held(key: unknown): Held<Row> {
    const known = this.#recent.get(key)
    if (known !== undefined) return known
    const place = keyBytes(key)
    const record = this.#partitions.get(place)
    const partition = this.#load(key, place, record)
    const held = { partition, changed: false, inStore: record !== undefined }
    this.#recent.set(key, held)
    return held
  }

  #load(
    key: unknown,
    place: Uint8Array,
    record: Uint8Array | undefined
  ): OverPartition<Row> | null {
    const rows = Array.from(this.#rows.range(place, endOf(place)), ({ key: at, value }) =>
      this.#readRow(numberAt(at, place.length + TIME), decodeRow(value) as unknown as Row)
    )
    const saved = record === undefined ? null : decodeRow(record)
    if (saved === null && rows.length === 0) return null
    const values = saved === null ? this.#definition.valuesOf(rows[0]!.row) : savedValues(saved)
    const partition = new OverPartition(this.#definition, key, values)
    const own = rows.map(row => ({ ...row, partition }))
    partition.waiting = (saved === null ? own : partition.load(saved, own)).length
    return partition
  }

  open(partition: OverPartition<Row>): void {
    const held = this.#held(partition.key)
    held.partition = partition
    this.#change(held)
  }

  /** The store has it until the next commit: that there is none has to be remembered. */
  close(partition: OverPartition<Row>): void {
    const held = this.#held(partition.key)
    held.partition = null
    this.#change(held)
    this.#used.delete(partition)
  }

  came({ partition }: OverRow<Row>): void {
    this.#more++
    this.touch(partition)
  }

  left({ partition }: OverRow<Row>): void {
    this.#more--
    this.touch(partition)
  }

  touch({ key }: OverPartition<Row>): void {
    this.#change(this.#held(key))
  }

  #change(held: Held<Row>): void {
    if (held.changed) return
    held.changed = true
    this.#changed.push(held)
  }

  use(partition: OverPartition<Row>, elapsed: number): void {
    this.#used.set(partition, elapsed)
  }

  get partitions(): readonly OverPartition<Row>[] {
    const { keyOf } = this.#definition
    const stored = Array.from(this.#partitions.range(new Uint8Array(0), null), ({ value }) =>
      this.partition(keyOf(savedValues(decodeRow(value))))
    )
    const changed = this.#changed.map(({ partition }) => partition ?? undefined)
    return [...new KeySet([...stored, ...changed])].filter(partition => partition !== undefined)
  }

  *idle(elapsed: number, ttl: number): Generator<OverPartition<Row>> {
    const { keyOf } = this.#definition
    for (const place of this.#times!.idle(elapsed, ttl)) {
      const values = savedValues(decodeRow(this.#partitions.get(place)!))
      const partition = this.partition(keyOf(values))
      // It may have gone since the last commit, or a row may have come into it.
      if (partition === undefined) continue
      if ((this.#used.get(partition) ?? -Infinity) + ttl <= elapsed) yield partition
    }
  }

  /** A record of the changelog. */
  put(saved: SavedKey, record: Uint8Array | null): void {
    if (saved.number === null) this.#putPartition(saved.values, record)
    else this.#putRow(orderedNumber(saved.number), record)
  }

  #putRow(id: Buffer, record: Uint8Array | null): void {
    const known = this.#places.get(id)
    if (record === null) {
      if (known !== undefined) this.#removeRow(id, known)
      return
    }
    const { valuesOf, keyOf, waits } = this.#definition
    const { row, at } = this.#readRow(0, decodeRow(record) as unknown as Row)
    const values = valuesOf(row)
    const place = Buffer.concat([keyBytes(keyOf(values)), orderedNumber(at), id])
    if (known !== undefined) {
      // It never changes; another one may have had its number.
      if (Buffer.compare(known, place) === 0) return
      this.#removeRow(id, known)
    }
    this.#rows.put(place, record)
    this.#places.put(id, place)
    const closed = this.#closed()
    if (at > closed) this.waiting.put(at, id, record)
    if (waits.ms > 0 && at + waits.ms > closed) this.later.put(at + waits.ms, id, encodeRow(values))
  }

  #removeRow(id: Uint8Array, place: Uint8Array): void {
    const { ms } = this.#definition.waits
    const at = numberAt(place, keyLength(place, 0))
    this.#rows.remove(place)
    this.#places.remove(id)
    this.waiting.remove(at, id)
    if (ms > 0) this.later.remove(at + ms, id)
  }

  #putPartition(values: readonly unknown[], record: Uint8Array | null): void {
    const { keyOf, forgets } = this.#definition
    const key = keyOf(values)
    const place = keyBytes(key)
    const before = this.#partitions.get(place)
    if (before !== undefined) this.done.remove(savedLastAt(decodeRow(before)) + forgets, place)
    if (record === null) {
      this.#partitions.remove(place)
      this.#times?.drop(place)
      return
    }
    this.#partitions.put(place, record)
    const lastAt = savedLastAt(decodeRow(record))
    this.done.put(lastAt + forgets, place, encodeRow(values))
    if (lastAt > this.#lastAt) {
      this.#lastAt = lastAt
      this.#facts.put(LAST, orderedNumber(lastAt))
    }
    this.#times?.used(place, this.#usedAt(key))
  }

  /** Null: no row has come into it that this process knows of. */
  #usedAt(key: unknown): number | null {
    const partition = this.#recent.get(key)?.partition ?? null
    return partition === null ? null : (this.#used.get(partition) ?? null)
  }

  settled(): void {
    for (const queue of [this.waiting, this.later, this.done]) queue.settled()
    for (const held of this.#changed) {
      held.changed = false
      held.inStore = isKept(held.partition)
    }
    this.#changed = []
    this.#more = 0
    this.#used = new KeyMap()
  }

  trim(partitions: number): void {
    this.#recent.trim(partitions, ({ changed }) => changed)
  }
}

/** Whether it has a record: of one that has only rows that wait these say all. */
function isKept(partition: { readonly count: number } | null): boolean {
  return partition !== null && partition.count > 0
}
