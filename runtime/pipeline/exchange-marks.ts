import type { PipelineDefinition, SinkDefinition } from '../contract/index.ts'
import type { Metrics, SourceMetrics } from '../observe/metrics.ts'
import type { ChannelMark } from '../time/exchange-clock.ts'
import type { Dataflow } from './dataflow.ts'
import { WakingPartitions } from './waking-partitions.ts'

const encoder = new TextEncoder()
/** How often processing time is told where nothing else is, in ms: each time costs a commit. */
const TELL_PROCESSING = 1000

/** Tells those behind the exchanges of a pipeline how far its sources' event time is, and its processing time, behind all rows that it holds for. */
export class ExchangeMarks {
  readonly #definition: PipelineDefinition
  readonly #metrics: Metrics
  readonly #dataflow: Dataflow
  /** Those that the pipeline sends to. */
  readonly #exchanges: readonly SinkDefinition[]
  /** By exchange: what was told last. */
  readonly #told = new Map<string, string>()
  /** When processing time was told last, by a clock that nobody sets. */
  #toldAt = -Infinity
  /** How many partitions a source's topic has: asked for once in each of its assignments. */
  readonly #counts = new Map<
    SourceMetrics,
    { readonly assigned: readonly number[]; readonly count: number }
  >()

  readonly #waking: WakingPartitions

  constructor(definition: PipelineDefinition, metrics: Metrics, dataflow: Dataflow) {
    this.#definition = definition
    this.#metrics = metrics
    this.#dataflow = dataflow
    this.#waking = new WakingPartitions(metrics, dataflow)
    this.#exchanges = definition.sinks.filter(({ exchange }) => exchange !== undefined)
  }

  /** Whether whoever gets a partition of a source next has to know how far it was: nothing else remembers it. */
  get areHandedOver(): boolean {
    return this.#definition.task === undefined && this.#exchanges.length > 0
  }

  /** Whether there is something to tell. */
  async haveMoved(): Promise<boolean> {
    const isLongAgo = this.#dataflow.elapsed - this.#toldAt >= TELL_PROCESSING
    for (const sink of this.#exchanges) {
      if (sink.exchange!.processing !== undefined && isLongAgo) return true
      if (JSON.stringify(await this.#marksOf(sink)) !== this.#told.get(sink.name)) return true
    }
    return false
  }

  async tell(): Promise<void> {
    if (this.#exchanges.length === 0) return
    await this.#waking.look()
    const all: ChannelMark[] = []
    for (const sink of this.#exchanges) {
      const marks = await this.#marksOf(sink)
      all.push(...marks)
      const text = JSON.stringify(marks)
      const processed = await this.#processedOf(sink)
      if (text === this.#told.get(sink.name) && processed.length === 0) continue
      const { connection } = this.#metrics.sinks.find(({ definition }) => definition === sink)!
      await connection!.broadcast!(encoder.encode(JSON.stringify([...marks, ...processed])))
      this.#told.set(sink.name, text)
    }
    this.#waking.told(all)
    this.#toldAt = this.#dataflow.elapsed
  }

  /** What was told is committed. */
  committed(): void {
    this.#waking.committed()
  }

  /** What was told is not committed, and never will be. */
  forget(): void {
    this.#told.clear()
    this.#toldAt = -Infinity
    this.#waking.forget()
  }

  /** Of event time. */
  async #marksOf({ exchange }: SinkDefinition): Promise<readonly ChannelMark[]> {
    const marks: ChannelMark[] = []
    for (const name of exchange!.clocks) {
      const source = this.#metrics.sources.find(({ definition }) => definition.name === name)
      if (source === undefined) continue
      const count = await this.#countOf(source)
      for (const { partition, mark, isIdle } of this.#dataflow.marks(name))
        marks.push([name, count, partition, mark === -Infinity ? null : mark, isIdle])
    }
    return marks
  }

  async #processedOf({ exchange }: SinkDefinition): Promise<readonly ChannelMark[]> {
    const marks: ChannelMark[] = []
    for (const name of exchange!.processing ?? []) {
      const source = this.#metrics.sources.find(({ definition }) => definition.name === name)
      if (source === undefined) continue
      const count = await this.#countOf(source)
      const mark = this.#dataflow.processed(name)
      for (const partition of source.assigned ?? [])
        marks.push([name, count, partition, mark === -Infinity ? null : mark, false, 'processing'])
    }
    if (marks.length > 0) this.#dataflow.tellsProcessing()
    return marks
  }

  /** Channels of a source are the partitions of its topic; of an exchange the tasks that read it. */
  async #countOf(source: SourceMetrics): Promise<number> {
    const { task } = this.#definition
    if (task !== undefined) return task.count
    const { assigned, connection } = source
    if (assigned === null) return 1
    const known = this.#counts.get(source)
    if (known?.assigned === assigned) return known.count
    const count = await connection!.partitions()
    this.#counts.set(source, { assigned, count })
    return count
  }
}
