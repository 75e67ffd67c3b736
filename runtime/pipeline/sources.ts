import type { MissingRecords } from '../contract/index.ts'
import { MISSING } from '../observe/error-counts.ts'
import type { Metrics, SourceMetrics } from '../observe/metrics.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { CommitOutcome, Commits } from './commits.ts'
import type { Dataflow } from './dataflow.ts'
import type { Lock } from './lock.ts'
import { checkOnItsWay, isOfOtherForm, otherForm } from './exchange-rows.ts'
import { openEnd } from './open-end.ts'
import type { Outputs } from './outputs.ts'
import type { PipelineEnd } from './pipeline-end.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** Before a source that no broker answers is opened again, in ms. */
const REOPEN_AGAIN = 1000

const MISSING_HINT =
  "Start with --skip-missing to go on with what is there, which is counted and logged, or say missing_records = 'skip' in FROM KAFKA. " +
  'With --rebuild-state a pipeline with state begins anew. Longer retention (retention.ms, retention.bytes) of the topic keeps it from happening again.'

/** What sources need of the loop that polls them. */
export interface SourcesHost {
  readonly metrics: Metrics
  readonly lock: Lock
  readonly outputs: Outputs
  readonly dataflow: Dataflow
  readonly commits: Commits
  readonly end: PipelineEnd
}

/** The sources' places in their groups: partitions that come and go, and where they go on when the pipeline has gone back. */
export class Sources {
  readonly #options: PipelineOptions
  readonly #host: SourcesHost
  /** Those that are further than the state, which went back to the last commit. */
  readonly #ahead = new Set<SourceMetrics>()
  /** Those that need a new connection. */
  readonly #expelled = new Set<SourceMetrics>()
  /** How often the pipeline went back. */
  #returns = 0

  constructor(options: PipelineOptions, host: SourcesHost) {
    this.#options = options
    this.#host = host
  }

  async open(source: SourceMetrics): Promise<void> {
    const { name } = source.definition
    const { log, connector } = this.#options
    const { lock, dataflow, outputs } = this.#host
    await openEnd(source, connected =>
      connector.openSource(source.definition, {
        assigned: (partitions, timeOf) => {
          source.assigned = partitions
          dataflow.assign(name, partitions, timeOf)
          log.log('info', 'partitions assigned', { source: name, partitions: partitions.join(' ') })
        },
        revoking: partitions => lock.run(() => this.#giveUp(source, partitions)),
        lost: partitions => {
          log.log('warn', 'partitions lost', { source: name, partitions: partitions.join(' ') })
          return lock.run(() => this.#lose(source, partitions))
        },
        rejected: (batch, record, error) => {
          if (dataflow.hears(source, batch, record)) return
          if (error.site < 0 && isOfOtherForm(source.definition, batch, record))
            throw otherForm(source.definition)
          outputs.failedRecords.rejected(source, batch, record, error)
        },
        missing: records => this.#missing(source, records),
        expelled: () => void this.#expelled.add(source),
        connected
      })
    )
  }

  /** Nobody can read them any more: whether the rest is of use without them is for people to say. */
  #missing(source: SourceMetrics, { partition, from, to, next, text }: MissingRecords): void {
    const { clock, log } = this.#options
    const { name, skipsMissing } = source.definition
    const message = `source "${name}": ${text}`
    if (skipsMissing !== true) throw new EnvironmentError(message, MISSING_HINT)
    source.next.delete(partition)
    source.missing += to === null ? 0 : to - from
    source.errors.add(MISSING, -1, text, clock.now())
    log.log('error', message, { partition, from, to: to ?? 'unknown', 'goes on at': next })
  }

  /** Throws where rows are on their way that can't be read. To be called when all are open, before anything is read. */
  async checkOnTheirWay(): Promise<void> {
    const { metrics, end, dataflow } = this.#host
    if (!dataflow.tables.areSentOtherwise) return
    for (const { definition, connection } of metrics.sources)
      if (definition.exchange?.form !== undefined)
        await checkOnItsWay(definition, connection!, () => end.isOver)
  }

  /** With the settings that it has now; its group gives it its partitions again. */
  async reopen(source: SourceMetrics): Promise<void> {
    await source.connection?.close()
    source.connection = null
    source.assigned = null
    await this.open(source)
  }

  async stop(source: SourceMetrics): Promise<void> {
    const { metrics } = this.#host
    this.#ahead.delete(source)
    metrics.sources = metrics.sources.filter(other => other !== source)
    await source.connection?.close()
  }

  /** To be called by what holds the lock: state is as it was at the last commit, and each source goes back before its next poll. */
  async goBack(): Promise<void> {
    const { metrics, commits } = this.#host
    this.#returns++
    for (const source of metrics.sources) {
      if (source.definition.isCopied !== true) this.#ahead.add(source)
    }
    await commits.goBack()
  }

  /** To be called by what holds the lock: a barrier, until its outcome is known. A failure stops the pipeline, as it would between two batches. */
  async settle(): Promise<CommitOutcome> {
    const { commits, end } = this.#host
    try {
      const outcome = await commits.settle()
      if (outcome === 'lost') await this.goBack()
      return outcome
    } catch (error) {
      end.fail(error)
      throw error
    }
  }

  /** A barrier between two batches. */
  async commit(): Promise<void> {
    const { commits } = this.#host
    // What is sent is kept in memory until then: no more comes in before.
    const outcome = commits.isFull ? await commits.settle() : await commits.barrierInPassing()
    if (outcome === 'lost') await this.goBack()
  }

  /** Whether what was polled of it comes from before the pipeline went back: it comes again. */
  isAhead(source: SourceMetrics): boolean {
    return this.#ahead.has(source)
  }

  get areAhead(): boolean {
    return this.#ahead.size > 0
  }

  /** To be called before each poll. False: the pipeline stops. */
  async prepare(source: SourceMetrics): Promise<boolean> {
    if (this.#expelled.has(source) && !(await this.#readmit(source))) return false
    if (this.#ahead.has(source)) await this.#rewind(source)
    return true
  }

  async #readmit(source: SourceMetrics): Promise<boolean> {
    const { lock, end } = this.#host
    const { log, clock } = this.#options
    await lock.run(() => this.#lose(source, source.assigned ?? []))
    while (!end.isOver) {
      try {
        await this.reopen(source)
        this.#expelled.delete(source)
        return true
      } catch (error) {
        if (!(error instanceof EnvironmentError)) throw error
        log.limited('warn', 'source not opened yet', { reason: error.message })
        await clock.sleep(REOPEN_AGAIN)
      }
    }
    return false
  }

  async #rewind(source: SourceMetrics): Promise<void> {
    const returns = this.#returns
    const { connection, definition } = source
    const partitions = await connection!.rewind('committed')
    const timeOf = (partition: number) => connection!.time?.(partition) ?? null
    this.#host.dataflow.assign(definition.name, partitions, timeOf)
    // It may have gone back once more meanwhile.
    if (returns === this.#returns) this.#ahead.delete(source)
  }

  /** What was read of them is committed, or else nobody will know that it was read. */
  async #giveUp(source: SourceMetrics, partitions: readonly number[]): Promise<void> {
    const { commits, end } = this.#host
    if (end.failure !== null) return
    try {
      const outcome = await commits.barrier()
      forget(source, partitions)
      if (outcome === 'lost' || (outcome === 'again' && commits.keepsUncommitted))
        await this.goBack()
    } catch (error) {
      end.fail(error)
    }
  }

  async #lose(source: SourceMetrics, partitions: readonly number[]): Promise<void> {
    const { commits, end } = this.#host
    forget(source, partitions)
    // Outputs and state that come from them must not be committed.
    if (!commits.keepsUncommitted || end.failure !== null) return
    try {
      await this.goBack()
    } catch (error) {
      end.fail(error)
    }
  }
}

function forget(source: SourceMetrics, partitions: readonly number[]): void {
  source.assigned = (source.assigned ?? []).filter(kept => !partitions.includes(kept))
  for (const partition of partitions) source.next.delete(partition)
}
