import type { TableKey } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import { KeySet } from './key-set.ts'
import type { RowIndex } from './table-rows.ts'

/** In memory: the keys of the rows that have an entry, in the order in which they came. */
export class TableIndex implements RowIndex {
  readonly #keys = new KeyMap<TableKey, TableKey | KeySet<TableKey>>()

  add(entry: TableKey | null, key: TableKey): void {
    if (entry === null) return
    const known = this.#keys.get(entry)
    // Most entries have one row: a set for each would be most of the memory.
    if (known === undefined) this.#keys.set(entry, key)
    else if (known instanceof KeySet) known.add(key)
    else if (known !== key) this.#keys.set(entry, new KeySet([known, key]))
  }

  remove(entry: TableKey | null, key: TableKey): void {
    if (entry === null) return
    const known = this.#keys.get(entry)
    if (known instanceof KeySet) {
      known.delete(key)
      if (known.size === 0) this.#keys.delete(entry)
    } else if (known === key) this.#keys.delete(entry)
  }

  find(entry: TableKey): Iterable<TableKey> {
    const known = this.#keys.get(entry)
    if (known === undefined) return []
    return known instanceof KeySet ? known : [known]
  }
}
