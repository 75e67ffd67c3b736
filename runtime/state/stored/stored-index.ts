import type { ByteMap, TableKey } from '../../contract/index.ts'
import { KeyMap } from '../key-map.ts'
import { decodeRow, encodeRow } from '../state-codec.ts'
import type { RowIndex } from '../table-rows.ts'
import { endOf, keyBytes } from './place.ts'

/** As TableIndex, in a store: a record for each row, behind its entry. In memory is what changed since the last commit. */
export class StoredIndex implements RowIndex {
  readonly #map: ByteMap
  /** By entry: which rows have it now, and which do not any more. */
  readonly #changed = new KeyMap<TableKey, KeyMap<TableKey, boolean>>()

  constructor(map: ByteMap) {
    this.#map = map
  }

  add(entry: TableKey | null, key: TableKey): void {
    this.#change(entry, key, true)
  }

  remove(entry: TableKey | null, key: TableKey): void {
    this.#change(entry, key, false)
  }

  #change(entry: TableKey | null, key: TableKey, isThere: boolean): void {
    if (entry === null) return
    const changed = this.#changed.get(entry) ?? new KeyMap<TableKey, boolean>()
    this.#changed.set(entry, changed)
    changed.set(key, isThere)
  }

  *find(entry: TableKey): Generator<TableKey> {
    const changed = this.#changed.get(entry)
    const prefix = keyBytes(entry)
    for (const { value } of this.#map.range(prefix, endOf(prefix))) {
      const key = decodeRow(value)[0] as TableKey
      if (changed?.has(key) !== true) yield key
    }
    for (const [key, isThere] of changed ?? []) if (isThere) yield key
  }

  /** What a row's entry was and what it is, where both are in the store. */
  put(before: TableKey | null, after: TableKey | null, key: TableKey): void {
    if (before === after) return
    if (before !== null) this.#map.remove(placeOf(before, key))
    if (after !== null) this.#map.put(placeOf(after, key), encodeRow([key]))
  }

  settled(): void {
    this.#changed.clear()
  }
}

function placeOf(entry: TableKey, key: TableKey): Uint8Array {
  return Buffer.concat([keyBytes(entry), keyBytes(key)])
}
