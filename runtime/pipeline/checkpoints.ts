import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../observe/log.ts'
import { checkCheckpoint, readCheckpoint, writeCheckpoint } from '../state/checkpoint-file.ts'
import { tableFingerprint } from '../state/fingerprint.ts'
import type { TableState } from '../state/index.ts'

/** Between the beginnings of two checkpoints, in ms. */
const INTERVAL = 60_000

/**
 * Copies of the tables on the local disk, so that a restart reads only the end of each changelog. A checkpoint is written while
 * the pipeline goes on: it may hold changes from after its offset, which the changelog repeats; it takes its place only once a
 * later commit has made all of them final.
 */
export class Checkpoints {
  readonly #folder: string
  readonly #tables: readonly TableState[]
  readonly #log: Logger
  #writing: Promise<void> | null = null
  /** Written, and to take their place at the next commit. */
  #finished: readonly string[] | null = null
  #next = 0

  constructor(folder: string, tables: readonly TableState[], log: Logger) {
    this.#folder = folder
    this.#tables = tables
    this.#log = log
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Fills the tables that have a checkpoint of `state`; the result is where their changelogs go on. */
  restore(state: string): ReadonlyMap<string, number> {
    const offsets = new Map<string, number>()
    for (const table of this.#tables) {
      const { name } = table.definition
      const path = this.#path(name)
      const head = checkCheckpoint(path)
      const fits = head?.state === state && head.fingerprint === tableFingerprint(table.definition)
      if (head === null || !fits) {
        if (head !== null)
          this.#log.log('warn', 'checkpoint of another state', { table: name, path })
        continue
      }
      readCheckpoint(path, ({ key, row }) => table.restore(key, row))
      offsets.set(name, head.offset)
    }
    return offsets
  }

  /** To be called after each commit. `ends` asks for the ends of the changelogs. */
  async committed(
    now: number,
    state: string,
    ends: () => Promise<ReadonlyMap<string, number>>
  ): Promise<void> {
    this.#publish()
    if (this.#writing !== null || now < this.#next) return
    this.#next = now + INTERVAL
    this.#start(state, await ends())
  }

  /** Writes and publishes at once: at the end, when everything is committed. */
  async last(state: string, ends: ReadonlyMap<string, number>): Promise<void> {
    await this.#writing
    this.#start(state, ends)
    await this.#writing
    this.#publish()
  }

  #start(state: string, ends: ReadonlyMap<string, number>): void {
    this.#writing = this.#write(state, ends)
      .then(
        names => {
          this.#finished = names
        },
        (error: unknown) => {
          const reason = (error as Error).message
          this.#log.limited('warn', 'no checkpoint: a restart will take longer', { reason })
        }
      )
      .finally(() => {
        this.#writing = null
      })
  }

  async #write(state: string, ends: ReadonlyMap<string, number>): Promise<string[]> {
    const names: string[] = []
    for (const table of this.#tables) {
      const { definition } = table
      const offset = ends.get(definition.name)
      if (offset === undefined) continue
      const head = { state, fingerprint: tableFingerprint(definition), offset }
      await writeCheckpoint(`${this.#path(definition.name)}.new`, head, table.encoded())
      names.push(definition.name)
    }
    return names
  }

  #publish(): void {
    for (const name of this.#finished ?? []) renameSync(`${this.#path(name)}.new`, this.#path(name))
    this.#finished = null
  }

  /** Removes what a crash left half-written. */
  clean(): void {
    for (const { definition } of this.#tables) {
      rmSync(`${this.#path(definition.name)}.new`, { force: true })
    }
  }

  #path(table: string): string {
    return join(this.#folder, `${encodeURIComponent(table)}.checkpoint`)
  }
}
