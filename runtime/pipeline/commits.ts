import type { PipelineDefinition, SourceOffsets, TransactionConnection } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { MemoryExhausted } from '../observe/memory-exhausted.ts'
import { type Metrics, rememberCounts, type SourceMetrics } from '../observe/metrics.ts'
import { TransactionLost } from '../observe/transaction-lost.ts'
import type { Sending, WorkTracer } from '../observe/work-tracer.ts'
import type { Dataflow } from './dataflow.ts'
import { ExchangeMarks } from './exchange-marks.ts'
import type { Outputs } from './outputs.ts'
import type { PipelineEnd } from './pipeline-end.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { tellInParts } from './tell-in-parts.ts'

/** How long the last commit is tried, in ms. */
const LAST_COMMIT_TIMEOUT = 5000
/** Before a commit that failed is tried again, in ms. */
const COMMIT_RETRY = 100
/** Before brokers that are away are asked again for what is committed, in ms. */
const RESTORE_RETRY = 1000

/** `again`: nothing is committed, and it has to be repeated. `lost`: what was done since the last commit has to be done anew. */
export type CommitOutcome = 'committed' | 'again' | 'lost'

/** Barriers: everything that was sent is acknowledged, then committed with the offsets that caused it. */
export class Commits {
  readonly #options: PipelineOptions
  readonly #definition: PipelineDefinition
  readonly #metrics: Metrics
  readonly #outputs: Outputs
  readonly #dataflow: Dataflow
  readonly #marks: ExchangeMarks
  readonly #tracer: WorkTracer
  readonly #end: PipelineEnd
  #transactions: TransactionConnection | null = null
  #next = 0
  /** Whether there is something to commit. */
  #dirty = false
  /** The commit that others did not wait for, until its outcome is known. */
  #passing: Promise<unknown> = Promise.resolve()
  #setCountsBack: () => void = () => {}

  constructor(
    definition: PipelineDefinition,
    options: PipelineOptions,
    metrics: Metrics,
    outputs: Outputs,
    dataflow: Dataflow,
    tracer: WorkTracer,
    end: PipelineEnd
  ) {
    this.#definition = definition
    this.#options = options
    this.#metrics = metrics
    this.#outputs = outputs
    this.#dataflow = dataflow
    this.#tracer = tracer
    this.#end = end
    this.#marks = new ExchangeMarks(definition, metrics, dataflow)
  }

  /** State is as it was when the pipeline ended, before anything else happens. */
  async open(): Promise<void> {
    const { tables } = this.#dataflow
    if (tables.isEmpty && this.#definition.delivery !== 'exactly_once') return
    const { connector, log } = this.#options
    this.#transactions = await connector.openTransactions(this.#definition)
    await this.#dataflow.restore(this.#transactions)
    if (!tables.isEmpty) log.log('info', 'state restored', tables.sizes())
  }

  /** The time to the first barrier begins. */
  start(): void {
    this.#setCountsBack = rememberCounts(this.#metrics)
    this.#wait()
  }

  #wait(): void {
    // The wall clock may be put back: nothing would be committed until it has caught up.
    this.#next = this.#options.clock.elapsed() + this.#definition.commitInterval
  }

  /** Something has happened that is to be committed. */
  touch(): void {
    this.#dirty = true
  }

  isDue(): boolean {
    return this.isFull || this.#options.clock.elapsed() >= this.#next
  }

  /** So much is sent that it should not become more. */
  get isFull(): boolean {
    return this.#transactions?.isFull() === true || this.#dataflow.tables.isCrowded
  }

  /** Whether partitions that were lost leave something behind that is not committed. */
  get keepsUncommitted(): boolean {
    return this.#transactions !== null
  }

  /** Rejects with what has stopped the pipeline, if something has. */
  async barrier(): Promise<CommitOutcome> {
    const outcome = (await this.#isNeeded()) ? await this.#measured(() => {}) : 'committed'
    this.#wait()
    return outcome
  }

  /**
   * As `barrier`, but where offsets alone are committed nobody waits until the group has taken them: what was sent is acknowledged, so the
   * next batch may come. If they are not taken, the next barrier has more to commit.
   */
  async barrierInPassing(): Promise<CommitOutcome | 'passing'> {
    if (this.#transactions !== null) return this.barrier()
    if (!(await this.#isNeeded())) return 'committed'
    const { promise: flushed, resolve } = Promise.withResolvers<'passing'>()
    const done = this.#measured(() => resolve('passing'))
    this.#passing = done.catch((error: unknown) => this.#end.fail(error))
    const outcome = await Promise.race([flushed, done])
    this.#wait()
    return outcome
  }

  async #isNeeded(): Promise<boolean> {
    await this.#passing
    if ((await this.#marks.haveMoved()) || this.#havePassedMarks()) this.#dirty = true
    return this.#dirty
  }

  /** Brokers may delete what stands behind the last record: a start that finds it gone should not take it for records. */
  #havePassedMarks(): boolean {
    return this.#metrics.sources.some(({ connection }) => connection?.hasPassedMarks?.() === true)
  }

  /** A barrier, repeated while its commit fails. */
  async settle(): Promise<CommitOutcome> {
    for (;;) {
      const outcome = await this.barrier()
      if (outcome !== 'again') return outcome
      await this.#options.clock.sleep(COMMIT_RETRY)
    }
  }

  async #measured(flushed: () => void): Promise<CommitOutcome> {
    const { clock } = this.#options
    const { commits } = this.#metrics
    const start = clock.elapsed()
    const work = this.#tracer.commit()
    try {
      const outcome = await this.#commit(work, flushed)
      if (outcome === 'committed') commits.durations.observe((clock.elapsed() - start) / 1000)
      else commits.failures++
      work.end(outcome === 'committed' ? null : outcome)
      return outcome
    } catch (error) {
      work.end(error)
      throw error
    }
  }

  /** Calls `flushed` as soon as all that was sent is acknowledged and only offsets are left to commit. */
  async #commit(work: Sending, flushed: () => void): Promise<CommitOutcome> {
    // What groups have become since the last barrier is part of what is committed.
    const { clock } = this.#options
    const produce = () => this.#outputs.produce(work)
    this.#metrics.telling += await tellInParts(this.#dataflow.tellChanges(), clock, produce)
    await produce()
    await this.#marks.tell()
    const isFlushed = await this.#flush()
    this.#end.throwFailure()
    if (!isFlushed) return 'lost'
    const isSeen = this.#definition.delivery !== 'exactly_once'
    if (isSeen) this.#outputs.acknowledged()
    // What comes from here on is of the next commit.
    this.#dirty = false
    let setCountsBack = rememberCounts(this.#metrics)
    const committing =
      this.#transactions === null
        ? this.#commitOffsets(flushed)
        : this.#commitTransaction(this.#transactions)
    const outcome = await committing.catch((error: unknown) => {
      this.#dirty = true
      throw error
    })
    if (outcome !== 'committed') {
      this.#dirty = true
      return outcome
    }
    if (!isSeen) {
      this.#outputs.acknowledged()
      setCountsBack = rememberCounts(this.#metrics)
    }
    this.#setCountsBack = setCountsBack
    return outcome
  }

  /** False: a sink wants all that it got since the last commit once more. */
  async #flush(): Promise<boolean> {
    try {
      await this.#outputs.flush()
      return true
    } catch (error) {
      if (!(error instanceof TransactionLost)) throw error
      this.#options.log.limited('warn', 'going back to the last commit', { reason: error.message })
      return false
    }
  }

  async #commitTransaction(transactions: TransactionConnection): Promise<CommitOutcome> {
    const { clock, log } = this.#options
    const { tables } = this.#dataflow
    const offsets = this.#metrics.sources.flatMap(source => this.#offsetsOf(source))
    try {
      await transactions.commit(await tables.changes(), offsets)
    } catch (error) {
      if (error instanceof EnvironmentError) throw error
      const isLost = error instanceof TransactionLost
      log.limited('warn', 'commit failed', { reason: (error as Error).message })
      return isLost ? 'lost' : 'again'
    }
    this.#marks.committed()
    for (const { source, partitions, next } of offsets) source.passed?.(partitions, next)
    await tables.committed(clock.elapsed(), transactions)
    return 'committed'
  }

  #offsetsOf({ connection, next, definition, assigned }: SourceMetrics): SourceOffsets[] {
    if (connection === null || definition.isCopied === true) return []
    const partOf = (places: ReadonlyMap<number, number>) =>
      places.size === 0
        ? []
        : [{ source: connection, partitions: [...places.keys()], next: [...places.values()] }]
    if (!this.#marks.areHandedOver) return partOf(next)
    const timeOf = (partition: number) => this.#dataflow.time(definition.name, partition)
    const places = new Map(next)
    // Of one that gave no record others may go on without it all the same, or were told of its time.
    for (const partition of assigned ?? []) {
      const place = connection.position(partition)
      const time = timeOf(partition)
      const isTold = time?.wasIdle === true || time?.processed !== undefined
      if (!places.has(partition) && place !== null && isTold) places.set(partition, place)
    }
    return partOf(places).map(part => ({ ...part, times: part.partitions.map(timeOf) }))
  }

  async #commitOffsets(flushed: () => void): Promise<CommitOutcome> {
    const sources = this.#metrics.sources.filter(
      ({ next, definition }) => definition.isCopied !== true && next.size > 0
    )
    const commits = sources.map(async ({ connection, next }) =>
      connection!.commit([...next.keys()], [...next.values()])
    )
    flushed()
    let outcome: CommitOutcome = 'committed'
    for (const [i, result] of (await Promise.allSettled(commits)).entries()) {
      if (result.status === 'fulfilled') continue
      outcome = 'again'
      // The group has moved on, or the broker is away: the records may come again, none is lost.
      const reason = (result.reason as Error).message
      const source = sources[i]!.definition.name
      this.#options.log.limited('warn', 'commit failed', { source, reason })
    }
    return outcome
  }

  /** Nothing since the last commit has happened. The sources have to go back too. */
  async goBack(): Promise<void> {
    const transactions = this.#transactions
    const { clock, log } = this.#options
    await this.#passing
    this.#metrics.returns++
    this.#outputs.discard()
    this.#marks.forget()
    await transactions?.abort()
    for (const { next, definition } of this.#metrics.sources) {
      if (definition.isCopied !== true) next.clear()
    }
    this.#setCountsBack()
    this.#dirty = false
    for (;;) {
      try {
        await this.#dataflow.goBack(transactions)
        break
      } catch (error) {
        const isPassing = error instanceof EnvironmentError && !(error instanceof MemoryExhausted)
        if (!isPassing || this.#end.isStopping) throw error
        log.limited('warn', 'state is not restored yet', { reason: error.message })
        await clock.sleep(RESTORE_RETRY)
      }
    }
    log.log('warn', 'back at the last commit', this.#dataflow.tables.sizes())
  }

  /** The last barrier, and what makes the next start quick. Rejects where nothing could be committed any more. */
  async last(): Promise<void> {
    const { clock } = this.#options
    const deadline = clock.elapsed() + LAST_COMMIT_TIMEOUT
    let outcome = await this.barrier()
    while (outcome === 'again' && clock.elapsed() < deadline) {
      await clock.sleep(COMMIT_RETRY)
      outcome = await this.barrier()
    }
    if (outcome !== 'committed')
      throw new EnvironmentError(
        'stopped without a last commit',
        'What was done since the last one comes again at the next start.'
      )
    const transactions = this.#transactions
    if (transactions !== null) await this.#dataflow.tables.close(() => this.#lastEnds(transactions))
  }

  /** Null: nobody says soon. Without a last checkpoint the next start takes longer, no more. */
  async #lastEnds(
    transactions: TransactionConnection
  ): Promise<ReadonlyMap<string, number> | null> {
    const { sources, sinks } = this.#metrics
    const isAway = [...sources, ...sinks].some(({ trouble }) => trouble !== null)
    const ends = isAway ? null : await transactions.ends().catch(() => null)
    if (ends === null)
      this.#options.log.log('warn', 'no last checkpoint: a restart will take longer')
    return ends
  }

  async close(): Promise<void> {
    await this.#passing
    await this.#transactions?.close()
  }
}
