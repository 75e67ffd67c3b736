import { RecordWriter } from '../codec/index.ts'
import type {
  Batch,
  Clock,
  Connector,
  ErrorPolicy,
  ModelRunner,
  PipelineDefinition,
  RecordError,
  RefusedRecord,
  SourceTask
} from '../contract/index.ts'
import type { Logger } from '../observe/log.ts'
import {
  makeMetrics,
  type Metrics,
  type SinkMetrics,
  type SourceMetrics
} from '../observe/metrics.ts'
import { DeadLetters } from './dead-letters.ts'
import { StoppedByRecord } from './environment-error.ts'
import { makeLock } from './lock.ts'

export interface PipelineOptions {
  readonly connector: Connector
  readonly clock: Clock
  readonly log: Logger
  /** By name; opened before. */
  readonly models: ReadonlyMap<string, ModelRunner>
  /** Records per poll. */
  readonly pollSize?: number
  /** Stops when a poll of every source finds nothing: for tests and `--until-idle`. */
  readonly untilIdle?: boolean
}

export interface Pipeline {
  readonly metrics: Metrics
  /** Whether every source knows its partitions. */
  ready(): boolean
  /** Resolves when the pipeline has stopped; rejects with what made it stop. */
  readonly done: Promise<void>
  /** Finishes what was polled, flushes, commits, closes. */
  stop(): Promise<void>
}

const POLL_SIZE = 10_000
/** How long a poll waits for a first record, in ms: also how long a stop may take to be seen. */
const POLL_WAIT = 100

/** Opens sources and sinks and starts the loop: poll, run, produce; at each commit interval flush, then commit. */
export async function startPipeline(
  definition: PipelineDefinition,
  options: PipelineOptions
): Promise<Pipeline> {
  const runner = new Runner(definition, options)
  await runner.open()
  const done = runner.run()
  return {
    metrics: runner.metrics,
    ready: () => runner.ready(),
    done,
    async stop() {
      runner.stop()
      await done
    }
  }
}

class Runner {
  readonly metrics: Metrics
  readonly #definition: PipelineDefinition
  readonly #options: PipelineOptions
  readonly #deadLetters: DeadLetters
  readonly #writers = new Map<string, RecordWriter>()
  readonly #lock = makeLock()
  #tasks: readonly SourceTask[] = []
  #stopping = false
  #failure: Error | null = null
  #nextBarrier = 0
  #now = 0
  #dirty = false

  constructor(definition: PipelineDefinition, options: PipelineOptions) {
    this.#definition = definition
    this.#options = options
    this.#deadLetters = new DeadLetters(definition, options.connector)
    this.metrics = makeMetrics(definition.sources, definition.sinks)
  }

  async open(): Promise<void> {
    const { connector, clock, models } = this.#options
    for (const sink of this.#definition.sinks) this.#writers.set(sink.name, new RecordWriter())
    this.#tasks = this.#definition.open({
      writer: name => this.#writers.get(name)!,
      model: name => models.get(name)!,
      now: () => this.#now
    })
    // Sinks first: a source that is open may have to be drained into them. Clients connect at the same time.
    await Promise.all(
      this.metrics.sinks.map(async sink => {
        const refused = (record: RefusedRecord): void => this.#refused(sink, record)
        sink.connection = await connector.openSink(sink.definition, { refused })
      })
    )
    await Promise.all(this.metrics.sources.map(source => this.#openSource(source)))
    this.#nextBarrier = clock.now() + this.#definition.commitInterval
  }

  async #openSource(source: SourceMetrics): Promise<void> {
    const { log, connector } = this.#options
    source.connection = await connector.openSource(source.definition, {
      assigned: partitions => {
        source.assigned = partitions
        source.next.clear()
        log.log('info', 'partitions assigned', {
          source: source.definition.name,
          partitions: partitions.join(' ')
        })
      },
      revoking: async () => {
        await this.#lock.run(() => this.#barrier())
        source.assigned = []
        source.next.clear()
      },
      rejected: (batch, record, error) => this.#rejected(source, batch, record, error),
      connected: () => {}
    })
  }

  ready(): boolean {
    return this.#failure === null && this.metrics.sources.every(source => source.assigned !== null)
  }

  stop(): void {
    this.#stopping = true
  }

  async run(): Promise<void> {
    try {
      await Promise.all(this.#tasks.map(task => this.#loop(task)))
      if (this.#failure === null) await this.#lock.run(() => this.#barrier())
    } catch (error) {
      this.#fail(error)
    } finally {
      await this.#close()
    }
    if (this.#failure !== null) throw this.#failure
  }

  async #loop(task: SourceTask): Promise<void> {
    const source = this.metrics.sources.find(({ definition }) => definition.name === task.source)!
    const { fill } = source.definition
    const pollSize = this.#options.pollSize ?? POLL_SIZE
    const size = fill.records === 0 ? pollSize : Math.max(fill.records, pollSize)
    while (!this.#stopping && this.#failure === null) {
      const batch = await source.connection!.poll(size, POLL_WAIT, fill.wait)
      try {
        await this.#lock.run(() => this.#step(task, source, batch))
      } catch (error) {
        this.#fail(error)
      }
      if (batch === null && this.#options.untilIdle === true) return
    }
  }

  async #step(task: SourceTask, source: SourceMetrics, batch: Batch | null): Promise<void> {
    if (this.#failure !== null) return
    this.#now = this.#options.clock.now()
    if (batch !== null && source.assigned !== null) {
      const waiting = task.run(batch)
      if (waiting !== undefined) await waiting
      this.#throwFailure()
      await this.#produce()
      this.#count(source, batch)
    }
    if (this.#now >= this.#nextBarrier) await this.#barrier()
  }

  /** Hands what the writers and the dead letters hold to the clients. */
  async #produce(): Promise<void> {
    await this.#deadLetters.send()
    for (const sink of this.metrics.sinks) {
      const writer = this.#writers.get(sink.definition.name)!
      if (writer.count === 0) continue
      const output = writer.take()
      const bytes = writer.size
      await sink.connection!.send(output)
      sink.messages += output.count
      sink.bytes += bytes
      writer.clear()
    }
  }

  #count(source: SourceMetrics, batch: Batch): void {
    const { count, partition, offset, timestamp } = batch
    let bytes = 0
    for (let i = 0; i < count; i++) {
      if (batch.valueStart[i]! >= 0) bytes += batch.valueEnd[i]! - batch.valueStart[i]!
      if (batch.keyStart[i]! >= 0) bytes += batch.keyEnd[i]! - batch.keyStart[i]!
      // Partitions come in runs: only the last of a run needs the map.
      if (i + 1 === count || partition[i] !== partition[i + 1]) {
        source.next.set(partition[i]!, offset[i]! + 1)
      }
    }
    source.messages += count
    source.bytes += bytes
    source.lastTimestamp = timestamp[count - 1]!
    this.#dirty = true
  }

  /** Everything sent is acknowledged, then the offsets that caused it are committed. */
  async #barrier(): Promise<void> {
    this.#nextBarrier = this.#options.clock.now() + this.#definition.commitInterval
    if (!this.#dirty) return
    await Promise.all(this.metrics.sinks.map(({ connection }) => connection!.flush()))
    // A sink may have refused records during its flush.
    await this.#deadLetters.flush()
    this.#throwFailure()
    for (const { connection, next } of this.metrics.sources) {
      if (next.size === 0) continue
      await this.#commit(connection!, [...next.keys()], [...next.values()])
    }
    this.#dirty = false
  }

  async #commit(
    connection: NonNullable<SourceMetrics['connection']>,
    partitions: readonly number[],
    next: readonly number[]
  ): Promise<void> {
    try {
      await connection.commit(partitions, next)
    } catch (error) {
      // The group has moved on, or the broker is away: the records may come again, none is lost.
      this.#options.log.limited('warn', `commit: ${(error as Error).message}`)
    }
  }

  #rejected(source: SourceMetrics, batch: Batch, record: number, error: RecordError): void {
    source.rejected++
    const { definition, connection } = source
    const { log } = this.#options
    const where = `${definition.topic}[${batch.partition[record]!}]@${batch.offset[record]!}`
    log.limited('warn', `record rejected: ${error.code}`, {
      source: definition.name,
      record: where,
      error: error.message,
      ...this.#position(error)
    })
    const topic = deadLetterTopic(definition.onError)
    if (topic !== null) {
      this.#deadLetters.addRecord(definition, topic, batch, record, error, connection)
    } else if (definition.onError.action !== 'log') {
      this.#failure ??= new StoppedByRecord(`${where}: ${error.message} (${error.code})`)
    }
  }

  #position({ site }: RecordError): { readonly statement?: string; readonly position?: string } {
    const place = this.#definition.sites[site]
    if (place === undefined) return {}
    return { statement: place.statement, position: `${place.line}:${place.column}` }
  }

  #refused(sink: SinkMetrics, record: RefusedRecord): void {
    sink.errors++
    const { definition } = sink
    this.#options.log.limited('warn', `sink refused a record: ${record.code}`, {
      sink: definition.name,
      error: record.message
    })
    const topic = deadLetterTopic(definition.onError)
    if (topic !== null) this.#deadLetters.addRefused(definition, topic, record)
    else if (definition.onError.action !== 'log') {
      this.#failure ??= new StoppedByRecord(`sink "${definition.name}": ${record.message}`)
    }
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
  }

  async #close(): Promise<void> {
    const connections = [
      ...this.metrics.sources.map(source => source.connection),
      ...this.metrics.sinks.map(sink => sink.connection)
    ]
    await Promise.allSettled(connections.map(connection => connection?.close()))
    await this.#deadLetters.close().catch(() => {})
    await this.#options.connector.close()
  }
}

/** Where a record goes that can't succeed; null: nowhere. `fail` never passes one on. */
function deadLetterTopic({ action, deadLetterTopic: topic }: ErrorPolicy): string | null {
  return action === 'fail' ? null : topic
}
