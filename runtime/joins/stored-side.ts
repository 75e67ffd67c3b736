import type { ByteMap, JoinSideDefinition, TableKey, TableRow } from '../contract/index.ts'
import { KeySet } from '../state/key-set.ts'
import { sameRow } from '../state/same-row.ts'
import { decodeRow } from '../state/state-codec.ts'
import { endOf, keyBytes, numberAt, orderedNumber } from '../state/stored/place.ts'
import { IdleTimes } from '../state/stored/idle-times.ts'
import { Recent } from '../state/stored/recent.ts'
import { StoredQueue } from '../state/stored/stored-queue.ts'
import { TimeQueue } from '../time/time-queue.ts'
import { linkRow, makeRow, unlinkRow, type SideRows, type WaitingRow } from './side-rows.ts'

/** The rows of a key. */
interface Chain<Row extends TableRow> {
  first: WaitingRow<Row> | null
  /** Whether it is another one than in the store. */
  changed: boolean
}

/** What the store has of a side. */
export interface SideRecords {
  /** Rows behind their key, by their number. */
  readonly rows: ByteMap
  /** By number: where its row is. */
  readonly places: ByteMap
  /** By when a row waits for nothing any more, then by its number: where it is. Where that is by the clock of the process: by number. */
  readonly due: ByteMap | IdleTimes
}

/** Rows that wait for nothing at a time, of the store and of what came since the last commit: see StoredQueue. */
interface DueRows<Row extends TableRow> {
  push(row: WaitingRow<Row>): void
  until(time: number): Iterable<WaitingRow<Row>>
  put(at: number, id: Uint8Array, place: Uint8Array): void
  remove(at: number, id: Uint8Array): void
  settled(): void
}

/** Those that leave by the clock of the process. */
class IdleRows<Row extends TableRow> implements DueRows<Row> {
  readonly #times: IdleTimes
  readonly #ttl: number
  readonly #load: (id: Uint8Array) => WaitingRow<Row>
  #fresh = new TimeQueue<WaitingRow<Row>>()

  constructor(times: IdleTimes, ttl: number, load: (id: Uint8Array) => WaitingRow<Row>) {
    this.#times = times
    this.#ttl = ttl
    this.#load = load
  }

  push(row: WaitingRow<Row>): void {
    this.#fresh.push(row)
  }

  *until(elapsed: number): Generator<WaitingRow<Row>> {
    while (this.#fresh.next <= elapsed) yield this.#fresh.pop()
    for (const id of this.#times.idle(elapsed, this.#ttl)) yield this.#load(id)
  }

  put(at: number, id: Uint8Array): void {
    this.#times.use(id, at - this.#ttl)
  }

  remove(_at: number, id: Uint8Array): void {
    this.#times.drop(id)
  }

  settled(): void {
    this.#fresh = new TimeQueue()
  }
}

/** As JoinSide, of rows in a store. In memory are the rows of keys that were asked for lately, or that have changed. */
export class StoredSide<Row extends TableRow = TableRow> implements SideRows<Row> {
  readonly definition: JoinSideDefinition<Row>
  readonly #records: SideRecords
  readonly #chains = new Recent<TableKey, Chain<Row>>()
  #changed: Chain<Row>[] = []
  readonly #due: DueRows<Row>
  /** How many more rows there are than in the store. */
  #more = 0

  constructor(definition: JoinSideDefinition<Row>, records: SideRecords) {
    this.definition = definition
    this.#records = records
    const { due, places } = records
    const load = (id: Uint8Array, place: Uint8Array): WaitingRow<Row> =>
      this.#load(numberAt(id, 0), place)
    this.#due =
      due instanceof IdleTimes
        ? new IdleRows(due, definition.ttl!, id => load(id, places.get(id)!))
        : new StoredQueue(due, load)
  }

  get size(): number {
    return this.#records.rows.size + this.#more
  }

  first(key: TableKey | null): WaitingRow<Row> | null {
    return key === null ? null : this.#chain(key).first
  }

  #chain(key: TableKey): Chain<Row> {
    const known = this.#chains.get(key)
    if (known !== undefined) return known
    const chain: Chain<Row> = { first: null, changed: false }
    const prefix = keyBytes(key)
    for (const { key: place, value } of this.#records.rows.range(prefix, endOf(prefix))) {
      const saved = decodeRow(value)
      const row = saved.slice(0, -1) as unknown as Row
      const loaded = this.make(row, key, numberAt(place, prefix.length), saved.at(-1) as number)
      loaded.stored = true
      chain.first = linkRow(chain.first, loaded)
    }
    this.#chains.set(key, chain)
    return chain
  }

  *rows(): Generator<WaitingRow<Row>> {
    const keys = new KeySet<TableKey>()
    for (const { value } of this.#records.rows.range(FIRST, null)) {
      keys.add(this.#keyOf(value))
    }
    for (const { first } of this.#chains.values()) if (first !== null) keys.add(first.key)
    for (const key of keys) {
      for (let one = this.first(key); one !== null; one = one.next) yield one
    }
  }

  #keyOf(value: Uint8Array): TableKey {
    // A row without a key meets none, and none was kept.
    return this.definition.keyOf(decodeRow(value).slice(0, -1) as unknown as Row)!
  }

  make(row: Row, key: TableKey, number: number, matches: number): WaitingRow<Row> {
    return makeRow(this.definition, row, key, number, matches)
  }

  link(added: WaitingRow<Row>): void {
    const chain = this.#chain(added.key)
    chain.first = linkRow(chain.first, added)
    this.#change(chain)
    if (added.at < Infinity) this.#due.push(added)
    this.#more++
  }

  unlink(row: WaitingRow<Row>): void {
    const chain = this.#chain(row.key)
    chain.first = unlinkRow(chain.first!, row)
    this.#change(chain)
    this.#more--
  }

  hold({ key }: WaitingRow<Row>): void {
    this.#change(this.#chain(key))
  }

  #change(chain: Chain<Row>): void {
    if (chain.changed) return
    chain.changed = true
    this.#changed.push(chain)
  }

  find(key: TableKey | null, row: Row): WaitingRow<Row> | null {
    for (let one = this.first(key); one !== null; one = one.next) {
      if (sameRow(one.row, row)) return one
    }
    return null
  }

  *due(watermark: number): Generator<WaitingRow<Row>> {
    for (const row of this.#due.until(watermark)) if (!row.gone) yield row
  }

  /** A row of the store, which may have left since the last commit. */
  #load(number: number, place: Uint8Array): WaitingRow<Row> {
    const saved = decodeRow(this.#records.rows.get(place)!)
    const row = saved.slice(0, -1) as unknown as Row
    // A row without a key meets none, and none was kept.
    const key = this.definition.keyOf(row)!
    for (let one = this.first(key); one !== null; one = one.next) {
      if (one.number === number) return one
    }
    return { ...this.make(row, key, number, saved.at(-1) as number), gone: true }
  }

  settled(): void {
    for (const chain of this.#changed) chain.changed = false
    this.#changed = []
    this.#more = 0
    this.#due.settled()
  }

  trim(keys: number): void {
    this.#chains.trim(keys, ({ changed }) => changed)
  }

  /** A record of the changelog. */
  put(number: number, value: Uint8Array | null): void {
    const { rows, places } = this.#records
    const id = orderedNumber(number)
    const known = places.get(id)
    if (value !== null) {
      const row = decodeRow(value).slice(0, -1) as unknown as Row
      const place = known ?? Buffer.concat([keyBytes(this.definition.keyOf(row)!), id])
      rows.put(place, value)
      if (known !== undefined) return
      places.put(id, place)
      return this.#due.put(this.definition.closesAt(row), id, place)
    }
    if (known === undefined) return
    const before = decodeRow(rows.get(known)!).slice(0, -1) as unknown as Row
    this.#due.remove(this.definition.closesAt(before), id)
    rows.remove(known)
    places.remove(id)
  }

  /** The highest number that a row in the store has; 0: there is none. */
  get lastNumber(): number {
    const last = this.#records.places.lastKey()
    return last === undefined ? 0 : numberAt(last, 0)
  }
}

const FIRST = new Uint8Array()
