import type { ByteMap, JoinSideDefinition, TableKey, TableRow } from '../contract/index.ts'
import { sameRow } from '../state/same-row.ts'
import { decodeRow } from '../state/state-codec.ts'
import { endOf, keyBytes, numberAt, orderedNumber } from '../state/stored/place.ts'
import { IdleTimes } from '../state/stored/idle-times.ts'
import { Recent } from '../state/stored/recent.ts'
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

/** As JoinSide, of rows in a store. In memory are the rows of keys that were asked for lately, or that have changed. */
export class StoredSide<Row extends TableRow = TableRow> implements SideRows<Row> {
  readonly definition: JoinSideDefinition<Row>
  readonly #records: SideRecords
  readonly #chains = new Recent<TableKey, Chain<Row>>()
  #changed: Chain<Row>[] = []
  /** Those that came since the last commit and wait for a time. */
  #fresh = new TimeQueue<WaitingRow<Row>>()
  /** Up to when all that was due in the store has been looked at. */
  #looked = -Infinity
  /** When the next one is due in the store; null: not known. */
  #next: number | null = null
  /** How many more rows there are than in the store. */
  #more = 0

  constructor(definition: JoinSideDefinition<Row>, records: SideRecords) {
    this.definition = definition
    this.#records = records
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
    const keys = new Set<TableKey>()
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
    if (added.at < Infinity) this.#fresh.push(added)
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

  expire(watermark: number, leaves: (row: WaitingRow<Row>) => void): void {
    const due: WaitingRow<Row>[] = []
    while (this.#fresh.next <= watermark) due.push(this.#fresh.pop())
    const stored = this.#records.due
    if (stored instanceof IdleTimes) due.push(...this.#idleIn(stored, watermark))
    else if (this.#nextStored(stored) <= watermark) due.push(...this.#dueIn(stored, watermark))
    due.sort((a, b) => a.at - b.at || a.number - b.number)
    for (const row of due) if (!row.gone) leaves(row)
  }

  #nextStored(due: ByteMap): number {
    return (this.#next ??= this.#seekNext(due))
  }

  #seekNext(due: ByteMap): number {
    for (const { key } of due.range(behind(this.#looked), null)) {
      return numberAt(key, 0)
    }
    return Infinity
  }

  /** Rows that are in the store and have not left since the last commit. */
  #dueIn(due: ByteMap, watermark: number): WaitingRow<Row>[] {
    const rows: WaitingRow<Row>[] = []
    for (const { key, value: place } of due.range(behind(this.#looked), behind(watermark))) {
      rows.push(...this.#rowAt(place, numberAt(key, TIME)))
    }
    this.#looked = watermark
    this.#next = null
    return rows
  }

  #idleIn(times: IdleTimes, elapsed: number): WaitingRow<Row>[] {
    const { places } = this.#records
    return [...times.idle(elapsed, this.definition.ttl!)].flatMap(id => [
      ...this.#rowAt(places.get(id)!, numberAt(id, 0))
    ])
  }

  /** The row of a number, where it is there still. */
  *#rowAt(place: Uint8Array, number: number): Generator<WaitingRow<Row>> {
    const record = this.#records.rows.get(place)
    if (record === undefined) return
    for (let one = this.first(this.#keyOf(record)); one !== null; one = one.next) {
      if (one.number === number) yield one
    }
  }

  settled(): void {
    for (const chain of this.#changed) chain.changed = false
    this.#changed = []
    this.#more = 0
    // What has not been looked at in memory is in the store now.
    if (this.#fresh.next <= this.#looked) this.#looked = -Infinity
    this.#fresh = new TimeQueue()
    this.#next = null
  }

  trim(keys: number): void {
    this.#chains.trim(keys, ({ changed }) => changed)
  }

  /** A record of the changelog. */
  put(number: number, value: Uint8Array | null): void {
    const { rows, places, due } = this.#records
    const id = orderedNumber(number)
    const known = places.get(id)
    if (value !== null) {
      const row = decodeRow(value).slice(0, -1) as unknown as Row
      const place = known ?? Buffer.concat([keyBytes(this.definition.keyOf(row)!), id])
      rows.put(place, value)
      if (known !== undefined) return
      places.put(id, place)
      const at = this.definition.closesAt(row)
      if (due instanceof IdleTimes) due.use(id, at - this.definition.ttl!)
      else if (at < Infinity) due.put(Buffer.concat([orderedNumber(at), id]), place)
      return
    }
    if (known === undefined) return
    if (due instanceof IdleTimes) due.drop(id)
    else {
      const before = decodeRow(rows.get(known)!).slice(0, -1) as unknown as Row
      const at = this.definition.closesAt(before)
      if (at < Infinity) due.remove(Buffer.concat([orderedNumber(at), id]))
    }
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
/** A time is as long as a number. */
const TIME = 8

/** The first key that nothing has which is due at this time, or earlier. */
function behind(time: number): Uint8Array {
  return endOf(orderedNumber(time))!
}
