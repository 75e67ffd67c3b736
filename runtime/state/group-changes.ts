import type { Group, StateChange, WrittenSet } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'
import { decodeRow, encodeRow } from './state-codec.ts'

/** How groups are written to their changelog. */
export interface SavedGroups<G extends Group> {
  readonly name: string
  /** How many values of a saved group tell it from the others. */
  readonly keys: number
  save(group: G): readonly unknown[]
  readonly sets: ((group: G) => readonly WrittenSet[]) | null
}

/** What stands for a value of a set: its key says all. */
const HELD = encodeRow([])

/**
 * What changed of groups since the last commit: a group that changes often is written once per barrier; one that came and
 * went between two barriers is not written at all.
 */
export class GroupChanges<G extends Group> {
  readonly #groups: SavedGroups<G>
  /** In the order of their first change; null: it left, or was taken. A Set costs five times as much per group. */
  #touched: (G | null)[] = []
  /** Those before it have been taken. */
  #taken = 0
  #count = 0
  /** Keys of stored groups that left, as the changelog spells them. */
  #left: Uint8Array[] = []

  constructor(groups: SavedGroups<G>) {
    this.#groups = groups
  }

  touch(group: G): void {
    if (group.touched >= 0) return
    group.touched = this.#touched.push(group) - 1
    this.#count++
  }

  /** How many changes there are. */
  get count(): number {
    return this.#count + this.#left.length
  }

  /** The groups that changed, in the order of their first change. */
  *changed(): Generator<G> {
    for (let place = this.#taken; place < this.#touched.length; place++) {
      const group = this.#touched[place]!
      if (group !== null) yield group
    }
  }

  /** The group is gone, or goes on under another key; to be called while it still has its own. */
  leave(group: G): void {
    if (group.stored) this.#forget(group)
    group.stored = false
    if (group.touched >= 0) this.#untouch(group)
  }

  #untouch(group: G): void {
    this.#touched[group.touched] = null
    group.touched = -1
    this.#count--
  }

  /** A set has nothing that is known where its group is not. */
  #forget(group: G): void {
    const keys = this.#keysOf(this.#groups.save(group))
    this.#left.push(encodeRow(keys))
    this.#setsOf(group).forEach((set, i) => {
      for (const value of set.forget()) this.#left.push(encodeRow([...keys, i, value]))
    })
  }

  /** All that left, and what the first groups that changed are now, up to `limit` changes or a little more. */
  take(limit = Infinity): StateChange[] {
    const { name, save } = this.#groups
    const isAll = this.count <= limit
    const changes: StateChange[] = this.#left.map(key => ({ table: name, key, row: null }))
    this.#left = []
    for (; this.#taken < this.#touched.length; this.#taken++) {
      const group = this.#touched[this.#taken]!
      if (group === null) continue
      if (!isAll && changes.length >= limit) return changes
      const saved = save(group)
      const keys = this.#keysOf(saved)
      changes.push({ table: name, key: encodeRow(keys), row: encodeRow(saved) })
      this.#setsOf(group).forEach((set, i) => {
        for (const value of set.takeFresh()) {
          changes.push({ table: name, key: encodeRow([...keys, i, value]), row: HELD })
        }
      })
      this.#untouch(group)
      group.stored = true
    }
    this.#touched = []
    this.#taken = 0
    return changes
  }

  /** A group as the changelog spells it, for a checkpoint. */
  *encode(group: G): Generator<{ readonly key: Uint8Array; readonly row: Uint8Array }> {
    const saved = this.#groups.save(group)
    const keys = this.#keysOf(saved)
    // A checkpoint has it from now on: should it leave before the changelog ever had it, that has to be told.
    group.stored = true
    yield { key: encodeRow(keys), row: encodeRow(saved) }
    for (const [i, set] of this.#setsOf(group).entries()) {
      for (const value of set.takeAll()) yield { key: encodeRow([...keys, i, value]), row: HELD }
    }
  }

  #keysOf(saved: readonly unknown[]): readonly unknown[] {
    return saved.slice(0, this.#groups.keys)
  }

  #setsOf(group: G): readonly WrittenSet[] {
    return this.#groups.sets?.(group) ?? []
  }
}

/** The values of sets that a restart has read so far: their groups may come behind them. */
export class ReadSets {
  readonly #keys: number
  readonly #read = new KeyMap<string, readonly unknown[]>()

  /** `keys`: how many values tell a group from the others. */
  constructor(keys: number) {
    this.#keys = keys
  }

  /** Whether a record is of a value, and not of a group. */
  take(keyBytes: Uint8Array, rowBytes: Uint8Array | null): boolean {
    const key = decodeRow(keyBytes)
    if (key.length === this.#keys) return false
    const text = Buffer.from(keyBytes).toString('latin1')
    if (rowBytes === null) this.#read.delete(text)
    else this.#read.set(text, key)
    return true
  }

  /** Puts the values into their groups; one whose group is gone goes, too. */
  restore(setsOf: (keys: readonly unknown[]) => readonly WrittenSet[] | undefined): void {
    for (const key of this.#read.values()) {
      setsOf(key)?.[key[this.#keys] as number]!.restore(key[this.#keys + 1])
    }
    this.#read.clear()
  }
}
