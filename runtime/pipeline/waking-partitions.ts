import type { Metrics, SourceMetrics } from '../observe/metrics.ts'
import type { ChannelMark } from '../time/exchange-clock.ts'
import type { Dataflow } from './dataflow.ts'

/**
 * Partitions that others went on without, and that bring something again. Once they have been told to wait for one, nobody gets further
 * than it: what the group has of all partitions then is how far they may have come before.
 */
export class WakingPartitions {
  readonly #metrics: Metrics
  readonly #dataflow: Dataflow
  /** By source: its partitions that others were told to wait for. */
  readonly #told = new Map<string, Set<number>>()
  /** As `#told`, where that is committed. */
  #committed = new Map<string, Set<number>>()

  constructor(metrics: Metrics, dataflow: Dataflow) {
    this.#metrics = metrics
    this.#dataflow = dataflow
  }

  /** This was told, to one exchange or another. */
  told(marks: readonly ChannelMark[]): void {
    const of = (awake: boolean) => marks.filter(([, , , , isIdle]) => isIdle !== awake)
    for (const [source, , partition] of of(true)) {
      if (this.#dataflow.sourceClock(source)?.passed.includes(partition) !== true) continue
      const partitions = this.#told.get(source) ?? new Set<number>()
      this.#told.set(source, partitions.add(partition))
    }
    for (const [source, , partition] of of(false)) this.#told.get(source)?.delete(partition)
  }

  committed(): void {
    this.#committed = new Map(this.#told)
    this.#told.clear()
  }

  forget(): void {
    this.#told.clear()
    this.#committed.clear()
  }

  /** Finds out how far others may have come. To be called before more is told. */
  async look(): Promise<void> {
    const waking = this.#committed
    if (waking.size === 0) return
    this.#committed = new Map()
    const latest = await this.#latest()
    if (latest === null) return
    for (const [source, partitions] of waking) {
      const clock = this.#dataflow.sourceClock(source)
      for (const partition of partitions) {
        if (clock?.passed.includes(partition) === true) clock.waitedFor(partition, latest)
      }
    }
  }

  /** Null: not known; it is asked again when others have been told once more. */
  async #latest(): Promise<number | null> {
    const latestOf = async ({ connection }: SourceMetrics) => (await connection?.latest?.()) ?? null
    try {
      const all = await Promise.all(this.#metrics.sources.map(latestOf))
      return Math.max(...all.map(mark => mark ?? -Infinity))
    } catch {
      return null
    }
  }
}
