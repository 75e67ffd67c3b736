import { setImmediate } from 'node:timers/promises'
import type {
  Clock,
  KeyedState,
  OpenBackend,
  StateBackend,
  StateChange,
  StoreHead
} from '../contract/index.ts'
import { during } from '../observe/doing.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { Logger } from '../observe/log.ts'
import { isRecent } from '../state/local-copy.ts'

/** Where nothing says how many rows of all states together are in memory beside those that have changed. */
const HOT_ROWS = 100_000
/** So many are kept also where memory is scarce. */
const LEAST_HOT_ROWS = 1000
/** Between two times that the place in the changelogs is remembered, in ms: a restart reads what came behind it once more. */
const HEAD_INTERVAL = 10_000
/** A restart puts so many records into the store at once. */
const CHUNK = 10_000
/** A commit puts so many there in some 10 ms: others wait meanwhile. */
const PUT_AT_ONCE = 1000

/** See PipelineOptions. */
export interface SpillOptions {
  readonly log: Logger
  readonly clock: Clock
  readonly openBackend?: OpenBackend
  readonly hotRows?: number
}

/**
 * States whose rows are in a store: a copy of what the changelogs have, so that they need not be in memory. Changes go into it when they
 * are committed, part by part; so it is never ahead of the changelogs, and what it lacks a restart reads there.
 */
export class SpilledStates {
  readonly #backend: StateBackend
  readonly #states: () => readonly KeyedState[]
  readonly #log: Logger
  readonly #clock: Clock
  #hotRows: number
  #next = 0
  /** Records of the changelog that are on their way into the store. */
  #read: StateChange[] = []

  constructor(
    backend: StateBackend,
    states: () => readonly KeyedState[],
    { log, clock, hotRows = HOT_ROWS }: SpillOptions
  ) {
    this.#backend = backend
    this.#states = states
    this.#log = log
    this.#clock = clock
    this.#hotRows = hotRows
  }

  /** Where the changelog of each state goes on that is in the store. `identity`: of the pipeline's state; null: it has none yet. */
  restore(identity: string | null): ReadonlyMap<string, number> {
    const offsets = new Map<string, number>()
    for (const { name, fingerprint, spill = null } of this.#states()) {
      if (spill === null) {
        throw new EnvironmentError(`the state "${name}" can't be kept on the disk`)
      }
      const head = this.#backend.head(name)
      const wrong = head === null ? null : this.#wrongWith(head, identity, fingerprint)
      if (wrong !== null) this.#log.log('warn', wrong, { table: name })
      if (head !== null && wrong === null) offsets.set(name, head.offset)
      else this.#backend.clear(name)
      spill.into(this.#backend.store(name))
    }
    return offsets
  }

  /** Why a state can't begin with what is in the store; null: it can. */
  #wrongWith(head: StoreHead, identity: string | null, fingerprint: string): string | null {
    if (head.state !== identity || head.fingerprint !== fingerprint) {
      return 'local state of another state'
    }
    return isRecent(head.written, this.#clock.now()) ? null : 'local state is too old'
  }

  /** A record of a changelog, in its order. */
  read(change: StateChange): void {
    this.#read.push(change)
    if (this.#read.length === CHUNK) this.readAll()
  }

  /** All records have been given. */
  readAll(): void {
    const read = this.#read
    this.#read = []
    this.#put(read)
  }

  /** What the changelogs have now is in the store. */
  restored(identity: string, ends: ReadonlyMap<string, number>): void {
    this.readAll()
    this.#backend.write(() => {}, this.#heads(identity, ends))
  }

  /** These changes are committed. `ends` asks for the ends of the changelogs. */
  async committed(
    changes: readonly StateChange[],
    now: number,
    identity: string,
    ends: () => Promise<ReadonlyMap<string, number>>
  ): Promise<void> {
    for (let from = 0; from < changes.length; from += PUT_AT_ONCE) {
      await setImmediate()
      this.#put(changes.slice(from, from + PUT_AT_ONCE))
    }
    // What is forgotten is copied around: as much work as a part.
    await setImmediate()
    for (const { spill } of this.#states()) spill!.settled()
    this.trim()
    if (now < this.#next) return
    this.#next = now + HEAD_INTERVAL
    this.#backend.write(() => {}, this.#heads(identity, await ends()))
  }

  #put(changes: readonly StateChange[]): void {
    const states = new Map(this.#states().map(({ name, spill }) => [name, spill!]))
    const put = (): void => {
      // The pipeline's own facts are not among them.
      for (const { table, key, row } of changes) states.get(table)?.put(key, row)
    }
    during('committing', () => this.#backend.write(put))
  }

  #heads(identity: string, ends: ReadonlyMap<string, number>): ReadonlyMap<string, StoreHead> {
    const heads = new Map<string, StoreHead>()
    const written = this.#clock.now()
    for (const { name, fingerprint } of this.#states()) {
      heads.set(name, { state: identity, fingerprint, offset: ends.get(name) ?? 0, written })
    }
    return heads
  }

  /** Whether so many rows have changed that they should be committed before their time. */
  get isCrowded(): boolean {
    return this.#states().some(({ spill }) => spill!.unsaved() > this.#hotRows)
  }

  /** Forgets rows in memory that the store has; to be called between two batches, where all that was taken is committed. */
  trim(): void {
    const states = this.#states()
    for (const { spill } of states) spill!.trim(this.#hotRows / states.length)
  }

  /** Fewer rows are in memory from now on. To be called as `trim`. */
  shrink(): void {
    this.#hotRows = Math.min(this.#hotRows, Math.max(LEAST_HOT_ROWS, this.#hotRows / 2))
    this.trim()
  }

  /** What is in the store can't be believed. */
  distrust(): void {
    this.#backend.distrust()
  }

  /** Everything is committed. */
  async close(identity: string, ends: ReadonlyMap<string, number>): Promise<void> {
    this.#backend.write(() => {}, this.#heads(identity, ends))
    await this.#backend.close(true)
  }

  async discard(): Promise<void> {
    await this.#backend.close(false)
  }
}
