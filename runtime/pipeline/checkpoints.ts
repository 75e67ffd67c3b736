import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Clock, KeyedState } from '../contract/index.ts'
import type { Logger } from '../observe/log.ts'
import type { WorkMetrics } from '../observe/metrics.ts'
import {
  checkCheckpoint,
  type CheckpointBlock,
  type CheckpointHead,
  readCheckpoint,
  visitRows,
  writeCheckpoint
} from '../state/checkpoint-file.ts'
import { isRecent } from '../state/local-copy.ts'
import { decodeRows } from '../state/state-codec.ts'

/** Between the beginnings of two checkpoints, in ms. */
const INTERVAL = 60_000

export interface CheckpointOptions {
  readonly log: Logger
  readonly clock: Clock
  readonly metrics: WorkMetrics
}

/**
 * Copies of tables and stages on the local disk, so that a restart reads only the end of each changelog. A checkpoint is written while
 * the pipeline goes on: it may hold changes from after its offset, which the changelog repeats; it takes its place only once a
 * later commit has made all of them final.
 */
export class Checkpoints {
  readonly #folder: string
  readonly #states: () => readonly KeyedState[]
  readonly #log: Logger
  readonly #clock: Clock
  readonly #metrics: WorkMetrics
  #writing: Promise<void> | null = null
  /** Written, and to take their place at the next commit. */
  #finished: readonly string[] | null = null
  #next = 0

  constructor(
    folder: string,
    states: () => readonly KeyedState[],
    { log, clock, metrics }: CheckpointOptions
  ) {
    this.#folder = folder
    this.#states = states
    this.#log = log
    this.#clock = clock
    this.#metrics = metrics
  }

  /**
   * Fills what has a checkpoint of the pipeline of this identity, and tells of rows before they are taken: how many of which state, and
   * their bytes. The result is where the changelogs go on. Gives way after each block: who asks whether the process lives is answered.
   */
  async restore(
    identity: string,
    tell: (state: string, rows: number, bytes: number) => void = () => {}
  ): Promise<ReadonlyMap<string, number>> {
    const offsets = new Map<string, number>()
    for (const state of this.#states()) {
      const { name, fingerprint } = state
      const path = this.#path(name)
      const head = checkCheckpoint(path)
      const wrong = this.#wrongWith(head, identity, fingerprint)
      if (head === null || wrong !== null) {
        if (existsSync(path)) this.#log.log('warn', wrong!, { table: name, path })
        continue
      }
      for (const block of readCheckpoint(path)) {
        tell(name, block.count, block.keys.length + block.rows.length)
        restoreBlock(state, block)
        await setImmediate()
      }
      offsets.set(name, head.offset)
    }
    return offsets
  }

  /** Why a state can't begin with a checkpoint; null: it can. */
  #wrongWith(head: CheckpointHead | null, identity: string, fingerprint: string): string | null {
    if (head === null) return 'checkpoint is damaged, or of another version'
    if (head.state !== identity || head.fingerprint !== fingerprint) {
      return 'checkpoint of another state'
    }
    return isRecent(head.written, this.#clock.now()) ? null : 'checkpoint is too old'
  }

  /** To be called after each commit. `ends` asks for the ends of the changelogs. */
  async committed(
    now: number,
    identity: string,
    ends: () => Promise<ReadonlyMap<string, number>>
  ): Promise<void> {
    this.#publish()
    if (this.#writing !== null || now < this.#next) return
    this.#next = now + INTERVAL
    this.#start(identity, await ends())
  }

  /** Writes and publishes at once: at the end, when everything is committed. */
  async last(identity: string, ends: ReadonlyMap<string, number>): Promise<void> {
    await this.#writing
    this.#start(identity, ends)
    await this.#writing
    this.#publish()
  }

  /** What is being written never takes its place. Resolves when nothing writes any more. */
  async discard(): Promise<void> {
    await this.#writing
    this.#finished = null
  }

  #start(identity: string, ends: ReadonlyMap<string, number>): void {
    const start = this.#clock.elapsed()
    this.#writing = this.#write(identity, ends)
      .then(
        names => {
          this.#finished = names
          this.#metrics.durations.observe((this.#clock.elapsed() - start) / 1000)
        },
        (error: unknown) => {
          this.#missed(error)
          this.#makeRoom()
        }
      )
      .finally(() => {
        this.#writing = null
      })
  }

  async #write(identity: string, ends: ReadonlyMap<string, number>): Promise<string[]> {
    const names: string[] = []
    const written = this.#clock.now()
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    for (const state of this.#states()) {
      const { name, fingerprint } = state
      const offset = ends.get(name)
      if (offset === undefined) continue
      const head = { state: identity, fingerprint, offset, written }
      await writeCheckpoint(`${this.#path(name)}.new`, head, state.encoded())
      names.push(name)
    }
    return names
  }

  #publish(): void {
    const names = this.#finished ?? []
    this.#finished = null
    try {
      for (const name of names) renameSync(`${this.#path(name)}.new`, this.#path(name))
    } catch (error) {
      this.#missed(error)
    }
  }

  /** Half a checkpoint is of no use to anybody, and a full disk is one to others too. */
  #makeRoom(): void {
    try {
      this.#removeDrafts()
    } catch {
      // Where nothing can be written nothing can be removed either.
    }
  }

  #removeDrafts(): void {
    for (const { name } of this.#states()) rmSync(`${this.#path(name)}.new`, { force: true })
  }

  /** The folder may be gone, or full: all that is in a checkpoint is in the changelogs too. */
  #missed(error: unknown): void {
    const reason = (error as Error).message
    this.#metrics.failures++
    this.#log.limited('warn', 'no checkpoint: a restart will take longer', { reason })
  }

  /** Removes what a crash left half-written. */
  clean(): void {
    try {
      this.#removeDrafts()
    } catch (error) {
      this.#missed(error)
    }
  }

  #path(name: string): string {
    return join(this.#folder, `${encodeURIComponent(name)}.checkpoint`)
  }
}

function restoreBlock(state: KeyedState, block: CheckpointBlock): void {
  if (state.restoreRows) state.restoreRows(decodeRows(block.rows))
  else visitRows(block, ({ key, row }) => state.restore(key, row))
}
