import type { GroupWindow } from '../contract/index.ts'
import { KeyedWindows } from './keyed-windows.ts'

/** So many groups wait at most: then they go before their time. */
const MOST = 10_000
/** Of so many rows it is found out how many groups they have. */
const SAMPLE = 10_000
/** Where rows have more groups than this part of their number, to put them together costs more than it saves. */
const WORTH = 0.5
/** So many rows go alone then, before it is found out again. */
const PAUSE = 200_000

/**
 * What the rows that go to an exchange come to since the last commit, by group. No state: a commit has all that they are of. Rows go alone
 * for a while where most of them have a group of their own, as in Flink's adaptive local aggregation.
 */
export class CombinedGroups<Group> {
  #groups = new KeyedWindows<Group>(() => Infinity)
  #size = 0
  /** Rows that were put together, and the groups that were sent of them, since it was found out last how many there are. */
  #rows = 0
  #sent = 0
  /** Rows that go alone before the next is put together with others. */
  #alone = 0

  /** Whether it is time to send them. */
  get isFull(): boolean {
    return this.#size >= MOST
  }

  /** Whether the next row goes alone. */
  goesAlone(): boolean {
    if (this.#alone === 0) return false
    this.#alone--
    return true
  }

  find(window: GroupWindow, key: unknown): Group | undefined {
    this.#rows++
    return this.#groups.find(window, key)
  }

  /** Adds a group to the window that was asked for last. */
  add(key: unknown, group: Group): Group {
    this.#size++
    return this.#groups.add(key, group)
  }

  /** All groups; there are none afterwards. */
  take(): Iterable<Group> {
    const groups = this.#groups
    this.#groups = new KeyedWindows<Group>(() => Infinity)
    this.#sent += this.#size
    this.#size = 0
    this.#judge()
    return groups
  }

  #judge(): void {
    if (this.#rows < SAMPLE) return
    if (this.#sent > WORTH * this.#rows) this.#alone = PAUSE
    this.#rows = this.#sent = 0
  }
}
