import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PipelineDefinition } from '../contract/index.ts'
import { withFields } from '../observe/log.ts'
import { TakenOver } from '../observe/taken-over.ts'
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts'
import type { TopologyOptions } from './topology-options.ts'

/** Before a task that another process had is tried again while the group says that it is this one's, in ms. */
const TRY_AGAIN = 1000
const GONE = new Error('the task goes to another process')

/** One task of a stage, with the state of its keys, from when it came to this process until it goes. */
export class Task {
  readonly #options: TopologyOptions
  readonly #stage: string
  readonly #index: number
  #pipeline: Pipeline | null = null
  #isStopping = false
  readonly #opened = Promise.withResolvers<undefined>()
  /** Rejects when it goes: it may not wait then for others, who may wait for whoever is to have it. */
  readonly #gone = Promise.withResolvers<never>()
  readonly #ended: Promise<void>

  constructor(
    make: () => PipelineDefinition,
    stage: string,
    index: number,
    options: TopologyOptions,
    fail: (error: unknown) => void
  ) {
    this.#options = options
    this.#stage = stage
    this.#index = index
    this.#gone.promise.catch(() => {})
    this.#ended = this.#run(make).catch(fail)
  }

  /** Resolves when it has the state that it goes on with, or another process has. Never, where it may not go on with it. */
  get opened(): Promise<undefined> {
    return this.#opened.promise
  }

  async #run(make: () => PipelineDefinition): Promise<void> {
    while (!this.#isStopping) {
      try {
        const definition = make()
        this.#pipeline = await startPipeline(definition, this.#partOptions())
        // It may have had to go while it started.
        if (this.#isStopping) await this.#pipeline.stop()
        await this.#pipeline.done
        return
      } catch (error) {
        if (error === GONE) return
        if (!(error instanceof TakenOver)) throw error
        const { log } = this.#options
        log.log('warn', 'a task went to another process', { task: this.#index })
        this.#pipeline = null
        this.#opened.resolve(undefined)
        if (!this.#isStopping) await sleep(TRY_AGAIN)
      }
    }
  }

  #partOptions() {
    const { openConnector, stateFolder, log, ...options } = this.#options
    const folder =
      stateFolder === null || stateFolder === undefined
        ? null
        : join(stateFolder, this.#stage, String(this.#index))
    const own = withFields(log, { task: this.#index })
    const opened = (): void => this.#opened.resolve(undefined)
    const mayRead = Promise.race([options.mayRead, this.#gone.promise])
    // It may fail before it waits.
    mayRead.catch(() => {})
    const rest = { log: own, connector: openConnector(), stateFolder: folder }
    return { ...options, ...rest, opened, mayRead }
  }

  /** Null: it starts. */
  get pipeline(): Pipeline | null {
    return this.#pipeline
  }

  ready(): boolean {
    return this.#pipeline?.ready() === true
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    this.#gone.reject(GONE)
    this.#pipeline?.stop().catch(() => {})
    await this.#ended
    this.#opened.resolve(undefined)
  }
}
