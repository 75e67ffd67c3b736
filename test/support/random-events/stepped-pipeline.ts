import { setImmediate as turn } from 'node:timers/promises'
import {
  makeMemoryConnector,
  makeMemoryTopics,
  type NewRecord
} from '../../../runtime/connect/memory/index.ts'
import type { Clock } from '../../../runtime/contract/index.ts'
import { openLmdb } from '../../../runtime/lmdb/index.ts'
import { type Pipeline, startPipeline } from '../../../runtime/pipeline/start-pipeline.ts'
import type { LoadedPipeline } from '../load-pipeline.ts'

/** Polls in a row that find nothing, before all is done. */
const QUIET_POLLS = 3
const START = Date.UTC(2026, 0, 1)
/** No process begins at zero. */
const BOOTED = 1000

/** A pipeline exactly once in a time that passes step by step, in one process after the other. */
export class SteppedPipeline {
  readonly topics = makeMemoryTopics()
  readonly #loaded: LoadedPipeline
  readonly #disk: string | null
  #now = START
  #elapsed = BOOTED
  #running: Pipeline | null = null
  #failure: unknown = null
  readonly #quiet = new Map<string, number>()

  /** `disk`: where its state is; null: in memory. */
  constructor(loaded: LoadedPipeline, disk: string | null) {
    this.#loaded = loaded
    this.#disk = disk
  }

  get now(): number {
    return this.#now
  }

  /** Time passes, and what is due happens. */
  async pass(ms: number): Promise<void> {
    this.#now += ms
    this.#elapsed += ms
    await this.#settle()
  }

  /** Records that come together. */
  async give(records: readonly (NewRecord & { readonly topic: string })[]): Promise<void> {
    for (const { topic, ...record } of records) this.topics.append(topic, record)
    await this.#settle()
  }

  /** Another process goes on, whose clock begins anew. */
  async restart(): Promise<void> {
    await this.stop()
    this.#elapsed = BOOTED
    await this.#settle()
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
    this.#running = null
    if (this.#failure !== null) throw this.#failure
  }

  async #settle(): Promise<void> {
    this.#running ??= await this.#start()
    for (const name of this.#quiet.keys()) this.#quiet.set(name, 0)
    const running = this.#running
    const isQuiet = (): boolean =>
      running.ready() && [...this.#quiet.values()].every(polls => polls >= QUIET_POLLS)
    while (this.#failure === null && !isQuiet()) await turn()
    if (this.#failure !== null) throw this.#failure
  }

  async #start(): Promise<Pipeline> {
    const { definition, models } = this.#loaded
    const clock: Clock = {
      now: () => this.#now,
      elapsed: () => this.#elapsed,
      // Only the test moves the clock.
      sleep: () => turn()
    }
    const memory = makeMemoryConnector(this.topics, clock)
    const connector: typeof memory = {
      ...memory,
      openSource: async (source, listener) => {
        const { name } = source
        this.#quiet.set(name, 0)
        const connection = await memory.openSource(source, listener)
        return {
          ...connection,
          poll: async (maxRecords, maxWait, fill) => {
            const batch = await connection.poll(maxRecords, maxWait, fill)
            this.#quiet.set(name, batch === null ? this.#quiet.get(name)! + 1 : 0)
            return batch
          }
        }
      }
    }
    const delivery = { delivery: 'exactly_once', commitInterval: 0 } as const
    const backend = this.#disk === null ? 'memory' : 'lmdb'
    const onDisk =
      this.#disk === null ? {} : { stateFolder: this.#disk, openBackend: openLmdb, hotRows: 1 }
    const log = { log: () => {}, limited: () => {} }
    const running = await startPipeline(
      { ...definition, ...delivery, backend },
      { connector, clock, log, models, ...onDisk }
    )
    running.done.catch((error: unknown) => (this.#failure = error))
    return running
  }
}
