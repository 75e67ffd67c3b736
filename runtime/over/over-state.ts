import type { KeyedState, OverDefinition, Spill, StateChange, TableRow } from '../contract/index.ts'
import { layoutFingerprint } from '../state/fingerprint.ts'
import { KeyMap } from '../state/key-map.ts'
import { KeySet } from '../state/key-set.ts'
import { decodeRow } from '../state/state-codec.ts'
import { takeSome } from '../state/take-some.ts'
import { END_OF_TIME } from '../time/end-of-time.ts'
import { OverPartition, type OverRow } from './over-partition.ts'
import { OverMemory, type OverRows } from './over-rows.ts'
import {
  encodeOverRow,
  encodePartition,
  keyOfPartition,
  keyOfRow,
  readKey,
  type SavedKey
} from './saved-over.ts'
import { StoredOver } from './stored-over.ts'

/**
 * Rows in the order of their time, each told once with what window functions give for it. A row waits until time has
 * come to it, so that all rows before it are there; what comes later is late. Of rows that have been told only those are kept
 * that frames of later ones may begin with.
 */
export class OverState<Row extends TableRow = TableRow> implements KeyedState {
  readonly definition: OverDefinition<Row>
  readonly spill: Spill
  readonly #memory = new OverMemory<Row>()
  #kept: OverRows<Row> = this.#memory
  readonly #fresh = new KeySet<OverRow<Row>>()
  readonly #touched = new KeySet<OverPartition<Row>>()
  /** Keys that the changelog has and the state has not. */
  #left: Uint8Array[] = []
  #nextNumber = 1
  #closed = -Infinity
  /** What a restart has read so far, by key. */
  #saved = new KeyMap<string, SavedKey & { readonly row: TableRow }>()

  constructor(definition: OverDefinition<Row>) {
    this.definition = definition
    this.spill = this.#makeSpill()
  }

  #makeSpill(): Spill {
    let stored!: StoredOver<Row>
    return {
      into: store => {
        stored = new StoredOver(this.definition, store, () => this.#closed)
        this.#kept = stored
        this.#nextNumber = stored.lastNumber + 1
        this.#closed = stored.lastAt
      },
      unsaved: () => this.#left.length + this.#fresh.size + this.#touched.size,
      put: (key, row) => {
        const saved = readKey(key)
        stored.put(saved, row)
        this.#closed = Math.max(this.#closed, stored.lastAt)
        if (saved.number !== null) this.#raise(saved.number)
      },
      settled: () => stored.settled(),
      trim: partitions => stored.trim(partitions)
    }
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#kept.size + this.#saved.size
  }

  /** The time up to which rows have been told. */
  get closed(): number {
    return this.#closed
  }

  get reached(): readonly number[] {
    return [this.closed]
  }

  reach([closed]: readonly number[]): void {
    this.#closed = closed!
  }

  insert(row: Row): void {
    const { timeOf, lag, valuesOf, keyOf } = this.definition
    const values = valuesOf(row)
    const partition = this.#partition(keyOf(values), values)
    const at = timeOf(row) + lag
    const waiting = { row, at, number: this.#nextNumber++, partition, stored: false }
    this.#kept.came(waiting)
    this.#fresh.add(waiting)
    this.#wait(waiting)
  }

  #partition(key: unknown, values: readonly unknown[]): OverPartition<Row> {
    const known = this.#kept.partition(key)
    if (known !== undefined) return known
    const partition = new OverPartition(this.definition, key, values)
    this.#kept.open(partition)
    return partition
  }

  #wait(row: OverRow<Row>): void {
    row.partition.waiting++
    this.#kept.waiting.push(row)
  }

  /**
   * The rows whose turn it is when time has come to `watermark`, in the order of their time, between equals in that of their
   * coming. Each partition is at its row until the next one is asked for. `elapsed`: for partitions that end because
   * nothing comes into them.
   */
  *close(watermark: number, elapsed = 0): Generator<OverPartition<Row>> {
    // At Infinity all sources were dropped, and nobody tells time any more.
    if (watermark === Infinity) return
    if (watermark > this.#closed) this.#closed = watermark
    const { waiting, later } = this.#kept
    for (;;) {
      const at = Math.min(waiting.next, later.next)
      if (at > watermark) break
      if (waiting.next === at) yield* this.#complete(at, elapsed)
      else yield* this.#tell(later.pop().partition, at)
    }
    if (watermark === END_OF_TIME) yield* this.#endAll()
    this.#freeDone(watermark)
    if (this.definition.ttl < Infinity) yield* this.#endIdle(elapsed)
  }

  /** The rows of one time have all come. */
  *#complete(at: number, elapsed: number): Generator<OverPartition<Row>> {
    const { compare, waits, ttl } = this.definition
    const rows = this.#takeWaiting(at)
    const sorted = rows.length < 2 ? rows : rows.toSorted((a, b) => compare(a.row, b.row))
    for (const row of sorted) {
      const { partition } = row
      partition.waiting--
      partition.append(row)
      this.#touch(partition)
      if (ttl < Infinity) this.#kept.use(partition, elapsed)
    }
    for (const { partition, number } of rows) {
      yield* this.#tell(partition, at)
      if (waits.ms > 0) this.#kept.later.push({ at: at + waits.ms, number, partition })
    }
  }

  #takeWaiting(at: number): OverRow<Row>[] {
    const rows: OverRow<Row>[] = []
    const { waiting } = this.#kept
    while (waiting.next === at) {
      const row = waiting.pop()
      // What a restart reads once more may be complete.
      if (row.partition.lastAt < at) rows.push(row)
    }
    return rows
  }

  #touch(partition: OverPartition<Row>): void {
    this.#touched.add(partition)
    this.#kept.touch(partition)
  }

  /** One row more is ready: of the partition's the next one. */
  *#tell(partition: OverPartition<Row>, now: number): Generator<OverPartition<Row>> {
    if (!partition.isReady(now)) return
    partition.enter()
    yield partition
    this.#touch(partition)
    for (const row of partition.leave()) this.#forget(row)
    if (!partition.isBehind) this.#watch(partition)
  }

  #forget(row: OverRow<Row>): void {
    this.#kept.left(row)
    this.#fresh.delete(row)
    if (row.stored) this.#left.push(keyOfRow(row.number))
  }

  /** Whether a partition is done is asked once at a time: when it is looked at, rows may have come. */
  #watch(partition: OverPartition<Row>): void {
    const { forgets } = this.definition
    if (forgets === Infinity || partition.watched) return
    partition.watched = true
    this.#kept.done.push({ at: partition.lastAt + forgets, number: 0, partition })
  }

  #freeDone(watermark: number): void {
    const { done } = this.#kept
    while (done.next <= watermark) {
      const { partition } = done.pop()
      partition.watched = false
      // Who waits is watched again when it has been told; of one that is gone there is nothing.
      if (partition.waiting > 0 || partition.isBehind || partition.count === 0) continue
      if (partition.lastAt + this.definition.forgets > watermark) this.#watch(partition)
      else this.#drop(partition)
    }
  }

  #drop(partition: OverPartition<Row>): void {
    for (const row of partition.rows) this.#forget(row)
    this.#kept.close(partition)
    this.#touched.delete(partition)
    if (partition.stored) this.#left.push(keyOfPartition(partition))
  }

  /** A partition that no row came into for so long has ended. */
  *#endIdle(elapsed: number): Generator<OverPartition<Row>> {
    for (const partition of this.#kept.idle(elapsed, this.definition.ttl)) {
      if (partition.waiting > 0) continue
      yield* this.#end(partition)
      this.#drop(partition)
    }
  }

  *#endAll(): Generator<OverPartition<Row>> {
    for (const partition of [...this.#kept.partitions]) yield* this.#end(partition)
  }

  /** Rows that wait for others behind them are told. */
  *#end(partition: OverPartition<Row>): Generator<OverPartition<Row>> {
    partition.ended = true
    while (partition.isBehind) yield* this.#tell(partition, Infinity)
  }

  /** Only rows that never leave come here: no statement brings any. */
  begin(): void {}

  end(): void {}

  /** Rows come before what their partitions have counted of them. */
  takeChanges(limit = Infinity): StateChange[] {
    const table = this.name
    const changes = this.#left.map((key): StateChange => ({ table, key, row: null }))
    this.#left = []
    const rows = takeSome(this.#fresh, limit - changes.length, row => {
      row.stored = true
      const { key, row: saved } = encodeOverRow(row)
      return { table, key, row: saved }
    })
    const left = limit - changes.length - rows.length
    const partitions = takeSome(this.#touched, left, partition => {
      partition.stored = true
      const { key, row } = encodePartition(partition)
      return { table, key, row }
    })
    return [...changes, ...rows, ...partitions]
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    // A checkpoint has them from now on: should they leave before the changelog ever had them, that has to be told.
    for (const row of this.#memory.rows) {
      row.stored = true
      yield encodeOverRow(row)
    }
    for (const partition of this.#memory.partitions) {
      if (partition.count === 0) continue
      partition.stored = true
      yield encodePartition(partition)
    }
  }

  /** Rows stand in the order of their time, and not of their coming: they are put in order when all have been read. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const text = Buffer.from(keyBytes).toString('latin1')
    if (rowBytes === null) this.#saved.delete(text)
    else this.#saved.set(text, { ...readKey(keyBytes), row: decodeRow(rowBytes) })
  }

  restored(): void {
    const saved = [...this.#saved.values()]
    this.#saved = new KeyMap()
    // First partitions, by the values that they are written by: a row may have equal ones that look otherwise.
    const partitions = saved.flatMap(one =>
      one.number === null
        ? [[this.#partition(this.definition.keyOf(one.values), one.values), one.row] as const]
        : []
    )
    const rows = Map.groupBy(
      saved.flatMap(({ number, row }) =>
        number === null ? [] : [this.#readRow(number, row as unknown as Row)]
      ),
      ({ partition }) => partition
    )
    for (const [partition, row] of partitions) {
      rows.set(partition, this.#loadPartition(partition, row, rows.get(partition) ?? []))
    }
    for (const own of rows.values()) for (const row of own) this.#wait(row)
  }

  #readRow(number: number, row: Row): OverRow<Row> {
    const { timeOf, lag, valuesOf, keyOf } = this.definition
    const values = valuesOf(row)
    const partition = this.#partition(keyOf(values), values)
    const read = { row, at: timeOf(row) + lag, number, partition, stored: true }
    this.#kept.came(read)
    this.#raise(number)
    return read
  }

  #raise(number: number): void {
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
  }

  /** Gives the rows back whose time has not come. */
  #loadPartition(
    partition: OverPartition<Row>,
    saved: TableRow,
    rows: OverRow<Row>[]
  ): OverRow<Row>[] {
    const { waits, ttl } = this.definition
    const waiting = partition.load(saved, rows)
    this.#closed = Math.max(this.#closed, partition.lastAt)
    if (ttl < Infinity) this.#memory.restored(partition)
    if (!partition.isBehind) this.#watch(partition)
    if (waits.ms > 0) {
      for (const { at, number } of partition.pending) {
        this.#kept.later.push({ at: at + waits.ms, number, partition })
      }
    }
    return [...waiting]
  }
}
