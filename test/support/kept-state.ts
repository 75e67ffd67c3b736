import type { KeyedState, StateBackend, StateChange } from '../../runtime/contract/index.ts'
import { openLmdb } from '../../runtime/lmdb/index.ts'
import type { Random } from './functions/random-value.ts'
import { makeModelStore } from './model-store.ts'
import { openStateFolder } from './state-folder.ts'

/** In memory, with a store that is a plain list, on LMDB. */
export const places = ['memory', 'model', 'lmdb'] as const
export type Place = (typeof places)[number]

/** As a commit does it, which takes more at a time. */
const TAKEN = 3

/** A state with what a pipeline has around it: its changelog, and where it is on the disk as little of it in memory as can be. */
export class KeptState<State extends KeyedState> {
  state: State
  readonly #make: () => State
  readonly #random: Random
  readonly #model
  readonly #folder
  #backend: StateBackend | null
  readonly #log: StateChange[] = []

  constructor(place: Place, random: Random, make: () => State) {
    this.#make = make
    this.#random = random
    this.#model = place === 'model' ? makeModelStore() : null
    this.#folder = place === 'lmdb' ? openStateFolder() : null
    this.#backend = this.#open()
    this.state = this.#begin()
  }

  #open(): StateBackend | null {
    if (this.#folder === null) return null
    const refuse = (message: string): Error => new Error(message)
    const warn = (message: string, reason: string): never => {
      throw new Error(`${message}: ${reason}`)
    }
    return openLmdb(this.#folder.path, ['state'], { warn, damaged: refuse, refused: refuse })
  }

  get #store() {
    return this.#backend?.store('state') ?? this.#model
  }

  #begin(): State {
    const state = this.#make()
    const store = this.#store
    if (store !== null) state.spill!.into(store)
    return state
  }

  /** What has changed is in the changelog from now on. */
  commit(): void {
    const changes = this.#take()
    if (this.#store === null) return
    this.#put(changes)
    this.state.spill!.settled()
    this.state.spill!.trim(this.#random(3))
  }

  #take(): readonly StateChange[] {
    const changes: StateChange[] = []
    let part: readonly StateChange[]
    do {
      part = this.state.takeChanges(TAKEN)
      changes.push(...part)
    } while (part.length >= TAKEN)
    this.#log.push(...changes)
    return changes
  }

  #put(changes: readonly StateChange[]): void {
    const put = (): void => {
      for (const { key, row } of changes) this.state.spill!.put(key, row)
    }
    if (this.#backend === null) put()
    else this.#backend.write(put)
  }

  /** Between two batches: what has not changed may leave memory. */
  rest(): void {
    if (this.#store !== null) this.state.spill!.trim(this.#random(3))
  }

  /**
   * Is another one with the same rows. On the disk some of the changelog is read once more; it may have died when a part of what it
   * committed was there.
   */
  async restart(): Promise<void> {
    const known = this.#log.length
    const changes = this.#take()
    if (this.#store !== null) this.#put(changes.slice(0, this.#random(changes.length + 1)))
    await this.#backend?.close(false)
    this.#backend = this.#open()
    this.state = this.#begin()
    if (this.#store !== null) {
      this.#put(this.#log.slice(this.#random(known + 1)))
      return
    }
    for (const { key, row } of this.#log) this.state.restore(key, row)
    this.state.restored?.()
  }

  /** What the changelog comes to, by key. */
  records(): ReadonlyMap<string, Uint8Array> {
    const records = new Map<string, Uint8Array>()
    for (const { key, row } of this.#log) {
      if (row === null) records.delete(String(key))
      else records.set(String(key), row)
    }
    return records
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend?.close(false)
    this.#folder?.[Symbol.dispose]()
  }
}
