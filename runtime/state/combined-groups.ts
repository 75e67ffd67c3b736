import type { GroupWindow } from '../contract/index.ts'
import { KeyedWindows } from './keyed-windows.ts'

/** So many groups wait at most: then they go before their time. */
const MOST = 10_000

/** What the rows that go to an exchange come to since the last commit, by group. No state: a commit has all that they are of. */
export class CombinedGroups<Group> {
  #groups = new KeyedWindows<Group>(() => Infinity)
  #size = 0

  /** Whether it is time to send them. */
  get isFull(): boolean {
    return this.#size >= MOST
  }

  find(window: GroupWindow, key: unknown): Group | undefined {
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
    this.#size = 0
    return groups
  }
}
