import { setTimeout as sleep } from 'node:timers/promises'
import type { SourceDefinition } from '../contract/index.ts'
import type { PipelineProcess } from './pipeline-process.ts'
import type { PipelineMetrics } from './watch-pipeline.ts'

/** The embedded broker keeps so little of a partition that two such portions must fit: 5 MB, or 100,000 records. */
const PORTION_RECORDS = 20_000
const PORTION_BYTES = 1_500_000
const ASK_AGAIN = 20

/** What was sent to a pipeline, by topic, and how much of it the pipeline has consumed. */
export class SentRows {
  readonly #pipeline: PipelineProcess
  readonly #sources: readonly Pick<SourceDefinition, 'name' | 'topic'>[]
  readonly #byTopic = new Map<string, number>()
  #portionRecords = 0
  #portionBytes = 0

  constructor(
    pipeline: PipelineProcess,
    sources: readonly Pick<SourceDefinition, 'name' | 'topic'>[]
  ) {
    this.#pipeline = pipeline
    this.#sources = sources
  }

  get total(): number {
    return [...this.#byTopic.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Counts a row that goes out next. Waits, after each portion, until the portion before it is consumed: none is lost. */
  async add(topic: string, bytes: number): Promise<void> {
    if (this.#portionRecords >= PORTION_RECORDS || this.#portionBytes >= PORTION_BYTES) {
      await this.#consumedBut(this.#portionRecords)
      this.#portionRecords = 0
      this.#portionBytes = 0
    }
    this.#portionRecords++
    this.#portionBytes += bytes
    this.#byTopic.set(topic, (this.#byTopic.get(topic) ?? 0) + 1)
  }

  /** Rows that a source has not consumed yet: the source that is the furthest behind. */
  behind({ sources }: PipelineMetrics): number {
    const counts = this.#sources.map(({ name, topic }) => {
      // A source that nobody reads has no metrics.
      const consumed = sources[name]?.messages_consumed ?? Infinity
      return Math.max(0, (this.#byTopic.get(topic) ?? 0) - consumed)
    })
    return Math.max(0, ...counts)
  }

  /** Resolves when all that was sent is consumed, or the pipeline does not answer any more. */
  allConsumed(): Promise<void> {
    return this.#consumedBut(0)
  }

  /** Resolves when no source is more than `records` behind, or the pipeline does not answer any more. */
  async #consumedBut(records: number): Promise<void> {
    for (;;) {
      const metrics = await this.#pipeline.metrics()
      if (metrics === null || this.behind(metrics) <= records) return
      await sleep(ASK_AGAIN)
    }
  }
}
