import type { TableKey, TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import { type Queue, TimeQueue } from '../time/time-queue.ts'
import { type Version, VersionList } from './version-list.ts'

/** What the changelog has a record of. */
interface Item {
  /** What the changelog calls it. */
  readonly number: number
  /** From which watermark, or time, on it is done with what it waits for. */
  readonly at: number
  readonly key: TableKey
  /** Whether the changelog or a checkpoint has it. */
  stored: boolean
  /** Whether it has left. */
  gone: boolean
}

export interface Waiting<Row extends TableRow = TableRow> extends Item {
  readonly kind: 'waiting'
  readonly row: Row
  readonly time: number
}

export interface Kept<Row extends TableRow = TableRow> extends Item, Version<Row> {
  readonly kind: 'version'
}

export type AsOfItem<Left extends TableRow, Right extends TableRow> = Waiting<Left> | Kept<Right>

/** Rows that wait, and versions by their key. */
export interface AsOfItems<Left extends TableRow, Right extends TableRow> {
  readonly size: number
  readonly waiting: Queue<Waiting<Left>>
  /** Versions by the time from which on nobody asks for those before them. Some may have left. */
  readonly replacing: Queue<Kept<Right>>
  /** Undefined: there are none. */
  versions(key: TableKey): VersionList<Kept<Right>> | undefined
  /** For the first version of a key, too. */
  open(key: TableKey): VersionList<Kept<Right>>
  /** The last version of a key has left. */
  close(key: TableKey): void
  /** The keys of versions. */
  keys(): Iterable<TableKey>
  came(item: AsOfItem<Left, Right>): void
  left(item: AsOfItem<Left, Right>): void
}

/** All in memory. */
export class AsOfMemory<Left extends TableRow, Right extends TableRow> implements AsOfItems<
  Left,
  Right
> {
  readonly waiting = new TimeQueue<Waiting<Left>>()
  readonly replacing = new TimeQueue<Kept<Right>>()
  readonly #items = new KeyMap<number, AsOfItem<Left, Right>>()
  readonly #versions = new KeyMap<TableKey, VersionList<Kept<Right>>>()

  get size(): number {
    return this.#items.size
  }

  versions(key: TableKey): VersionList<Kept<Right>> | undefined {
    return this.#versions.get(key)
  }

  open(key: TableKey): VersionList<Kept<Right>> {
    const known = this.#versions.get(key)
    if (known !== undefined) return known
    const list = new VersionList<Kept<Right>>()
    this.#versions.set(key, list)
    return list
  }

  close(key: TableKey): void {
    this.#versions.delete(key)
  }

  keys(): Iterable<TableKey> {
    return this.#versions.keys()
  }

  came(item: AsOfItem<Left, Right>): void {
    this.#items.set(item.number, item)
  }

  left({ number }: AsOfItem<Left, Right>): void {
    this.#items.delete(number)
  }

  [Symbol.iterator](): Iterator<AsOfItem<Left, Right>> {
    return this.#items.values()
  }
}
