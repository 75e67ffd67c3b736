import type { ByteMap, StateStore } from '../../contract/index.ts'
import { numberAt, orderedNumber } from './place.ts'

const FIRST = new Uint8Array()
const NOTHING = Buffer.alloc(0)
/** A life and a time, before the place. */
const TIME = 16
/** So many are looked at in one go: what is found is loaded. */
const MOST = 1000

/**
 * When what is in a store was used last, the oldest first. A time is of the process's own clock, so it holds in one life of it: what was
 * used in an earlier one counts from the first look of this one.
 */
export class IdleTimes {
  readonly #byPlace: ByteMap
  readonly #byTime: ByteMap
  readonly #life: number
  /** When this life looked first. */
  #begun: number | null = null
  /** Nothing has been idle for long enough before. */
  #due = -Infinity

  /** `of`: what the names of its maps begin with. */
  constructor(store: StateStore, of = '') {
    this.#byPlace = store.map(`${of}used`)
    this.#byTime = store.map(`${of}idle`)
    const last = this.#byTime.lastKey()
    this.#life = last === undefined ? 1 : numberAt(last, 0) + 1
  }

  /** As `use`, where null says that this life has not used it. */
  used(place: Uint8Array, elapsed: number | null): void {
    if (elapsed !== null || this.#byPlace.get(place) === undefined) this.use(place, elapsed)
  }

  /** `elapsed`: null: in an earlier life. */
  use(place: Uint8Array, elapsed: number | null): void {
    this.drop(place)
    const time =
      elapsed === null
        ? Buffer.concat([orderedNumber(this.#life - 1), orderedNumber(0)])
        : Buffer.concat([orderedNumber(this.#life), orderedNumber(elapsed)])
    this.#byPlace.put(place, time)
    this.#byTime.put(Buffer.concat([time, place]), NOTHING)
  }

  drop(place: Uint8Array): void {
    const time = this.#byPlace.get(place)
    if (time === undefined) return
    this.#byTime.remove(Buffer.concat([time, place]))
    this.#byPlace.remove(place)
  }

  /** The places of what was not used for so many ms; a part of them where there are many. */
  *idle(elapsed: number, ttl: number): Generator<Uint8Array> {
    this.#begun ??= elapsed
    if (elapsed < this.#due) return
    let left = MOST
    for (const { key } of this.#byTime.range(FIRST, null)) {
      const since = numberAt(key, 0) < this.#life ? this.#begun : numberAt(key, TIME / 2)
      this.#due = since + ttl
      if (this.#due > elapsed || left-- === 0) return
      yield key.subarray(TIME)
    }
    this.#due = elapsed + ttl
  }
}
