import type {
  Batch,
  DerivedRows,
  LookedRows,
  ModelRunner,
  PartitionTime,
  PipelineDefinition,
  PipelineProgram,
  RecordError,
  RowLook,
  SourceConnection,
  TableRow,
  TransactionConnection
} from '../contract/index.ts'
import { done, during } from '../observe/doing.ts'
import type { Metrics, SourceMetrics } from '../observe/metrics.ts'
import type { RecordWriter } from '../codec/index.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { SourceWatermarks, StateSnapshot } from '../observe/snapshot.ts'
import { StoreDamaged } from '../observe/store-damaged.ts'
import { type ChannelMark, ExchangeClock } from '../time/exchange-clock.ts'
import { ProcessingTime } from '../time/processing-time.ts'
import { SourceClock } from '../time/source-clock.ts'
import { failure } from '../sql/failure.ts'
import type { TableState } from '../state/index.ts'
import { backOff } from './back-off.ts'
import { DerivedBatch } from './derived-batch.ts'
import { measureModel } from './measure-model.ts'
import type { Outputs } from './outputs.ts'
import { tablesOf } from './named-tables.ts'
import { PipelineTables } from './pipeline-tables.ts'
import { readMarks } from './read-marks.ts'
import { retryModel } from './retry-model.ts'
import { SampledRows } from './row-look.ts'
import type { SourceSchemas } from './source-schemas.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { TableCopies } from './table-copies.ts'

/** What belongs to the pipeline for as long as it runs. */
export interface DataflowParts {
  readonly metrics: Metrics
  readonly outputs: Outputs
  readonly schemas: SourceSchemas
  readonly samples: RecordSamples | null
}

/** What the pipeline computes: the generated program, and what it keeps. Made anew where it goes back to its last commit. */
export class Dataflow {
  readonly #definition: PipelineDefinition
  readonly #options: PipelineOptions
  readonly #metrics: Metrics
  readonly #outputs: Outputs
  readonly #schemas: SourceSchemas
  readonly #samples: RecordSamples | null
  #tables: PipelineTables
  readonly #copies: TableCopies
  #program: PipelineProgram
  readonly #time: ProcessingTime
  /** Processing time, and how long the process runs: the same for a whole batch. */
  #now: number
  #elapsed: number
  /** What the batch that runs tells of the time of its exchange. */
  readonly #heard: ChannelMark[] = []
  /** The rows on their way that are shown. */
  #rows: SampledRows | null = null
  /** The source whose batch runs. */
  #running: SourceMetrics | null = null
  #isCombining = false
  /** Whether others are told at which processing time rows are sent. */
  readonly #tellsProcessing: boolean
  /** Whether a statement runs: what fails in it is the statement's. */
  #inStatement = false

  constructor(
    definition: PipelineDefinition,
    options: PipelineOptions,
    { metrics, outputs, schemas, samples }: DataflowParts
  ) {
    this.#definition = definition
    this.#options = options
    this.#metrics = metrics
    this.#outputs = outputs
    this.#schemas = schemas
    this.#samples = samples
    const { clock, log } = options
    this.#time = new ProcessingTime(clock, ms =>
      log.limited('warn', 'the clock of this machine was set', { seconds: Math.round(ms / 1000) })
    )
    this.#now = this.#time.tick()
    this.#elapsed = clock.elapsed()
    this.#copies = new TableCopies(definition)
    this.#tellsProcessing = definition.sinks.some(sink => sink.exchange?.processing !== undefined)
    this.#tables = this.#makeTables()
    this.#program = this.#open()
  }

  #makeTables(): PipelineTables {
    const { stateFolder = null, acceptState = false } = this.#options
    return new PipelineTables(
      this.#definition,
      stateFolder,
      { ...this.#options, metrics: this.#metrics.checkpoints },
      acceptState,
      this.#samples
    )
  }

  #open(): PipelineProgram {
    const { models, clock, random = Math.random } = this.#options
    const policy = () => this.#running!.definition.onError
    return this.#definition.open({
      writer: (name: string, own?: RecordWriter) => this.#outputs.writer(name, own),
      model: name =>
        retryModel(this.#measured(name, models.get(name)!), policy, (...tried) =>
          backOff(...tried, clock, random)
        ),
      table: <Row extends TableRow>(name: string) => this.table(name) as unknown as TableState<Row>,
      keep: state => this.#tables.keep(state),
      combine: groups => {
        this.#isCombining = true
        return groups
      },
      // Generated code tells its time to the sources of the script only.
      clock: name => this.#tables.times.clock(name) as SourceClock,
      schemas: name => this.#schemas.of(name),
      watermark: (sources, beside) => this.#watermark(sources, beside),
      rows: name => this.#derivedRows(name),
      now: () => this.#now,
      processed: exchanges =>
        Math.min(...exchanges.map(name => this.#tables.times.processing(name)!.awaited())),
      elapsed: () => this.#elapsed,
      look: rows => this.#lookAt(rows)
    })
  }

  /** Whoever looks at nothing has a program that calls it not. */
  #lookAt(rows: readonly LookedRows[]): RowLook {
    this.#rows = new SampledRows(rows, this.#samples!)
    return this.#rows
  }

  #measured(name: string, model: ModelRunner): ModelRunner {
    const metrics = this.#metrics.models.find(({ definition }) => definition.name === name)!
    return measureModel(model, metrics, this.#options.clock)
  }

  /** Whether what batches have done is only in what they wrote: that of one of them can be taken back alone. */
  get onlyWrites(): boolean {
    return this.#tables.isEmpty && !this.#isCombining
  }

  get tables(): PipelineTables {
    return this.#tables
  }

  /** State or a copy. */
  table(name: string): TableState {
    return this.#copies.get(name) ?? this.#tables.get(name)
  }

  /** How large is what it holds. */
  measure(): readonly StateSnapshot[] {
    return [...this.#tables.measure(), ...this.#copies.measure()]
  }

  /** Time goes on; it never goes back, so that no window is told twice. Answers processing time. */
  tick(): number {
    this.#rows?.tick()
    this.#elapsed = this.#options.clock.elapsed()
    return (this.#now = this.#time.tick())
  }

  /** Everything is as it was at the last commit, of this process or of one before it. */
  async restore(transactions: TransactionConnection): Promise<void> {
    try {
      await this.#tables.restore(transactions)
    } catch (error) {
      if (!(error instanceof StoreDamaged)) throw error
      this.distrust(error)
      await this.#startAnew()
      await this.#tables.restore(transactions)
    }
    this.#reach(this.#tables.times.told ?? 0)
  }

  /** As `restore`, where something has happened since. */
  async goBack(transactions: TransactionConnection | null): Promise<void> {
    await this.#startAnew()
    for (const { definition, assigned } of this.#metrics.sources) {
      if (assigned !== null) this.assign(definition.name, assigned)
    }
    if (transactions !== null) await this.restore(transactions)
  }

  async #startAnew(): Promise<void> {
    await this.#tables.discard()
    this.#tables = this.#makeTables()
    this.#program = this.#open()
  }

  /** What is kept on the local disk is made anew at the next restore. */
  distrust({ message }: StoreDamaged): void {
    this.#options.log.log('warn', 'the local state is made anew', { reason: message })
    this.#tables.distrust()
  }

  async close(): Promise<void> {
    await this.#tables.discard()
  }

  /** The partitions of a source that are waited for. `timeOf`: what is known of the time of each. */
  assign(
    source: string,
    partitions: readonly number[],
    timeOf: SourceConnection['time'] = () => null
  ): void {
    const clock = this.#tables.times.clock(source)
    clock?.assign(partitions, this.#options.clock.elapsed())
    for (const partition of partitions) {
      const time = timeOf(partition)
      if (time === null) continue
      if (clock instanceof SourceClock) clock.takeOver(partition, time)
      this.#reach(time.processed)
    }
  }

  /** Rows of an earlier processing time would come too late for those who were told of this one. */
  #reach(processed = 0): void {
    this.#now = this.#time.reach(processed)
  }

  /** The processing time below which nothing is sent any more of what comes from a source. */
  processed(source: string): number {
    return Math.min(this.#now, this.#tables.times.processing(source)?.awaited() ?? Infinity)
  }

  /** A clock that nobody sets, as of the last batch. */
  get elapsed(): number {
    return this.#elapsed
  }

  /** How far each partition of a source is in its event time; none where nobody waits for it. */
  marks(source: string): ReturnType<SourceClock['marks']> {
    return this.#tables.times.clock(source)?.marks(this.#elapsed, this.#isRead(source)) ?? []
  }

  /** The time of a partition of a source of the script; null: nobody waits for it. */
  time(source: string, partition: number): PartitionTime | null {
    const time = this.sourceClock(source)?.time(partition) ?? null
    if (!this.#tellsProcessing) return time
    return { ...(time ?? { mark: null, wasIdle: false }), processed: this.#now }
  }

  /** Processing time is about to be told: who goes on behind the next commit does not begin before. */
  tellsProcessing(): void {
    this.#tables.times.tell(this.#now)
  }

  /** Null: nobody waits for the source, or it is an exchange. */
  sourceClock(source: string): SourceClock | null {
    const clock = this.#tables.times.clock(source)
    return clock instanceof SourceClock ? clock : null
  }

  /** True: the record is no row but tells the time of an exchange, which counts once the rows before it have run. */
  hears(source: SourceMetrics, batch: Batch, record: number): boolean {
    if (source.definition.exchange === undefined) return false
    const marks = readMarks(batch, record)
    if (marks === null) return false
    this.#heard.push(...marks)
    return true
  }

  /** Resolves when all that the batch gives is in the writers. */
  async run(source: SourceMetrics, batch: Batch): Promise<void> {
    const { name } = source.definition
    this.#running = source
    this.#tables.times.clock(name)?.tick(this.#now, this.#elapsed)
    const task = this.#program.tasks.find(one => one.source === name)!
    try {
      if (task.rows === undefined) {
        const waiting = task.run(batch)
        if (waiting !== undefined) await waiting
      } else {
        for await (const rows of task.rows.read(batch)) await task.run(rows)
      }
    } finally {
      done()
    }
    this.#running = null
    this.#hear(name)
    this.#tables.trim()
    this.#copies.forgetChanges()
  }

  #hear(exchange: string): void {
    const heard = this.#heard.splice(0)
    const clock = this.#tables.times.clock(exchange)
    if (clock instanceof ExchangeClock)
      clock.hear(heard.filter(([, , , , , of]) => of === undefined))
    this.#tables.times
      .processing(exchange)
      ?.hear(heard.filter(([, , , , , of]) => of === 'processing'))
  }

  /** Runs a statement: a row for which something fails is its failure. */
  async within<T>(statement: () => T | Promise<T>): Promise<T> {
    this.#inStatement = true
    try {
      return await during('statements', statement)
    } finally {
      done()
      this.#inStatement = false
    }
  }

  /** Writes what groups have become since the last barrier, in parts: see PipelineProgram. */
  tellChanges(): Iterable<void> {
    return this.#program.tellChanges()
  }

  /** Writes the windows that are complete, in parts: time may have passed, also where no record came. */
  closeWindows(): Iterable<void> {
    return this.#program.closeWindows()
  }

  /** Sources that bring nothing more: nothing waits for their time. */
  endSources(names: readonly string[]): void {
    for (const name of names) this.sourceClock(name)?.end()
  }

  /** The watermark of a source and those of its partitions; null: nobody waits for its time. */
  watermarksOf(name: string): SourceWatermarks | null {
    const clock = this.#tables.times.clock(name)
    if (clock === undefined) return null
    const marks = clock.marks(this.#elapsed, () => false)
    const partitions = new Map(marks.map(({ partition, mark }) => [partition, mark]))
    return { watermark: this.#watermark([name]), partitions }
  }

  /** See PipelineContext. */
  #watermark(names: readonly string[], beside: readonly string[] = []): number {
    // A source that was dropped brings nothing that anybody could wait for.
    const sources = this.#metrics.sources.filter(({ definition }) =>
      names.includes(definition.name)
    )
    if (sources.length === 0) return Infinity
    const awaited = Math.min(...sources.map(source => this.#awaited(source)))
    if (awaited < Infinity) return awaited
    const others = beside.length === 0 ? Infinity : this.#watermark(beside)
    const latest = sources.map(
      ({ definition }) => this.#tables.times.clock(definition.name)!.latest
    )
    return Math.max(...latest, others === Infinity ? -Infinity : others)
  }

  #awaited({ definition: { name } }: SourceMetrics): number {
    return this.#tables.times.clock(name)!.awaited(this.#elapsed, this.#isRead(name))
  }

  /** Whether a partition of a source has nothing more for now. */
  #isRead(name: string): (partition: number) => boolean {
    const source = this.#metrics.sources.find(({ definition }) => definition.name === name)
    return partition => source?.connection?.lag(partition, source.next.get(partition) ?? null) === 0
  }

  /** A row of a table or a stage for which something fails: a statement that made it fails too, else it is told by itself. */
  #derivedRows(name: string): DerivedRows {
    const { stages, sources: all } = this.#definition
    const table = tablesOf(this.#definition).find(one => one.name === name)
    const names = table?.columns.map(column => column.name)
    const { columns, sources } = stages.find(one => one.name === name) ?? {
      columns: names ?? [],
      sources: table?.sources ?? all.map(source => source.name)
    }
    return new DerivedBatch((row, error) => this.#failed(name, columns, sources, row, error))
  }

  #failed(
    from: string,
    columns: readonly string[],
    sources: readonly string[],
    row: readonly unknown[],
    error: RecordError
  ): void {
    const { code, message, site } = error
    // The first one that it is made of, whichever brings the last of its parts.
    const source = this.#metrics.sources.find(({ definition }) => definition.name === sources[0])
    if (this.#inStatement || source === undefined) throw failure(site, code, message)
    const values = Object.fromEntries(row.map((value, i) => [columns[i]!, value]))
    this.#outputs.failedRecords.derived(source, from, values, error)
  }
}
