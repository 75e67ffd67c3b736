import type { Batch } from '../contract/index.ts'
import { countBatch, isAtEnd, lagOf, type Metrics, type SourceMetrics } from '../observe/metrics.ts'
import { recordOf } from '../observe/record-samples.ts'
import { StoreDamaged } from '../observe/store-damaged.ts'
import { type Polling, traced, type WorkTracer } from '../observe/work-tracer.ts'
import type { CommitOutcome, Commits } from './commits.ts'
import type { Dataflow } from './dataflow.ts'
import type { Lock } from './lock.ts'
import { makeRoom } from './make-room.ts'
import type { Outputs } from './outputs.ts'
import type { PipelineEnd } from './pipeline-end.ts'
import { SourceOrders } from './source-orders.ts'
import type { SourceSchemas } from './source-schemas.ts'
import type { Sources } from './sources.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { tellInParts } from './tell-in-parts.ts'

/** Clients make objects of records: so few of them die young, before the garbage collector has to copy them. */
const POLL_SIZE = 1000
/** How long a poll waits for a first record, in ms: also how long a stop or a rebalance may take to be seen. */
const POLL_WAIT = 100

/** What the loops of sources share with the rest of the pipeline. */
export interface LoopsHost {
  readonly metrics: Metrics
  readonly tracer: WorkTracer
  readonly lock: Lock
  readonly end: PipelineEnd
  readonly outputs: Outputs
  readonly dataflow: Dataflow
  readonly commits: Commits
  readonly sources: Sources
  readonly schemas: SourceSchemas
}

/** A loop for each source: it polls, and what comes is run, produced and now and then committed, one batch at a time. */
export class SourceLoops {
  readonly orders = new SourceOrders()
  readonly #options: PipelineOptions
  readonly #host: LoopsHost
  #areTablesRead = false

  constructor(options: PipelineOptions, host: LoopsHost) {
    this.#options = options
    this.#host = host
  }

  /** Whether topics that are tables have been read to their end. */
  get areTablesRead(): boolean {
    return this.#areTablesRead
  }

  /** Until the pipeline is to end, or nothing more comes. */
  async run(): Promise<void> {
    await this.#readTables()
    await Promise.all(this.#host.metrics.sources.map(source => this.#readSource(source)))
  }

  /** Topics that are tables are read to their end, so that the first event finds the rows that were there before it. */
  async #readTables(): Promise<void> {
    const { metrics, end, lock, sources } = this.#host
    const feeding = metrics.sources.filter(({ definition }) => definition.table !== null)
    let outcome: CommitOutcome | null = null
    do {
      await Promise.all(feeding.map(source => this.#readToEnd(source)))
      // What groups make of them is told at a barrier: until then tables that are filled with it are empty.
      if (feeding.length > 0 && !end.isOver) outcome = await lock.run(() => sources.settle())
    } while (outcome === 'lost' && !end.isOver)
    this.#areTablesRead = true
  }

  async #readToEnd(source: SourceMetrics): Promise<void> {
    const { end, dataflow } = this.#host
    const { table, topic } = source.definition
    while (!end.isOver && !isAtEnd(source)) {
      await this.#readOnce(source)
      const rows = dataflow.table(table!).size
      const fields = { table, topic, rows, lag: lagOf(source) }
      this.#options.log.limited('info', 'reading a table', fields)
    }
  }

  async #readSource(source: SourceMetrics): Promise<void> {
    const { end, metrics } = this.#host
    while (!end.isOver) {
      await this.orders.run(source)
      if (!metrics.sources.includes(source)) return
      const found = await this.#readOnce(source)
      if (!found && this.#options.untilIdle === true) return
    }
  }

  /** False: a poll brought nothing. */
  async #readOnce(source: SourceMetrics): Promise<boolean> {
    const { tracer, lock, sources } = this.#host
    const polling = tracer.poll(source.definition)
    const batch = await this.#poll(source)
    if (batch === undefined) return false
    if (batch !== null) polling.received(batch)
    // Others go on while a schema is waited for.
    if (batch !== null && !(await this.#hasSchemas(source, batch))) return false
    await lock.run(() => this.#step(source, batch, polling))
    return batch !== null || sources.isAhead(source)
  }

  /** Null: nothing came. Undefined: nothing will. */
  async #poll(source: SourceMetrics): Promise<Batch | null | undefined> {
    const { fill } = source.definition
    const size = Math.max(fill.records, this.#options.pollSize ?? POLL_SIZE)
    try {
      await this.#makeRoom()
      if (!(await this.#host.sources.prepare(source))) return undefined
      return await source.connection!.poll(size, POLL_WAIT, fill.wait)
    } catch (error) {
      // The others end as they do when a batch fails: after what they are at.
      this.#host.end.fail(error)
      return undefined
    }
  }

  /** False: the pipeline ends before the batch can be read. */
  async #hasSchemas(source: SourceMetrics, batch: Batch): Promise<boolean> {
    try {
      return await this.#host.schemas.prepare(source, batch)
    } catch (error) {
      this.#host.end.fail(error)
      return false
    }
  }

  /** To be called before more is read. */
  async #makeRoom(): Promise<void> {
    const { memory, log, clock } = this.#options
    if (memory?.isScarce !== true) return
    const { end, lock, sources, dataflow } = this.#host
    const settle = async (): Promise<void> => {
      if (end.isOver) return
      await sources.settle()
      dataflow.tables.shrink()
    }
    await memory.pause(() =>
      makeRoom(memory, {
        ...{ log, clock },
        settle: () => lock.run(settle),
        isOver: () => end.isOver
      })
    )
  }

  async #step(source: SourceMetrics, batch: Batch | null, polling: Polling): Promise<void> {
    const { end, sources, dataflow, commits } = this.#host
    // What comes from before the pipeline went back comes again.
    if (end.failure !== null || sources.isAhead(source)) return
    try {
      dataflow.tick()
      if (batch !== null) await this.#process(source, batch, polling)
      await this.closeWindows()
      if (commits.isDue()) await sources.commit()
    } catch (error) {
      if (error instanceof StoreDamaged) await this.#repair(error)
      else end.fail(error)
    }
  }

  /** What the batch has done so far has met a state that is wrong: it comes again, when the state is made anew. */
  async #repair(damage: StoreDamaged): Promise<void> {
    const { end, sources, dataflow } = this.#host
    try {
      dataflow.distrust(damage)
      await sources.goBack()
    } catch (error) {
      end.fail(error)
    }
  }

  async #process(source: SourceMetrics, batch: Batch, polling: Polling): Promise<void> {
    const { end, outputs, dataflow, commits } = this.#host
    const { clock } = this.#options
    const start = clock.elapsed()
    const work = polling.process()
    await traced(work, async () => {
      await dataflow.run(source, batch)
      source.busy += clock.elapsed() - start
      end.throwFailure()
      await outputs.produce(work, batch)
    })
    countBatch(source, batch)
    this.#options.samples?.take(`source ${source.definition.name}`, () =>
      recordOf(batch, batch.count - 1)
    )
    commits.touch()
  }

  /** To be called by what holds the lock: what is complete by now is told. */
  async closeWindows(): Promise<void> {
    const { metrics, outputs, dataflow, commits } = this.#host
    const send = async (): Promise<void> => {
      if (await outputs.produce()) commits.touch()
    }
    const windows = dataflow.closeWindows()
    metrics.telling += await tellInParts(windows, this.#options.clock, send)
    await send()
  }
}
