import type { OpenAsker, PipelineDefinition } from '../contract/index.ts'
import { makeMetrics, type Metrics, type SourceMetrics } from '../observe/metrics.ts'
import { type Snapshot, takeSnapshot } from '../observe/snapshot.ts'
import { TransactionLost } from '../observe/transaction-lost.ts'
import { noTracer } from '../observe/work-tracer.ts'
import { loadAsk } from '../native/index.ts'
import { Commits } from './commits.ts'
import { Dataflow } from './dataflow.ts'
import { StoppedByRecord } from './stopped-by-record.ts'
import { makeLock } from './lock.ts'
import { Operations } from './operations.ts'
import { Outputs } from './outputs.ts'
import { PipelineEnd } from './pipeline-end.ts'
import { Statements } from './statements.ts'
import { SourceLoops } from './source-loops.ts'
import { SourceSchemas } from './source-schemas.ts'
import { Sources } from './sources.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** A pipeline from its opening to its end, with what is asked and ordered meanwhile; batches and barriers run one at a time. */
export class PipelineLoop {
  readonly metrics: Metrics
  /** What applications ask and order while the pipeline runs. */
  readonly statements: Statements
  readonly #options: PipelineOptions
  readonly #definition: PipelineDefinition
  readonly #outputs: Outputs
  readonly #dataflow: Dataflow
  readonly #commits: Commits
  readonly #sources: Sources
  readonly #loops: SourceLoops
  readonly #lock = makeLock()
  readonly #end = new PipelineEnd()
  readonly #started: number

  constructor(definition: PipelineDefinition, options: PipelineOptions) {
    const metrics = makeMetrics(definition)
    this.metrics = metrics
    this.#started = options.clock.now()
    this.#options = options
    this.#definition = definition
    const { samples = null } = options
    const tracer = options.openTracer?.() ?? noTracer
    const end = this.#end
    const lock = this.#lock
    const fail = (error: unknown): void => end.fail(error)
    const outputs = new Outputs(definition, options, metrics, samples, tracer, fail)
    const schemas = new SourceSchemas(metrics.sources, options, end.reached)
    const dataflow = new Dataflow(definition, options, { metrics, outputs, schemas, samples })
    const commits = new Commits(definition, options, metrics, outputs, dataflow, tracer, end)
    const shared = { metrics, lock, end, outputs, dataflow, commits }
    const sources = new Sources(options, shared)
    this.#loops = new SourceLoops(options, { ...shared, tracer, sources, schemas })
    this.#outputs = outputs
    this.#dataflow = dataflow
    this.#commits = commits
    this.#sources = sources
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
      settle: async () => void (await this.#sources.settle()),
      between: (source, work) =>
        this.#loops.orders.add(source, () => this.#release(source).then(work)),
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
      notYet: () => (this.#loops.areTablesRead ? null : 'the pipeline still reads its tables'),
      produce: () => this.#produceChange(),
      discard: () => outputs.discardWritten(),
      commit: async () => (await this.#sources.settle()) === 'committed'
    }
    return new Statements(host, operations, open)
  }

  async #produceChange(): Promise<void> {
    this.#commits.touch()
    await this.#outputs.produce()
  }

  /** What was read of a source is committed: its place in the topic is free to change. */
  #release(source: SourceMetrics): Promise<void> {
    return this.#lock.run(async () => {
      await this.#sources.settle()
      source.next.clear()
    })
  }

  async open(): Promise<void> {
    try {
      await this.#commits.open()
      // All clients connect at the same time, those first that take longest. A source takes part in its group from its first poll on.
      const { sinks, sources } = this.metrics
      await settle([
        ...sources.map(source => this.#sources.open(source)),
        ...sinks.map(sink => this.#outputs.open(sink))
      ])
      await this.#sources.checkOnTheirWay()
      this.#options.opened?.()
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
      this.#end.failure === null &&
      this.#loops.areTablesRead &&
      assigned &&
      [...sources, ...sinks].every(({ trouble }) => trouble === null)
    )
  }

  stop(): void {
    this.#end.stop()
  }

  /** Resolves when everything is told that waited for the time of sources which bring nothing more. */
  async endSources(names: readonly string[]): Promise<void> {
    await this.#lock.run(async () => {
      if (this.#end.isOver) return
      try {
        this.#dataflow.tick()
        this.#dataflow.endSources(names)
        await this.#loops.closeWindows()
        this.#commits.touch()
      } catch (error) {
        this.#end.fail(error)
      }
    })
  }

  async run(): Promise<void> {
    try {
      await this.#runStatements()
      do await this.#loops.run()
      while (await this.#isReadAgain())
      // Tables live as long as others do when nothing is read, or nothing any more: they can be asked and changed.
      if (this.metrics.sources.length === 0 && this.#options.untilIdle !== true)
        await this.#end.reached
      this.statements.close()
      await this.#lastBarrier()
    } catch (error) {
      this.#end.fail(error)
    } finally {
      this.statements.close()
      this.#loops.orders.close()
      await this.#close()
    }
    this.#end.throwFailure()
  }

  /** Sources that ended may have to go back with the others. */
  async #isReadAgain(): Promise<boolean> {
    if (!this.#end.isOver) await this.#lock.run(() => this.#sources.settle())
    return !this.#end.isOver && this.#sources.areAhead
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
    if ((await this.#sources.settle()) === 'lost') throw new TransactionLost()
  }

  /** What was consumed is committed even when a record stopped the pipeline: all before its batch is done. */
  async #lastBarrier(): Promise<void> {
    const stopped = this.#end.failure
    if (stopped !== null) {
      if (!(stopped instanceof StoppedByRecord) || stopped.wasSent) return
      // The batch that was stopped has changed what is kept already: nothing of it may stay.
      if (!this.#dataflow.onlyWrites) return
      this.#outputs.discard()
    }
    await this.#end.inSpite(() => this.#lock.run(() => this.#commits.last()))
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
