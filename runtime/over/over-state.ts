import type { KeyedState, OverDefinition, StateChange, TableRow } from '../contract/index.ts'
import { layoutFingerprint } from '../state/fingerprint.ts'
import { decodeRow, encodeRow } from '../state/state-codec.ts'
import { type Timed, TimeQueue } from '../time/time-queue.ts'
import { OverPartition, type OverRow } from './over-partition.ts'

/** When a row came into a partition before a restart nobody knows: it counts from then. */
const RESTORED = -1

/** What a key of the changelog begins with. */
const ROW = 0
const PARTITION = 1

interface Look<Row extends TableRow> extends Timed {
  readonly partition: OverPartition<Row>
}

/**
 * Rows in the order of their time, in memory, each told once with what window functions give for it. A row waits until time has
 * come to it, so that all rows before it are there; what comes later is late. Of rows that have been told only those are kept
 * that frames of later ones may begin with.
 */
export class OverState<Row extends TableRow = TableRow> implements KeyedState {
  readonly definition: OverDefinition<Row>
  readonly #partitions = new Map<unknown, OverPartition<Row>>()
  readonly #rows = new Map<number, OverRow<Row>>()
  /** Rows whose time has not come. */
  readonly #waiting = new TimeQueue<OverRow<Row>>()
  /** When a row may be told that also waits for time behind its own. */
  readonly #later = new TimeQueue<Look<Row>>()
  /** When time may have passed the frames of a partition's last row. */
  readonly #done = new TimeQueue<Look<Row>>()
  /** When a row came into each partition, the oldest first, where somebody asks. */
  readonly #used = new Map<OverPartition<Row>, number>()
  readonly #fresh = new Set<OverRow<Row>>()
  readonly #touched = new Set<OverPartition<Row>>()
  /** Keys that the changelog has and the state has not. */
  #left: Uint8Array[] = []
  #nextNumber = 1
  #closed = -Infinity
  /** What a restart has read so far, by key. */
  #saved = new Map<string, { readonly key: TableRow; readonly row: TableRow }>()

  constructor(definition: OverDefinition<Row>) {
    this.definition = definition
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get size(): number {
    return this.#rows.size + this.#partitions.size
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
    this.#rows.set(waiting.number, waiting)
    this.#fresh.add(waiting)
    this.#wait(waiting)
  }

  #partition(key: unknown, values: readonly unknown[]): OverPartition<Row> {
    const known = this.#partitions.get(key)
    if (known !== undefined) return known
    const partition = new OverPartition(this.definition, key, values)
    this.#partitions.set(key, partition)
    return partition
  }

  #wait(row: OverRow<Row>): void {
    row.partition.waiting++
    this.#waiting.push(row)
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
    for (;;) {
      const at = Math.min(this.#waiting.next, this.#later.next)
      if (at > watermark) break
      if (this.#waiting.next === at) yield* this.#complete(at, elapsed)
      else yield* this.#tell(this.#later.pop().partition, at)
    }
    this.#freeDone(watermark)
    if (this.definition.ttl < Infinity) yield* this.#endIdle(elapsed)
  }

  /** The rows of one time have all come. */
  *#complete(at: number, elapsed: number): Generator<OverPartition<Row>> {
    const { compare, waits } = this.definition
    const rows = [this.#waiting.pop()]
    while (this.#waiting.next === at) rows.push(this.#waiting.pop())
    const sorted = rows.length === 1 ? rows : rows.toSorted((a, b) => compare(a.row, b.row))
    for (const row of sorted) {
      const { partition } = row
      partition.waiting--
      partition.append(row)
      this.#touched.add(partition)
      this.#use(partition, elapsed)
    }
    for (const { partition, number } of rows) {
      yield* this.#tell(partition, at)
      if (waits.ms > 0) this.#later.push({ at: at + waits.ms, number, partition })
    }
  }

  /** One row more is ready: of the partition's the next one. */
  *#tell(partition: OverPartition<Row>, now: number): Generator<OverPartition<Row>> {
    if (!partition.isReady(now)) return
    partition.enter()
    yield partition
    this.#touched.add(partition)
    for (const row of partition.leave()) this.#forget(row)
    if (!partition.isBehind) this.#watch(partition)
  }

  #forget(row: OverRow<Row>): void {
    this.#rows.delete(row.number)
    this.#fresh.delete(row)
    if (row.stored) this.#left.push(encodeRow([ROW, row.number]))
  }

  /** Whether a partition is done is asked once at a time: when it is looked at, rows may have come. */
  #watch(partition: OverPartition<Row>): void {
    const { forgets } = this.definition
    if (forgets === Infinity || partition.watched) return
    partition.watched = true
    this.#done.push({ at: partition.lastAt + forgets, number: 0, partition })
  }

  #freeDone(watermark: number): void {
    while (this.#done.next <= watermark) {
      const { partition } = this.#done.pop()
      partition.watched = false
      // Who waits is watched again when it has been told.
      if (partition.waiting > 0 || partition.isBehind) continue
      if (partition.lastAt + this.definition.forgets > watermark) this.#watch(partition)
      else this.#drop(partition)
    }
  }

  #drop(partition: OverPartition<Row>): void {
    for (const row of partition.rows) this.#forget(row)
    this.#partitions.delete(partition.key)
    this.#touched.delete(partition)
    this.#used.delete(partition)
    if (partition.stored) this.#left.push(keyOfPartition(partition))
  }

  #use(partition: OverPartition<Row>, elapsed: number): void {
    if (this.definition.ttl === Infinity) return
    this.#used.delete(partition)
    this.#used.set(partition, elapsed)
  }

  /** A partition that no row came into for so long has ended: rows that wait for others behind them are told. */
  *#endIdle(elapsed: number): Generator<OverPartition<Row>> {
    const { ttl } = this.definition
    for (const [partition, since] of this.#used) {
      if (since === RESTORED) this.#used.set(partition, elapsed)
      else if (since + ttl > elapsed) break
      else if (partition.waiting === 0) {
        partition.ended = true
        while (partition.isBehind) yield* this.#tell(partition, Infinity)
        this.#drop(partition)
      }
    }
  }

  /** Only rows that never leave come here: no statement brings any. */
  begin(): void {}

  end(): void {}

  takeChanges(): StateChange[] {
    const table = this.name
    const changes = this.#left.map((key): StateChange => ({ table, key, row: null }))
    for (const row of this.#fresh) {
      row.stored = true
      changes.push({ table, ...encodeOverRow(row) })
    }
    for (const partition of this.#touched) {
      partition.stored = true
      changes.push({ table, ...encodePartition(partition) })
    }
    this.#left = []
    this.#fresh.clear()
    this.#touched.clear()
    return changes
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    // A checkpoint has them from now on: should they leave before the changelog ever had them, that has to be told.
    for (const row of this.#rows.values()) {
      row.stored = true
      yield encodeOverRow(row)
    }
    for (const partition of this.#partitions.values()) {
      if (partition.count === 0) continue
      partition.stored = true
      yield encodePartition(partition)
    }
  }

  /** Rows stand in the order of their time, and not of their coming: they are put in order when all have been read. */
  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const text = Buffer.from(keyBytes).toString('latin1')
    if (rowBytes === null) this.#saved.delete(text)
    else this.#saved.set(text, { key: decodeRow(keyBytes), row: decodeRow(rowBytes) })
  }

  restored(): void {
    const saved = [...this.#saved.values()]
    this.#saved = new Map()
    // First partitions, by the values that they are written by: a row may have equal ones that look otherwise.
    const partitions = saved.flatMap(({ key, row }) => {
      const values = key.slice(1)
      return key[0] === PARTITION
        ? [[this.#partition(this.definition.keyOf(values), values), row] as const]
        : []
    })
    const rows = Map.groupBy(
      saved.flatMap(({ key, row }) =>
        key[0] === ROW ? [this.#readRow(key[1] as number, row as unknown as Row)] : []
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
    this.#rows.set(number, read)
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    return read
  }

  /** Gives the rows back whose time has not come. */
  #loadPartition(
    partition: OverPartition<Row>,
    saved: TableRow,
    rows: OverRow<Row>[]
  ): OverRow<Row>[] {
    const { compare, waits, ttl } = this.definition
    rows.sort((a, b) => a.at - b.at || compare(a.row, b.row) || a.number - b.number)
    const waiting = partition.load(saved, rows)
    partition.stored = true
    this.#closed = Math.max(this.#closed, partition.lastAt)
    if (ttl < Infinity) this.#used.set(partition, RESTORED)
    if (!partition.isBehind) this.#watch(partition)
    if (waits.ms > 0) {
      for (const { at, number } of partition.pending) {
        this.#later.push({ at: at + waits.ms, number, partition })
      }
    }
    return [...waiting]
  }
}

function encodeOverRow<Row extends TableRow>({ number, row }: OverRow<Row>) {
  return { key: encodeRow([ROW, number]), row: encodeRow(row) }
}

function keyOfPartition<Row extends TableRow>({ values }: OverPartition<Row>): Uint8Array {
  return encodeRow([PARTITION, ...values])
}

function encodePartition<Row extends TableRow>(partition: OverPartition<Row>) {
  return { key: keyOfPartition(partition), row: encodeRow(partition.save()) }
}
