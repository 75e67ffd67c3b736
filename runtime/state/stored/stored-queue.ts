import type { ByteEntry, ByteMap } from '../../contract/index.ts'
import { type Queue, type Timed, TimeQueue } from '../../time/time-queue.ts'
import { numberAt, orderedNumber } from './place.ts'

const FIRST = new Uint8Array()
const ZERO = Buffer.alloc(1)
/** A time is as long as a number. */
const TIME = 8
/** So many are read ahead. */
const AHEAD = 256

/**
 * As TimeQueue, of what is in a store, and in memory what came since the last commit. What is taken out leaves the store when the next
 * change is put there, so that a process which dies before finds it again.
 */
export class StoredQueue<Item extends Timed> implements Queue<Item> {
  readonly #map: ByteMap
  readonly #load: (id: Uint8Array, value: Uint8Array) => Item
  #fresh = new TimeQueue<Item>()
  /** The next ones of the store. */
  #ahead: readonly ByteEntry[] = []
  #place = 0
  /** From where on the store is read; null: all of it was. */
  #from: Uint8Array | null = FIRST
  #taken: Uint8Array[] = []

  /** `load`: makes an item of what was put. */
  constructor(map: ByteMap, load: (id: Uint8Array, value: Uint8Array) => Item) {
    this.#map = map
    this.#load = load
  }

  get next(): number {
    return Math.min(this.#fresh.next, this.#nextStored())
  }

  #nextStored(): number {
    const entry = this.#entry()
    return entry === undefined ? Infinity : numberAt(entry.key, 0)
  }

  #entry(): ByteEntry | undefined {
    if (this.#place === this.#ahead.length && this.#from !== null) this.#readOn(this.#from)
    return this.#ahead[this.#place]
  }

  #readOn(from: Uint8Array): void {
    const ahead: ByteEntry[] = []
    for (const entry of this.#map.range(from, null)) if (ahead.push(entry) === AHEAD) break
    this.#ahead = ahead
    this.#place = 0
    this.#from = ahead.length < AHEAD ? null : Buffer.concat([ahead.at(-1)!.key, ZERO])
  }

  push(item: Item): void {
    this.#fresh.push(item)
  }

  /** Between two of one time that of the store came earlier. */
  pop(): Item {
    if (this.#fresh.next < this.#nextStored()) return this.#fresh.pop()
    const { key, value } = this.#ahead[this.#place++]!
    this.#taken.push(key)
    return this.#load(key.subarray(TIME), value)
  }

  /** Takes out all that is due by then. */
  *until(time: number): Generator<Item> {
    while (this.next <= time) yield this.pop()
  }

  /** To be called where the store may be written, as `remove`. `id` tells those of one time apart, in their order. */
  put(at: number, id: Uint8Array, value: Uint8Array): void {
    this.#sweep()
    if (at < Infinity) this.#map.put(placeOf(at, id), value)
  }

  remove(at: number, id: Uint8Array): void {
    this.#sweep()
    if (at < Infinity) this.#map.remove(placeOf(at, id))
  }

  #sweep(): void {
    for (const key of this.#taken) this.#map.remove(key)
    this.#taken = []
    this.#ahead = []
    this.#place = 0
    this.#from = FIRST
  }

  /** All that has come is in the store. */
  settled(): void {
    this.#fresh = new TimeQueue()
  }
}

function placeOf(at: number, id: Uint8Array): Buffer {
  return Buffer.concat([orderedNumber(at), id])
}
