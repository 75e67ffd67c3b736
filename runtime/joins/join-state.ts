import type {
  JoinDefinition,
  KeyedState,
  Spill,
  StateChange,
  StateStore,
  TableKey,
  TableRow
} from '../contract/index.ts'
import { layoutFingerprint } from '../state/fingerprint.ts'
import { KeyMap } from '../state/key-map.ts'
import { decodeRow, encodeRow } from '../state/state-codec.ts'
import { IdleTimes } from '../state/stored/idle-times.ts'
import { TOLD_AT_ONCE } from '../state/told-at-once.ts'
import { JoinSide } from './join-side.ts'
import type { SideRows, WaitingRow } from './side-rows.ts'
import { type SideRecords, StoredSide } from './stored-side.ts'

/** 0: left, 1: right. */
export type Side = 0 | 1

type RowsByNumber = KeyMap<number, WaitingRow>

/** What a statement has done to a row: what has to be undone should it fail. */
interface Step {
  readonly side: Side
  readonly row: WaitingRow
  readonly what: 'added' | 'removed' | 'counted'
  /** How many rows it had met before. */
  readonly matches: number
}

/**
 * The rows that wait in a join, on both sides, each row with a number that the changelog calls it by. Adding and
 * removing cost one look-up; a row is found again among those of its key.
 */
export class JoinState<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow,
  Definition extends JoinDefinition<Left, Right> = JoinDefinition<Left, Right>
> implements KeyedState {
  readonly definition: Definition
  readonly spill: Spill
  #sides: readonly [SideRows<Left>, SideRows<Right>]
  /** The watermarks of both sides up to which rows of the other have left. */
  readonly closed: [left: number, right: number] = [-Infinity, -Infinity]
  #nextNumber = 1
  #touched: { readonly side: Side; readonly row: WaitingRow }[] = []
  /** Those before it have been taken. */
  #taken = 0
  /** Rows that left and are in the changelog. */
  readonly #left = new KeyMap<WaitingRow, Side>()
  #journal: Step[] | null = null
  /** Rows by their numbers, while the changelog is read. */
  #byNumber: readonly [RowsByNumber, RowsByNumber] | null = null

  constructor(definition: Definition) {
    this.definition = definition
    this.#sides = [new JoinSide(definition.left), new JoinSide(definition.right)]
    this.spill = this.#makeSpill()
  }

  #makeSpill(): Spill {
    let stored!: readonly [StoredSide<Left>, StoredSide<Right>]
    return {
      into: store => {
        const { left, right } = this.definition
        stored = [
          new StoredSide(left, recordsOf(store, 'left', left.ttl)),
          new StoredSide(right, recordsOf(store, 'right', right.ttl))
        ]
        this.#sides = stored
        this.#nextNumber = Math.max(stored[0].lastNumber, stored[1].lastNumber) + 1
      },
      unsaved: () => this.#touched.length - this.#taken + this.#left.size,
      put: (key, row) => {
        const [side, number] = decodeRow(key) as [Side, number]
        stored[side].put(number, row)
        if (row !== null) this.#nextNumber = Math.max(this.#nextNumber, number + 1)
      },
      settled() {
        for (const side of stored) side.settled()
      },
      trim(rows) {
        for (const side of stored) side.trim(rows / 2)
      }
    }
  }

  get sides(): readonly [SideRows<Left>, SideRows<Right>] {
    return this.#sides
  }

  get name(): string {
    return this.definition.name
  }

  get fingerprint(): string {
    return layoutFingerprint(this.definition.layout)
  }

  get reached(): readonly number[] {
    return this.closed
  }

  reach([left, right]: readonly number[]): void {
    this.closed[0] = left!
    this.closed[1] = right!
  }

  get size(): number {
    return this.#sides[0].size + this.#sides[1].size
  }

  add(side: Side, row: TableRow, key: TableKey, matches: number): void {
    this.#byNumber = null
    const added = this.#side(side).make(row, key, this.#nextNumber++, matches)
    this.#side(side).link(added)
    this.#touch(side, added)
    this.#journal?.push({ side, row: added, what: 'added', matches })
  }

  remove(side: Side, row: WaitingRow): void {
    this.#byNumber = null
    this.#side(side).unlink(row)
    if (row.stored) this.#left.set(row, side)
    this.#journal?.push({ side, row, what: 'removed', matches: row.matches })
  }

  /** Remembers how many rows of the other side a row has met. */
  count(side: Side, row: WaitingRow, matches: number): void {
    this.#journal?.push({ side, row, what: 'counted', matches: row.matches })
    row.matches = matches
    this.#side(side).hold(row)
    this.#touch(side, row)
  }

  /**
   * Calls `leaves` for the rows of a side that wait for nothing at this watermark of the other side; then they are gone. Stops now and then,
   * so that others get a turn.
   */
  *expire(side: Side, watermark: number, leaves: (row: WaitingRow) => void): Generator<void> {
    // All sources were dropped, and nobody tells time any more.
    if (watermark === Infinity) return
    const other = side === 0 ? 1 : 0
    if (watermark > this.closed[other]) this.closed[other] = watermark
    yield* this.#drop(side, watermark, leaves)
  }

  /** Rows of a side leave that have been there for long enough, and nothing is told. Stops as `expire`. */
  *forget(side: Side, elapsed: number): Generator<void> {
    yield* this.#drop(side, elapsed, () => {})
  }

  *#drop(side: Side, time: number, leaves: (row: WaitingRow) => void): Generator<void> {
    let left = 0
    for (const row of this.#side(side).due(time)) {
      leaves(row)
      this.remove(side, row)
      if (++left % TOLD_AT_ONCE === 0) yield
    }
  }

  #side(side: Side): SideRows {
    return this.#sides[side] as unknown as SideRows
  }

  #touch(side: Side, row: WaitingRow): void {
    if (row.touched) return
    row.touched = true
    this.#touched.push({ side, row })
  }

  begin(): void {
    this.#journal = []
  }

  end(succeeded: boolean): void {
    const journal = this.#journal ?? []
    this.#journal = null
    if (succeeded) return
    for (const { side, row, what, matches } of journal.toReversed()) {
      if (what === 'added') this.#side(side).unlink(row)
      else if (what === 'counted') row.matches = matches
      else {
        this.#side(side).link(row)
        this.#left.delete(row)
      }
    }
  }

  takeChanges(limit = Infinity): StateChange[] {
    const { name } = this
    const changes: StateChange[] = []
    for (const [{ number }, side] of this.#left) {
      changes.push({ table: name, key: encodeRow([side, number]), row: null })
    }
    this.#left.clear()
    for (; this.#taken < this.#touched.length; this.#taken++) {
      if (changes.length >= limit) return changes
      const { side, row } = this.#touched[this.#taken]!
      row.touched = false
      if (row.gone) continue
      row.stored = true
      const saved = this.#encode(side, row)
      changes.push({ table: name, key: saved.key, row: saved.row })
    }
    this.#touched = []
    this.#taken = 0
    return changes
  }

  *encoded(): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    for (const side of [0, 1] as const) {
      for (const row of this.#side(side).rows()) {
        // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
        row.stored = true
        yield this.#encode(side, row)
      }
    }
  }

  #encode(side: Side, { row, number, matches }: WaitingRow) {
    return { key: encodeRow([side, number]), row: encodeRow([...row, matches]) }
  }

  restore(keyBytes: Uint8Array, rowBytes: Uint8Array | null): void {
    const [side, number] = decodeRow(keyBytes) as [Side, number]
    const byNumber = (this.#byNumber ??= this.#index())[side]
    const known = byNumber.get(number)
    if (known !== undefined && rowBytes === null) {
      this.#side(side).unlink(known)
      byNumber.delete(number)
    }
    if (rowBytes === null) return
    const saved = decodeRow(rowBytes)
    const matches = saved.at(-1) as number
    if (known !== undefined) {
      known.matches = matches
      return
    }
    const row = saved.slice(0, -1)
    const own = this.#side(side)
    // A row without a key meets none, and none was kept.
    const restored = own.make(row, own.definition.keyOf(row)!, number, matches)
    restored.stored = true
    own.link(restored)
    byNumber.set(number, restored)
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
  }

  #index(): readonly [RowsByNumber, RowsByNumber] {
    const of = (side: Side): RowsByNumber => {
      const rows: RowsByNumber = new KeyMap()
      for (const row of this.#side(side).rows()) rows.set(row.number, row)
      return rows
    }
    return [of(0), of(1)]
  }
}

function recordsOf(store: StateStore, side: string, ttl?: number): SideRecords {
  return {
    rows: store.map(`${side} rows`),
    places: store.map(`${side} places`),
    due: ttl === undefined ? store.map(`${side} due`) : new IdleTimes(store, `${side} `)
  }
}
