import { RecordWriter } from '../codec/index.ts'
import { schemaId } from '../registry/index.ts'
import type { Batch, PipelineDefinition, SinkSchema } from '../contract/index.ts'
import { during } from '../observe/doing.ts'
import { countSent, type Metrics, type SinkMetrics } from '../observe/metrics.ts'
import { recordOf, type RecordSamples } from '../observe/record-samples.ts'
import { type Sending, traced } from '../observe/work-tracer.ts'
import { backOff } from './back-off.ts'
import { takeWithContext } from './carry-context.ts'
import { DeadLetters } from './dead-letters.ts'
import { FailedRecords } from './failed-records.ts'
import { openEnd } from './open-end.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** All ways out of a pipeline: its sinks, and the dead letters. */
export class Outputs {
  /** Does what ON ERROR says. */
  readonly failedRecords: FailedRecords
  readonly #options: PipelineOptions
  readonly #metrics: Metrics
  readonly #samples: RecordSamples | null
  readonly #writers = new Map<string, RecordWriter>()
  readonly #deadLetters: DeadLetters
  readonly #tracer: Sending
  readonly #fail: (error: Error) => void

  constructor(
    definition: PipelineDefinition,
    options: PipelineOptions,
    metrics: Metrics,
    samples: RecordSamples | null,
    tracer: Sending,
    fail: (error: Error) => void
  ) {
    const { connector, log, clock } = options
    this.#options = options
    this.#metrics = metrics
    this.#samples = samples
    this.#tracer = tracer
    this.#fail = fail
    this.#deadLetters = new DeadLetters(definition, connector, metrics.deadLetters)
    const now = (): number => clock.now()
    this.failedRecords = new FailedRecords(definition, this.#deadLetters, log, now, fail)
    for (const { name } of definition.sinks) this.#writers.set(name, new RecordWriter())
  }

  /** `own`: the writer that it has from now on. */
  writer(sink: string, own?: RecordWriter): RecordWriter {
    if (own !== undefined) this.#writers.set(sink, own)
    return this.#writers.get(sink)!
  }

  async open(sink: SinkMetrics): Promise<void> {
    const { connector, clock, random = Math.random, openRegistry } = this.#options
    const { schema, keySchema, name } = sink.definition
    const idOf = async (one: SinkSchema): Promise<number> => {
      if (openRegistry === undefined) throw new Error(`nothing opens the registry of ${name}`)
      return schemaId(one, openRegistry(one))
    }
    if (schema !== undefined) this.writer(name).setSchema(await idOf(schema))
    if (keySchema !== undefined) this.writer(name).setKeySchema(await idOf(keySchema))
    await openEnd(sink, connected =>
      connector.openSink(sink.definition, {
        refused: record => this.failedRecords.refused(sink, record),
        backOff: attempt => backOff(sink.definition.onError, attempt, clock, random),
        failed: error => this.#fail(error),
        connected
      })
    )
  }

  /** With the settings that it has now. */
  async reopen(sink: SinkMetrics): Promise<void> {
    const before = sink.connection
    await this.open(sink)
    await before?.close()
  }

  async stop(sink: SinkMetrics): Promise<void> {
    this.#metrics.sinks = this.#metrics.sinks.filter(other => other !== sink)
    await sink.connection?.close()
  }

  /**
   * Hands what the writers and the dead letters hold to the clients. False: that was nothing. `work`: what it comes of; `of`: the batch
   * that all of it comes of, if it does.
   */
  async produce(work: Sending = this.#tracer, of: Batch | null = null): Promise<boolean> {
    const { sinks } = this.#metrics
    const { clock, carriesContext = true } = this.#options
    let produced = await during('sending', () => this.#deadLetters.send())
    for (const sink of sinks) {
      const writer = this.writer(sink.definition.name)
      if (writer.count === 0) continue
      const { size } = writer
      const batch = during('sending', () =>
        of !== null && carriesContext ? takeWithContext(writer, of) : writer.take()
      )
      const start = clock.elapsed()
      const send = (): Promise<void> => during('sending', () => sink.connection!.send(batch))
      await traced(work.send(sink.definition, batch.count), send)
      sink.busy += clock.elapsed() - start
      countSent(sink, batch, size)
      this.#samples?.take(`sink ${sink.definition.name}`, () => recordOf(batch, batch.count - 1))
      writer.clear()
      produced = true
    }
    // What a dropped sink would get.
    if (sinks.length < this.#writers.size) this.discardWritten()
    return produced
  }

  /** Everything that was handed over is acknowledged, or refused and a dead letter. As `SinkConnection.flush`. */
  async flush(): Promise<void> {
    const flushed = await Promise.allSettled(
      this.#metrics.sinks.map(({ connection }) => connection!.flush())
    )
    for (const result of flushed) if (result.status === 'rejected') throw result.reason
    // A sink may have refused records during its flush.
    await this.#deadLetters.flush()
  }

  /** All that was sent has arrived, and is seen by those who read it. */
  acknowledged(): void {
    const now = this.#options.clock.now()
    for (const { latency } of this.#metrics.sinks) latency.acknowledged(now)
  }

  /** Forgets what is written and not handed over yet. */
  discardWritten(): void {
    for (const writer of this.#writers.values()) writer.clear()
  }

  /** Forgets the dead letters that wait too. */
  discard(): void {
    this.discardWritten()
    this.#deadLetters.discard()
    for (const { latency } of this.#metrics.sinks) latency.discard()
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#metrics.sinks.map(async ({ connection }) => connection?.close()))
    await this.#deadLetters.close().catch(() => {})
  }
}
