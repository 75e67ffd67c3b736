import type { ByteMap, StateStore, TableKey, TableRow } from '../contract/index.ts'
import { KeySet } from '../state/key-set.ts'
import { endOf, keyBytes, numberAt, orderedNumber } from '../state/stored/place.ts'
import { Recent } from '../state/stored/recent.ts'
import { StoredQueue } from '../state/stored/stored-queue.ts'
import type { AsOfItem, AsOfItems, Kept, Waiting } from './as-of-items.ts'
import { VersionList } from './version-list.ts'

interface Versions<Right extends TableRow> {
  readonly list: VersionList<Kept<Right>>
  /** Whether they are others than in the store. */
  changed: boolean
}

const FIRST = new Uint8Array()
/** A time is as long as a number. */
const TIME = 8

/** As AsOfMemory, in a store. In memory are the versions of keys that were asked for lately, and what came since the last commit. */
export class StoredAsOf<Left extends TableRow, Right extends TableRow> implements AsOfItems<
  Left,
  Right
> {
  readonly waiting: StoredQueue<Waiting<Left>>
  readonly replacing: StoredQueue<Kept<Right>>
  readonly #decode: (number: number, record: Uint8Array) => AsOfItem<Left, Right>
  /** Versions behind their key, in the order in which they become valid. */
  readonly #versions: ByteMap
  /** By number: when it is due, and of a version where it is. */
  readonly #places: ByteMap
  readonly #recent = new Recent<TableKey, Versions<Right>>()
  #changed: Versions<Right>[] = []
  /** How many more there are than in the store. */
  #more = 0

  /** `decode`: makes an item of its record in the changelog. */
  constructor(
    store: StateStore,
    decode: (number: number, record: Uint8Array) => AsOfItem<Left, Right>
  ) {
    this.#decode = decode
    this.#versions = store.map('versions')
    this.#places = store.map('places')
    const load = (id: Uint8Array, record: Uint8Array) => this.#stored(numberAt(id, 0), record)
    this.waiting = new StoredQueue(store.map('waiting'), load as never)
    this.replacing = new StoredQueue(store.map('replacing'), load as never)
  }

  #stored(number: number, record: Uint8Array): AsOfItem<Left, Right> {
    return Object.assign(this.#decode(number, record), { stored: true })
  }

  get size(): number {
    return this.#places.size + this.#more
  }

  /** The highest number that one in the store has; 0: there is none. */
  get lastNumber(): number {
    const last = this.#places.lastKey()
    return last === undefined ? 0 : numberAt(last, 0)
  }

  versions(key: TableKey): VersionList<Kept<Right>> | undefined {
    const { list } = this.#of(key)
    return list.isEmpty ? undefined : list
  }

  open(key: TableKey): VersionList<Kept<Right>> {
    return this.#of(key).list
  }

  #of(key: TableKey): Versions<Right> {
    const known = this.#recent.get(key)
    if (known !== undefined) return known
    const list = new VersionList<Kept<Right>>()
    const prefix = keyBytes(key)
    for (const { key: place, value } of this.#versions.range(prefix, endOf(prefix))) {
      const number = numberAt(place, prefix.length + TIME)
      list.add(this.#stored(number, value) as Kept<Right>, () => {})
    }
    const versions = { list, changed: false }
    this.#recent.set(key, versions)
    return versions
  }

  /** The store has them until the next commit: that there are none has to be remembered. */
  close(): void {}

  *keys(): Generator<TableKey> {
    const keys = new KeySet<TableKey>()
    // What a record calls itself is not asked for here.
    for (const { value } of this.#versions.range(FIRST, null)) keys.add(this.#decode(0, value).key)
    for (const { list } of this.#recent.values()) {
      const first = list.first
      if (first !== null) keys.add(first.key)
    }
    for (const key of keys) if (this.versions(key) !== undefined) yield key
  }

  came(item: AsOfItem<Left, Right>): void {
    this.#more++
    this.#change(item)
  }

  left(item: AsOfItem<Left, Right>): void {
    this.#more--
    this.#change(item)
  }

  #change({ kind, key }: AsOfItem<Left, Right>): void {
    if (kind === 'waiting') return
    const versions = this.#of(key)
    if (versions.changed) return
    versions.changed = true
    this.#changed.push(versions)
  }

  /** A record of the changelog. */
  put(number: number, record: Uint8Array | null): void {
    const id = orderedNumber(number)
    const known = this.#places.get(id)
    if (record === null) {
      if (known !== undefined) this.#remove(id, known)
      return
    }
    const item = this.#decode(number, record)
    const place = placeOf(item, id)
    if (known !== undefined) {
      // It never changes; another one may have had its number.
      if (Buffer.compare(known, place) === 0) return
      this.#remove(id, known)
    }
    this.#places.put(id, place)
    if (item.kind === 'waiting') return this.waiting.put(item.at, id, record)
    this.#versions.put(place.subarray(TIME), record)
    this.replacing.put(item.at, id, record)
  }

  #remove(id: Uint8Array, place: Uint8Array): void {
    const at = numberAt(place, 0)
    this.#places.remove(id)
    if (place.length === TIME) return this.waiting.remove(at, id)
    this.#versions.remove(place.subarray(TIME))
    this.replacing.remove(at, id)
  }

  settled(): void {
    this.waiting.settled()
    this.replacing.settled()
    for (const versions of this.#changed) versions.changed = false
    this.#changed = []
    this.#more = 0
  }

  trim(keys: number): void {
    this.#recent.trim(keys, ({ changed }) => changed)
  }
}

function placeOf(item: AsOfItem<TableRow, TableRow>, id: Uint8Array): Buffer {
  const at = orderedNumber(item.at)
  if (item.kind === 'waiting') return at
  return Buffer.concat([at, keyBytes(item.key), orderedNumber(item.from), id])
}
