import type { ByteMap, GroupWindow } from '../../contract/index.ts'
import { KeySet } from '../key-set.ts'
import type { Windows } from '../keyed-windows.ts'
import { endOf, keyBytes, keyLength, numberAt, orderedNumber, textOf } from './place.ts'
import { Recent } from './recent.ts'

/** What an item is called by. */
export interface ItemName {
  readonly window: GroupWindow
  readonly key: unknown
}

interface Named<Item> extends ItemName {
  readonly item: Item
}

/** What the items of windows are to their state. */
export interface StoredItems<Item> {
  closesAt(window: GroupWindow): number
  /** Whose record this is. */
  nameOf(record: Uint8Array): ItemName
  /** Makes an item of its records, whose keys begin with its place; null: there are none. */
  load(place: Uint8Array, name: ItemName): Item | null
  /** Whether it has changed since what it was is in the store. */
  isChanged(item: Item): boolean
  /** It is in the store, and forgotten. */
  leaves(item: Item): void
}

/** When the window of an item closes comes first in its place: windows stand in the order in which they close. */
const TIME = 8
const FIRST = Buffer.alloc(0)

/** Where the records of an item begin. */
export function placeOf(closes: number, window: GroupWindow, key: unknown): Buffer {
  return Buffer.concat([orderedNumber(closes), keyBytes(window, key)])
}

/** The place that the key of a record begins with. */
function placeIn(key: Uint8Array): Uint8Array {
  return key.subarray(0, TIME + keyLength(key, TIME))
}

/** As KeyedWindows, of items whose records are in a store. Those that were asked for lately are in memory. */
export class StoredWindows<Item> implements Windows<Item> {
  readonly #records: ByteMap
  readonly #items: StoredItems<Item>
  readonly #known = new Map<GroupWindow, Recent<unknown, Named<Item>>>()
  /** Places whose records are in the store only until the next commit. */
  readonly #gone = new KeySet<string>()
  #window: GroupWindow | undefined = undefined
  #closed = -Infinity
  /** When the first window of the store closes; null: not known. */
  #nextStored: number | null = null
  /** How many more items there are than in the store. */
  #more = 0

  constructor(records: ByteMap, items: StoredItems<Item>) {
    this.#records = records
    this.#items = items
  }

  /** Of items that have one record each. */
  get size(): number {
    return this.#records.size + this.#more
  }

  get closed(): number {
    return this.#closed
  }

  reach(watermark: number): void {
    this.#closed = watermark
  }

  find(window: GroupWindow, key: unknown): Item | undefined {
    this.#window = window
    const known = this.#known.get(window)?.get(key)
    if (known !== undefined) return known.item
    const closes = this.#items.closesAt(window)
    if (closes <= this.#closed) return undefined
    const place = placeOf(closes, window, key)
    if (this.#gone.size > 0 && this.#gone.has(textOf(place))) return undefined
    const item = this.#items.load(place, { window, key })
    if (item === null) return undefined
    this.#remember({ window, key, item })
    return item
  }

  add(key: unknown, item: Item): Item {
    this.#remember({ window: this.#window!, key, item })
    this.#more++
    return item
  }

  #remember(named: Named<Item>): void {
    const known = this.#known.get(named.window) ?? new Recent<unknown, Named<Item>>()
    if (known.size === 0) this.#known.set(named.window, known)
    known.set(named.key, named)
  }

  delete(window: GroupWindow, key: unknown): void {
    this.#forget(window, key)
    this.#more--
    this.#gone.add(textOf(placeOf(this.#items.closesAt(window), window, key)))
  }

  #forget(window: GroupWindow, key: unknown): void {
    const known = this.#known.get(window)
    known?.delete(key)
    if (known?.size === 0) this.#known.delete(window)
  }

  /** All, those in memory included, in the order in which their windows close. */
  *[Symbol.iterator](): Generator<Item> {
    yield* this.#between(-Infinity, null)
  }

  *close(watermark: number): Generator<Item> {
    if (watermark === Infinity) return
    const before = this.#closed
    if (watermark > before) this.#closed = watermark
    const due = [...this.#known.keys()].some(window => this.#items.closesAt(window) <= watermark)
    if (!due && this.#firstStored(before) > watermark) return
    for (const item of this.#between(before, watermark)) {
      this.#more--
      yield item
    }
    for (const window of [...this.#known.keys()]) {
      if (this.#items.closesAt(window) <= watermark) this.#known.delete(window)
    }
    this.#nextStored = null
  }

  /** When the first window of the store closes that closes later than this. */
  #firstStored(after: number): number {
    return (this.#nextStored ??= this.#seekStored(after))
  }

  #seekStored(after: number): number {
    for (const { key } of this.#records.range(behind(after), null)) return numberAt(key, 0)
    return Infinity
  }

  /** Those of windows that close later than `after`, and not later than `last`; null: of all that are there. */
  *#between(after: number, last: number | null): Generator<Item> {
    const { closesAt } = this.#items
    const windows = [...this.#known.keys()]
      .filter(window => last === null || closesAt(window) <= last)
      .sort((a, b) => closesAt(a) - closesAt(b))
    let next = 0
    for (const { window, item } of this.#stored(after, last)) {
      const at = closesAt(window)
      for (; next < windows.length && closesAt(windows[next]!) < at; next++) {
        yield* this.#itemsOf(windows[next]!)
      }
      yield item
    }
    for (; next < windows.length; next++) yield* this.#itemsOf(windows[next]!)
  }

  *#itemsOf(window: GroupWindow): Generator<Item> {
    for (const { item } of this.#known.get(window)?.values() ?? []) yield item
  }

  /** Those that are not in memory. */
  *#stored(after: number, last: number | null): Generator<Named<Item>> {
    const from = after === -Infinity ? FIRST : behind(after)
    const end = last === null ? null : behind(last)
    let before: Uint8Array = FIRST
    for (const { key: record, value } of this.#records.range(from, end)) {
      const place = placeIn(record)
      if (Buffer.compare(before, place) === 0) continue
      before = place
      if (this.#gone.size > 0 && this.#gone.has(textOf(place))) continue
      const name = this.#items.nameOf(value)
      if (this.#known.get(name.window)?.has(name.key) === true) continue
      const item = this.#items.load(place, name)
      if (item !== null) yield { ...name, item }
    }
  }

  settled(): void {
    this.#gone.clear()
    this.#nextStored = null
    this.#more = 0
  }

  trim(limit: number): void {
    const { isChanged, leaves } = this.#items
    for (const [window, known] of this.#known) {
      known.trim(
        Math.max(1, Math.floor(limit / this.#known.size)),
        ({ item }) => isChanged(item),
        ({ item }) => leaves(item)
      )
      if (known.size === 0) this.#known.delete(window)
    }
  }
}

/** The key that no window has which closes at this time, or earlier. */
function behind(time: number): Uint8Array {
  return endOf(orderedNumber(time))!
}
