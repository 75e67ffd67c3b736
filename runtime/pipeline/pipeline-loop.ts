import type { Batch, OpenAsker, PipelineDefinition } from '../contract/index.ts'
import {
  countBatch,
  isAtEnd,
  lagOf,
  makeMetrics,
  type Metrics,
  type SourceMetrics
} from '../observe/metrics.ts'
import { recordOf } from '../observe/record-samples.ts'
import { type Snapshot, takeSnapshot } from '../observe/snapshot.ts'
import { StoreDamaged } from '../observe/store-damaged.ts'
import { TransactionLost } from '../observe/transaction-lost.ts'
import { noTracer, type Polling, traced, type WorkTracer } from '../observe/work-tracer.ts'
import { loadAsk } from '../native/index.ts'
import { type CommitOutcome, Commits } from './commits.ts'
import { Dataflow } from './dataflow.ts'
import { StoppedByRecord } from './stopped-by-record.ts'
import { makeLock } from './lock.ts'
import { makeRoom } from './make-room.ts'
import { Operations } from './operations.ts'
import { Outputs } from './outputs.ts'
import { Statements } from './statements.ts'
import { SourceOrders } from './source-orders.ts'
import { SourceSchemas } from './source-schemas.ts'
import { Sources } from './sources.ts'
import type { PipelineOptions } from './start-pipeline.ts'
import { tellInParts } from './tell-in-parts.ts'

/** Clients make objects of records: so few of them die young, before the garbage collector has to copy them. */
const POLL_SIZE = 1000
/** How long a poll waits for a first record, in ms: also how long a stop or a rebalance may take to be seen. */
const POLL_WAIT = 100

/** All of a pipeline's sources, each with a loop of its own; batches and barriers run one at a time. */
export class PipelineLoop {
  readonly metrics: Metrics
  /** What applications ask and order while the pipeline runs. */
  readonly statements: Statements
  readonly #orders = new SourceOrders()
  readonly #tracer: WorkTracer
  readonly #options: PipelineOptions
  readonly #definition: PipelineDefinition
  readonly #outputs: Outputs
  readonly #dataflow: Dataflow
  readonly #commits: Commits
  readonly #sources: Sources
  readonly #schemas: SourceSchemas
  /** Whether topics that are tables have been read to their end. */
  #tablesRead = false
  readonly #lock = makeLock()
  #stopping = false
  readonly #stopped = Promise.withResolvers<undefined>()
  #failure: Error | null = null
  readonly #started: number

  constructor(definition: PipelineDefinition, options: PipelineOptions) {
    const metrics = makeMetrics(definition)
    this.metrics = metrics
    this.#started = options.clock.now()
    this.#options = options
    this.#definition = definition
    const { samples = null } = options
    const tracer = options.openTracer?.() ?? noTracer
    this.#tracer = tracer
    const fail = (error: unknown): void => this.#fail(error)
    this.#outputs = new Outputs(definition, options, metrics, samples, tracer, fail)
    this.#schemas = new SourceSchemas(metrics.sources, options, this.#stopped.promise)
    const within = { metrics, outputs: this.#outputs, schemas: this.#schemas, samples }
    this.#dataflow = new Dataflow(definition, options, within)
    this.#commits = new Commits(definition, options, metrics, this.#outputs, this.#dataflow, tracer)
    this.#sources = new Sources(options, {
      metrics,
      lock: this.#lock,
      outputs: this.#outputs,
      dataflow: this.#dataflow,
      commits: this.#commits,
      isStopping: () => this.#stopping,
      failure: () => this.#failure,
      fail: error => this.#fail(error)
    })
    this.statements = this.#makeStatements(
      options.openAsker ?? loadAsk,
      options.maxRows ?? Infinity
    )
  }

  #makeStatements(open: () => OpenAsker, maxRows: number): Statements {
    const { metrics } = this
    const dataflow = this.#dataflow
    const outputs = this.#outputs
    const operations = new Operations({
      metrics,
      settle: async () => void (await this.#settle()),
      between: (source, work) => this.#orders.add(source, () => this.#release(source).then(work)),
      reopenSource: source => this.#sources.reopen(source),
      reopenSink: sink => outputs.reopen(sink),
      stopSource: source => this.#sources.stop(source),
      stopSink: sink => outputs.stop(sink)
    })
    const host = {
      definition: this.#definition,
      metrics,
      lock: this.#lock,
      table: (name: string) => dataflow.table(name),
      states: () => dataflow.tables.states,
      tableSize: (name: string) => dataflow.table(name).size,
      maxRows,
      tick: () => dataflow.tick(),
      within: <T>(statement: () => T | Promise<T>) => dataflow.within(statement),
      notYet: () => (this.#tablesRead ? null : 'the pipeline still reads its tables'),
      produce: () => this.#produceChange(),
      discard: () => outputs.discardWritten(),
      commit: async () => (await this.#settle()) === 'committed'
    }
    return new Statements(host, operations, open)
  }

  async #produceChange(): Promise<void> {
    this.#commits.touch()
    await this.#outputs.produce()
  }

  /** A barrier, until its outcome is known. A failure stops the pipeline, as it would between two batches. */
  async #settle(): Promise<CommitOutcome> {
    try {
      const outcome = await this.#commits.settle(() => this.#failure)
      if (outcome === 'lost') await this.#sources.goBack()
      return outcome
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  /** What was read of a source is committed: its place in the topic is free to change. */
  #release(source: SourceMetrics): Promise<void> {
    return this.#lock.run(async () => {
      await this.#settle()
      source.next.clear()
    })
  }

  async open(): Promise<void> {
    try {
      await this.#commits.open()
      // All clients connect at the same time; a source takes part in its group from its first poll on.
      const { sinks, sources } = this.metrics
      await settle([
        ...sinks.map(sink => this.#outputs.open(sink)),
        ...sources.map(source => this.#sources.open(source))
      ])
      await this.#options.mayRead
    } catch (error) {
      await this.#close()
      throw error
    }
    this.#commits.start()
  }

  /** What it shows of itself now. */
  snapshot(): Snapshot {
    const { clock } = this.#options
    return takeSnapshot(this.#definition, this.metrics, {
      now: clock.now(),
      started: this.#started,
      isReady: this.ready(),
      states: this.#dataflow.measure(),
      memory: this.#options.memory?.snapshot() ?? null,
      process: this.#options.eventLoop?.snapshot() ?? null,
      watermarksOf: source => this.#dataflow.watermarksOf(source)
    })
  }

  ready(): boolean {
    const { sources, sinks } = this.metrics
    const assigned = sources.every(source => source.assigned !== null)
    return (
      this.#failure === null &&
      this.#tablesRead &&
      assigned &&
      [...sources, ...sinks].every(({ trouble }) => trouble === null)
    )
  }

  stop(): void {
    this.#stopping = true
    this.#stopped.resolve(undefined)
  }

  /** Resolves when everything is told that waited for the time of sources which bring nothing more. */
  async endSources(names: readonly string[]): Promise<void> {
    await this.#lock.run(async () => {
      if (this.#isOver) return
      try {
        this.#dataflow.tick()
        this.#dataflow.endSources(names)
        await this.#closeWindows()
        this.#commits.touch()
      } catch (error) {
        this.#fail(error)
      }
    })
  }

  async run(): Promise<void> {
    try {
      await this.#runStatements()
      do await this.#read()
      while (await this.#isReadAgain())
      // Tables live as long as others do when nothing is read, or nothing any more: they can be asked and changed.
      if (this.metrics.sources.length === 0 && this.#options.untilIdle !== true)
        await this.#stopped.promise
      this.statements.close()
      await this.#lastBarrier()
    } catch (error) {
      this.#fail(error)
    } finally {
      this.statements.close()
      this.#orders.close()
      await this.#close()
    }
    if (this.#failure !== null) throw this.#failure
  }

  async #read(): Promise<void> {
    await this.#readTables()
    await Promise.all(this.metrics.sources.map(source => this.#readSource(source)))
  }

  /** Sources that ended may have to go back with the others. */
  async #isReadAgain(): Promise<boolean> {
    if (!this.#isOver) await this.#lock.run(() => this.#settle())
    return !this.#isOver && this.#sources.areAhead
  }

  get #isOver(): boolean {
    return this.#stopping || this.#failure !== null
  }

  /** Those of the script. One whose commit is lost runs again. */
  async #runStatements(): Promise<void> {
    const within = (run: () => number): Promise<number> => this.#dataflow.within(run)
    await this.#dataflow.tables.statements.fillCopies(within)
    for (;;) {
      const { tables } = this.#dataflow
      try {
        return await tables.statements.run(within, () =>
          this.#lock.run(() => this.#statementDone())
        )
      } catch (error) {
        if (!(error instanceof TransactionLost)) throw error
      }
    }
  }

  async #statementDone(): Promise<void> {
    await this.#produceChange()
    if ((await this.#settle()) === 'lost') throw new TransactionLost()
  }

  /** Topics that are tables are read to their end, so that the first event finds the rows that were there before it. */
  async #readTables(): Promise<void> {
    const feeding = this.metrics.sources.filter(({ definition }) => definition.table !== null)
    let outcome: CommitOutcome | null = null
    do {
      await Promise.all(feeding.map(source => this.#readToEnd(source)))
      // What groups make of them is told at a barrier: until then tables that are filled with it are empty.
      if (feeding.length > 0 && !this.#isOver) outcome = await this.#lock.run(() => this.#settle())
    } while (outcome === 'lost' && !this.#isOver)
    this.#tablesRead = true
  }

  async #readToEnd(source: SourceMetrics): Promise<void> {
    const { table, topic } = source.definition
    while (!this.#isOver && !isAtEnd(source)) {
      await this.#readOnce(source)
      const rows = this.#dataflow.table(table!).size
      const fields = { table, topic, rows, lag: lagOf(source) }
      this.#options.log.limited('info', 'reading a table', fields)
    }
  }

  async #readSource(source: SourceMetrics): Promise<void> {
    while (!this.#isOver) {
      await this.#orders.run(source)
      if (!this.metrics.sources.includes(source)) return
      const found = await this.#readOnce(source)
      if (!found && this.#options.untilIdle === true) return
    }
  }

  /** False: a poll brought nothing. */
  async #readOnce(source: SourceMetrics): Promise<boolean> {
    const polling = this.#tracer.poll(source.definition)
    const batch = await this.#poll(source)
    if (batch === undefined) return false
    if (batch !== null) polling.received(batch)
    // Others go on while a schema is waited for.
    if (batch !== null && !(await this.#hasSchemas(source, batch))) return false
    await this.#lock.run(() => this.#step(source, batch, polling))
    return batch !== null || this.#sources.isAhead(source)
  }

  /** Null: nothing came. Undefined: nothing will. */
  async #poll(source: SourceMetrics): Promise<Batch | null | undefined> {
    const { fill } = source.definition
    const size = Math.max(fill.records, this.#options.pollSize ?? POLL_SIZE)
    try {
      await this.#makeRoom()
      if (!(await this.#sources.prepare(source))) return undefined
      return await source.connection!.poll(size, POLL_WAIT, fill.wait)
    } catch (error) {
      // The others end as they do when a batch fails: after what they are at.
      this.#fail(error)
      return undefined
    }
  }

  /** False: the pipeline ends before the batch can be read. */
  async #hasSchemas(source: SourceMetrics, batch: Batch): Promise<boolean> {
    try {
      return await this.#schemas.prepare(source, batch)
    } catch (error) {
      this.#fail(error)
      return false
    }
  }

  /** To be called before more is read. */
  async #makeRoom(): Promise<void> {
    const { memory, log, clock } = this.#options
    if (memory?.isScarce !== true) return
    const settle = async (): Promise<void> => {
      if (this.#isOver) return
      await this.#settle()
      this.#dataflow.tables.shrink()
    }
    await memory.pause(() =>
      makeRoom(memory, {
        ...{ log, clock },
        settle: () => this.#lock.run(settle),
        isOver: () => this.#isOver
      })
    )
  }

  async #step(source: SourceMetrics, batch: Batch | null, polling: Polling): Promise<void> {
    // What comes from before the pipeline went back comes again.
    if (this.#failure !== null || this.#sources.isAhead(source)) return
    try {
      this.#dataflow.tick()
      if (batch !== null) await this.#process(source, batch, polling)
      await this.#closeWindows()
      if (this.#commits.isDue()) await this.#commit()
    } catch (error) {
      if (error instanceof StoreDamaged) await this.#repair(error)
      else this.#fail(error)
    }
  }

  async #commit(): Promise<void> {
    const failure = (): Error | null => this.#failure
    // What is sent is kept in memory until then: no more comes in before.
    const outcome = this.#commits.isFull
      ? await this.#commits.settle(failure)
      : await this.#commits.barrier(failure)
    if (outcome === 'lost') await this.#sources.goBack()
  }

  /** What the batch has done so far has met a state that is wrong: it comes again, when the state is made anew. */
  async #repair(damage: StoreDamaged): Promise<void> {
    try {
      this.#dataflow.distrust(damage)
      await this.#sources.goBack()
    } catch (error) {
      this.#fail(error)
    }
  }

  async #process(source: SourceMetrics, batch: Batch, polling: Polling): Promise<void> {
    const { clock } = this.#options
    const start = clock.elapsed()
    const work = polling.process()
    await traced(work, async () => {
      await this.#dataflow.run(source, batch)
      source.busy += clock.elapsed() - start
      this.#throwFailure()
      await this.#outputs.produce(work, batch)
    })
    countBatch(source, batch)
    this.#options.samples?.take(`source ${source.definition.name}`, () =>
      recordOf(batch, batch.count - 1)
    )
    this.#commits.touch()
  }

  async #closeWindows(): Promise<void> {
    const send = async (): Promise<void> => {
      if (await this.#outputs.produce()) this.#commits.touch()
    }
    const windows = this.#dataflow.closeWindows()
    this.metrics.telling += await tellInParts(windows, this.#options.clock, send)
    await send()
  }

  /** What was consumed is committed even when a record stopped the pipeline: all before its batch is done. */
  async #lastBarrier(): Promise<void> {
    const stopped = this.#failure
    if (stopped !== null) {
      if (!(stopped instanceof StoppedByRecord) || stopped.wasSent) return
      // The batch that was stopped has changed what is kept already: nothing of it may stay.
      if (!this.#dataflow.onlyWrites) return
      this.#outputs.discard()
    }
    this.#failure = null
    await this.#lock.run(() => this.#commits.last(() => this.#failure))
    this.#failure ??= stopped
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
    this.#stopped.resolve(undefined)
  }

  async #close(): Promise<void> {
    const connections = this.metrics.sources.map(({ connection }) => connection)
    await Promise.allSettled(connections.map(async connection => connection?.close()))
    await this.#outputs.close()
    await this.#commits.close()
    await this.#dataflow.close()
    await this.#options.connector.close()
  }
}

/** Waits for all, also when one fails: what has opened by then has to be closed. */
async function settle(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
