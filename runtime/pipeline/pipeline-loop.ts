import { RecordWriter } from '../codec/index.ts'
import type {
  Batch,
  DerivedRows,
  OpenAsker,
  PipelineDefinition,
  PipelineProgram,
  SinkConnection,
  SourceConnection,
  SourceTask,
  StateConnection,
  TableRow
} from '../contract/index.ts'
import {
  countBatch,
  isAtEnd,
  lagOf,
  makeMetrics,
  type Metrics,
  type SinkMetrics,
  type SourceMetrics
} from '../observe/metrics.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { loadAsk } from '../native/index.ts'
import type { TableState } from '../state/index.ts'
import { failure } from '../sql/failure.ts'
import { DeadLetters } from './dead-letters.ts'
import { DerivedBatch } from './derived-batch.ts'
import { PipelineTables } from './pipeline-tables.ts'
import { StoppedByRecord } from './stopped-by-record.ts'
import { makeLock } from './lock.ts'
import { Operations } from './operations.ts'
import { Statements } from './statements.ts'
import { SourceOrders } from './source-orders.ts'
import { FailedRecords } from './failed-records.ts'
import { retryModel } from './retry-model.ts'
import type { PipelineOptions } from './start-pipeline.ts'

/** Clients make objects of records: so few of them die young, before the garbage collector has to copy them. */
const POLL_SIZE = 1000
/** How long a poll waits for a first record, in ms: also how long a stop or a rebalance may take to be seen. */
const POLL_WAIT = 100
/** How long the last commit is tried, in ms. */
const LAST_COMMIT_TIMEOUT = 5000
/** Before a commit that failed is tried again, in ms. */
const COMMIT_RETRY = 100

/** All of a pipeline's sources, each with a loop of its own; batches and barriers run one at a time. */
export class PipelineLoop {
  readonly metrics: Metrics
  /** What applications ask and order while the pipeline runs. */
  readonly statements: Statements
  readonly #orders = new SourceOrders()
  readonly #options: PipelineOptions
  readonly #commitInterval: number
  readonly #deadLetters: DeadLetters
  readonly #failedRecords: FailedRecords
  readonly #writers = new Map<string, RecordWriter>()
  readonly #definition: PipelineDefinition
  readonly #tables: PipelineTables
  #state: StateConnection | null = null
  /** Whether topics that are tables have been read to their end. */
  #tablesRead = false
  readonly #program: PipelineProgram
  readonly #lock = makeLock()
  #stopping = false
  readonly #stopped = Promise.withResolvers<undefined>()
  #failure: Error | null = null
  #nextBarrier = 0
  /** Processing time, the same for a whole batch. */
  #now = 0
  /** The source whose batch runs. */
  #running: SourceMetrics | null = null
  /** Whether a statement runs: what fails in it is the statement's. */
  #inStatement = false
  /** Whether something was consumed since the last commit. */
  #dirty = false

  constructor(definition: PipelineDefinition, options: PipelineOptions) {
    const { connector, log, clock, models } = options
    this.#options = options
    this.#definition = definition
    this.#tables = new PipelineTables(definition, options.stateFolder ?? null, log)
    this.#commitInterval = definition.commitInterval
    this.#deadLetters = new DeadLetters(definition, connector)
    const stop = (error: Error): void => this.#fail(error)
    this.#failedRecords = new FailedRecords(definition, this.#deadLetters, log, stop)
    for (const { name } of definition.sinks) this.#writers.set(name, new RecordWriter())
    const policy = () => this.#running!.definition.onError
    this.#program = definition.open({
      writer: name => this.#writers.get(name)!,
      model: name => retryModel(models.get(name)!, policy, clock),
      table: <Row extends TableRow>(name: string) =>
        this.#tables.get(name) as unknown as TableState<Row>,
      keep: state => this.#tables.keep(state),
      clock: name => this.#tables.clock(name)!,
      watermark: name => this.#watermark(name),
      rows: name => this.#derivedRows(name),
      now: () => this.#now
    })
    const { tasks } = this.#program
    const read = definition.sources.filter(({ name }) => tasks.some(t => t.source === name))
    this.metrics = makeMetrics(read, definition.sinks)
    this.statements = this.#makeStatements(options.openAsker ?? loadAsk)
  }

  #makeStatements(open: () => OpenAsker): Statements {
    const { metrics } = this
    const operations = new Operations({
      metrics,
      settle: () => this.#settle(),
      between: (source, work) => this.#orders.add(source, () => this.#release(source).then(work)),
      reopenSource: source => this.#reopenSource(source),
      reopenSink: sink => this.#reopenSink(sink),
      stopSource: source => this.#stopSource(source),
      stopSink: sink => this.#stopSink(sink)
    })
    const host = {
      definition: this.#definition,
      metrics,
      lock: this.#lock,
      table: (name: string) => this.#tables.get(name),
      states: () => this.#tables.states,
      tableSize: (name: string) => this.#tables.get(name).size,
      tick: () => this.#tick(),
      within: <T>(statement: () => T | Promise<T>) => this.#within(statement),
      notYet: () => (this.#tablesRead ? null : 'the pipeline still reads its tables'),
      produce: () => this.#produceChange(),
      discard: () => this.#writers.forEach(writer => writer.clear()),
      commit: () => this.#settle()
    }
    return new Statements(host, operations, open)
  }

  async #within<T>(statement: () => T | Promise<T>): Promise<T> {
    this.#inStatement = true
    try {
      return await statement()
    } finally {
      this.#inStatement = false
    }
  }

  async #produceChange(): Promise<void> {
    this.#dirty = true
    await this.#produce()
  }

  /** A barrier, until it succeeds. A failure stops the pipeline, as it would between two batches. */
  async #settle(): Promise<void> {
    try {
      while (!(await this.#barrier())) {
        this.#throwFailure()
        await this.#options.clock.sleep(COMMIT_RETRY)
      }
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

  /** With the settings that it has now; its group gives it its partitions again. */
  async #reopenSource(source: SourceMetrics): Promise<void> {
    await source.connection?.close()
    source.connection = null
    source.assigned = null
    await this.#openSource(source)
  }

  async #reopenSink(sink: SinkMetrics): Promise<void> {
    const before = sink.connection
    await this.#openSink(sink)
    await before?.close()
  }

  async #stopSource(source: SourceMetrics): Promise<void> {
    this.metrics.sources = this.metrics.sources.filter(other => other !== source)
    await source.connection?.close()
  }

  async #stopSink(sink: SinkMetrics): Promise<void> {
    this.metrics.sinks = this.metrics.sinks.filter(other => other !== sink)
    await sink.connection?.close()
  }

  async open(): Promise<void> {
    try {
      await this.#openState()
      // All clients connect at the same time; a source takes part in its group from its first poll on.
      const { sinks, sources } = this.metrics
      await settle([
        ...sinks.map(sink => this.#openSink(sink)),
        ...sources.map(source => this.#openSource(source))
      ])
    } catch (error) {
      await this.#close()
      throw error
    }
    this.#nextBarrier = this.#options.clock.now() + this.#commitInterval
  }

  /** Tables are as they were when the pipeline ended, before anything else happens. */
  async #openState(): Promise<void> {
    if (this.#tables.isEmpty) return
    const { connector, log } = this.#options
    this.#state = await connector.openState(this.#definition)
    await this.#tables.restore(this.#state)
    log.log('info', 'state restored', this.#tables.sizes())
  }

  async #openSink(sink: SinkMetrics): Promise<void> {
    sink.connection = await this.#options.connector.openSink(sink.definition, {
      refused: record => this.#failedRecords.refused(sink, record),
      failed: error => this.#fail(error),
      connected: up => {
        sink.up = up
      }
    })
  }

  async #openSource(source: SourceMetrics): Promise<void> {
    const { name } = source.definition
    const { log, connector } = this.#options
    const forget = (partitions: readonly number[]): void => {
      source.assigned = (source.assigned ?? []).filter(kept => !partitions.includes(kept))
      for (const partition of partitions) source.next.delete(partition)
    }
    source.connection = await connector.openSource(source.definition, {
      assigned: partitions => {
        source.assigned = partitions
        this.#tables.clock(name)?.assign(partitions, this.#options.clock.now())
        log.log('info', 'partitions assigned', { source: name, partitions: partitions.join(' ') })
      },
      revoking: async partitions => {
        await this.#lock.run(() => this.#barrier())
        forget(partitions)
      },
      lost: partitions => {
        log.log('warn', 'partitions lost', { source: name, partitions: partitions.join(' ') })
        forget(partitions)
      },
      rejected: (batch, record, error) =>
        this.#failedRecords.rejected(source, batch, record, error),
      connected: up => {
        source.up = up
      }
    })
  }

  ready(): boolean {
    const { sources, sinks } = this.metrics
    const assigned = sources.every(source => source.assigned !== null)
    return (
      this.#failure === null &&
      this.#tablesRead &&
      assigned &&
      [...sources, ...sinks].every(({ up }) => up)
    )
  }

  stop(): void {
    this.#stopping = true
    this.#stopped.resolve(undefined)
  }

  async run(): Promise<void> {
    try {
      await this.#tables.runStatements(
        run => this.#within(run),
        () => this.#lock.run(() => this.#statementDone())
      )
      await this.#readTables()
      await Promise.all(this.#program.tasks.map(task => this.#readSource(task)))
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

  async #statementDone(): Promise<void> {
    this.#dirty = true
    await this.#produce()
    await this.#settle()
  }

  /** Topics that are tables are read to their end, so that the first event finds the rows that were there before it. */
  async #readTables(): Promise<void> {
    const feeding = this.#program.tasks.filter(
      task => this.#sourceOf(task).definition.table !== null
    )
    await Promise.all(feeding.map(task => this.#readToEnd(task)))
    this.#tablesRead = true
  }

  async #readToEnd(task: SourceTask): Promise<void> {
    const source = this.#sourceOf(task)
    const { table, topic } = source.definition
    while (!this.#stopping && this.#failure === null && !isAtEnd(source)) {
      await this.#readOnce(task, source)
      const fields = { table, topic, rows: this.#tables.get(table!).size, lag: lagOf(source) }
      this.#options.log.limited('info', 'reading a table', fields)
    }
  }

  #sourceOf(task: SourceTask): SourceMetrics {
    return this.metrics.sources.find(({ definition }) => definition.name === task.source)!
  }

  async #readSource(task: SourceTask): Promise<void> {
    const source = this.#sourceOf(task)
    while (!this.#stopping && this.#failure === null) {
      await this.#orders.run(source)
      if (!this.metrics.sources.includes(source)) return
      const found = await this.#readOnce(task, source)
      if (!found && this.#options.untilIdle === true) return
    }
  }

  /** False: a poll brought nothing. */
  async #readOnce(task: SourceTask, source: SourceMetrics): Promise<boolean> {
    const { fill } = source.definition
    const size = Math.max(fill.records, this.#options.pollSize ?? POLL_SIZE)
    const batch = await source.connection!.poll(size, POLL_WAIT, fill.wait)
    await this.#lock.run(() => this.#step(task, source, batch))
    return batch !== null
  }

  async #step(task: SourceTask, source: SourceMetrics, batch: Batch | null): Promise<void> {
    if (this.#failure !== null) return
    try {
      this.#tick()
      if (batch !== null) await this.#process(task, source, batch)
      await this.#closeWindows()
      if (this.#now >= this.#nextBarrier) await this.#barrier()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Processing time goes on; it never goes back, so that no window is told twice. */
  #tick(): number {
    this.#now = Math.max(this.#now, this.#options.clock.now())
    return this.#now
  }

  async #process(task: SourceTask, source: SourceMetrics, batch: Batch): Promise<void> {
    this.#running = source
    this.#tables.clock(task.source)?.tick(this.#now)
    const waiting = task.run(batch)
    if (waiting !== undefined) await waiting
    this.#running = null
    this.#throwFailure()
    await this.#produce()
    countBatch(source, batch)
    this.#dirty = true
  }

  /** What groups have become since the last barrier is part of what is committed. */
  async #tellChanges(): Promise<void> {
    if (this.#definition.stages.length === 0) return
    this.#program.tellChanges()
    await this.#produce()
  }

  /** Time may have passed that completes windows, also where no record came. */
  async #closeWindows(): Promise<void> {
    if (this.#definition.stages.length === 0) return
    this.#program.closeWindows()
    if ([...this.#writers.values()].some(({ count }) => count > 0)) await this.#produceChange()
  }

  /** A row of a table or a stage for which something fails: a statement that made it fails too, else it is told by itself. */
  #derivedRows(name: string): DerivedRows {
    const { tables, stages } = this.#definition
    const table = tables.find(one => one.name === name)
    const names = table?.columns.map(column => column.name)
    const { columns, sources } = stages.find(one => one.name === name) ?? {
      columns: names!,
      sources: table!.sources
    }
    return new DerivedBatch((row, error) => {
      const { code, message, site } = error
      // The first one that it is made of, whichever brings the last of its parts.
      const source = this.metrics.sources.find(({ definition }) => definition.name === sources[0])
      if (this.#inStatement || source === undefined) throw failure(site, code, message)
      const values = Object.fromEntries(row.map((value, i) => [columns[i]!, value]))
      this.#failedRecords.derived(source, name, values, error)
    })
  }

  #watermark(name: string): number {
    const source = this.metrics.sources.find(({ definition }) => definition.name === name)
    // A source that was dropped brings nothing that anybody could wait for.
    if (source === undefined) return Infinity
    const isRead = (partition: number): boolean =>
      source.connection!.lag(partition, source.next.get(partition) ?? null) === 0
    return this.#tables.clock(name)!.watermark(this.#now, isRead)
  }

  /** Hands what the writers and the dead letters hold to the clients. */
  async #produce(): Promise<void> {
    await this.#deadLetters.send()
    for (const sink of this.metrics.sinks) {
      const writer = this.#writers.get(sink.definition.name)!
      if (writer.count === 0) continue
      const { count, size } = writer
      await sink.connection!.send(writer.take())
      sink.messages += count
      sink.bytes += size
      writer.clear()
    }
    // What a dropped sink would get.
    if (this.metrics.sinks.length < this.#writers.size) {
      for (const writer of this.#writers.values()) writer.clear()
    }
  }

  /** Everything sent is acknowledged, then the offsets that caused it are committed. False: a commit has to be repeated. */
  async #barrier(): Promise<boolean> {
    if (this.#dirty) {
      await this.#tellChanges()
      await this.#flush()
      const committed =
        this.#state === null ? await this.#commit() : await this.#commitState(this.#state)
      this.#dirty = !committed
    }
    this.#nextBarrier = this.#options.clock.now() + this.#commitInterval
    return !this.#dirty
  }

  async #flush(): Promise<void> {
    await Promise.all(this.metrics.sinks.map(({ connection }) => connection!.flush()))
    // A sink may have refused records during its flush.
    await this.#deadLetters.flush()
    this.#throwFailure()
  }

  /** Tables and offsets in one: a crash never stores a record twice. False: it has to be repeated. */
  async #commitState(state: StateConnection): Promise<boolean> {
    const offsets = this.metrics.sources.flatMap(({ connection, next }) =>
      connection === null || next.size === 0
        ? []
        : [{ source: connection, partitions: [...next.keys()], next: [...next.values()] }]
    )
    try {
      await state.commit(this.#tables.changes(), offsets)
      await this.#tables.committed(this.#options.clock.now(), state)
      return true
    } catch (error) {
      if (error instanceof EnvironmentError) throw error
      this.#options.log.limited('warn', 'commit failed', { reason: (error as Error).message })
      return false
    }
  }

  async #commit(): Promise<boolean> {
    let done = true
    for (const { connection, next, definition } of this.metrics.sources) {
      try {
        if (next.size > 0) await connection!.commit([...next.keys()], [...next.values()])
      } catch (error) {
        done = false
        // The group has moved on, or the broker is away: the records may come again, none is lost.
        const reason = (error as Error).message
        this.#options.log.limited('warn', 'commit failed', { source: definition.name, reason })
      }
    }
    return done
  }

  /** What was consumed is committed even when a record stopped the pipeline: all before its batch is done. */
  async #lastBarrier(): Promise<void> {
    if (this.#failure !== null && !(this.#failure instanceof StoppedByRecord)) return
    // The batch that was stopped has changed tables already: nothing of it may be kept.
    if (this.#failure !== null && this.#state !== null) return
    const { clock } = this.#options
    const stopped = this.#failure
    this.#failure = null
    const deadline = clock.now() + LAST_COMMIT_TIMEOUT
    while (!(await this.#lock.run(() => this.#barrier())) && clock.now() < deadline) {
      await clock.sleep(100)
    }
    this.#failure = stopped
    if (this.#state !== null && !this.#dirty) await this.#tables.close(this.#state)
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
    this.#stopped.resolve(undefined)
  }

  async #close(): Promise<void> {
    const { sources, sinks } = this.metrics
    const connections: (SourceConnection | SinkConnection | null)[] = [...sources, ...sinks].map(
      ({ connection }) => connection
    )
    await Promise.allSettled(connections.map(async connection => connection?.close()))
    await this.#deadLetters.close().catch(() => {})
    await this.#state?.close()
    await this.#options.connector.close()
  }
}

/** Waits for all, also when one fails: what has opened by then has to be closed. */
async function settle(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === 'rejected') throw result.reason
  }
}
