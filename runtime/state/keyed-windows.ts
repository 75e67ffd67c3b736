import type { GroupWindow } from '../contract/index.ts'
import { KeyMap } from './key-map.ts'

/** What is kept by window, and in it by key. A window that is complete leaves as a whole. */
export interface Windows<Item> {
  readonly size: number
  /** The watermark up to which windows have been closed. */
  readonly closed: number
  /** Windows have been closed up to this watermark. */
  reach(watermark: number): void
  find(window: GroupWindow, key: unknown): Item | undefined
  /** Adds an item to the window that was asked for last. */
  add(key: unknown, item: Item): Item
  delete(window: GroupWindow, key: unknown): void
  /**
   * The items of each window that is complete at this watermark, in the order of the windows; then they are gone. None is at
   * Infinity: all sources were dropped, and nobody tells time any more.
   */
  close(watermark: number): Iterable<Item>
  [Symbol.iterator](): Iterator<Item>
}

/** All in memory: finding one costs a look-up. */
export class KeyedWindows<Item> implements Windows<Item> {
  readonly #closesAt: (window: GroupWindow) => number
  readonly #windows = new Map<GroupWindow, KeyMap<unknown, Item>>()
  /** The window that was asked for last: most rows come in the same one. */
  #window: GroupWindow | undefined = undefined
  #items = new KeyMap<unknown, Item>()
  #nextClose = Infinity
  #closed = -Infinity

  constructor(closesAt: (window: GroupWindow) => number) {
    this.#closesAt = closesAt
  }

  get size(): number {
    let size = 0
    for (const items of this.#windows.values()) size += items.size
    return size
  }

  get closed(): number {
    return this.#closed
  }

  reach(watermark: number): void {
    this.#closed = watermark
  }

  find(window: GroupWindow, key: unknown): Item | undefined {
    if (window !== this.#window) this.#enter(window)
    return this.#items.get(key)
  }

  add(key: unknown, item: Item): Item {
    if (this.#items.size === 0) this.#open()
    this.#items.set(key, item)
    return item
  }

  delete(window: GroupWindow, key: unknown): void {
    this.#enter(window)
    this.#items.delete(key)
    if (this.#items.size === 0) this.#windows.delete(window)
  }

  #enter(window: GroupWindow): void {
    this.#window = window
    this.#items = this.#windows.get(window) ?? new KeyMap<unknown, Item>()
  }

  /** The window has its first item. */
  #open(): void {
    const window = this.#window!
    this.#windows.set(window, this.#items)
    this.#nextClose = Math.min(this.#nextClose, this.#closesAt(window))
  }

  *[Symbol.iterator](): Generator<Item> {
    for (const items of this.#windows.values()) yield* items.values()
  }

  *close(watermark: number): Generator<Item> {
    if (watermark === Infinity) return
    if (watermark > this.#closed) this.#closed = watermark
    if (watermark < this.#nextClose) return
    const closesAt = this.#closesAt
    const open = [...this.#windows.keys()].sort((a, b) => closesAt(a) - closesAt(b))
    for (const window of open) {
      if (closesAt(window) > watermark) break
      yield* this.#windows.get(window)!.values()
      this.#windows.delete(window)
    }
    this.#window = undefined
    this.#items = new KeyMap()
    this.#nextClose = Infinity
    for (const window of this.#windows.keys()) {
      this.#nextClose = Math.min(this.#nextClose, closesAt(window))
    }
  }
}
