import type {
  Batch,
  ModelDefinition,
  OutputBatch,
  PipelineDefinition,
  SinkConnection,
  SinkDefinition,
  SourceConnection,
  SourceDefinition
} from '../contract/index.ts'
import { ErrorCounts } from './error-counts.ts'
import { BATCH_SIZES, Histogram, SECONDS } from './histogram.ts'
import { LatencySamples } from './latency-samples.ts'

/** What a source has done, and how far it is. */
export interface SourceMetrics {
  definition: SourceDefinition
  connection: SourceConnection | null
  messages: number
  bytes: number
  rejected: number
  /** Those that were gone before they were read, as far as their number is known. */
  missing: number
  /** Milliseconds since the epoch; null before the first record. */
  lastTimestamp: number | null
  /** Next offset to consume, by partition assigned to this process. */
  readonly next: Map<number, number>
  assigned: readonly number[] | null
  /** Why nothing comes; null: a broker answers. */
  trouble: string | null
  readonly errors: ErrorCounts
  /** Records of each batch. */
  readonly batches: Histogram
  /** How long its records took from their decoding to the writers, models included, in ms. */
  busy: number
}

export interface SinkMetrics {
  definition: SinkDefinition
  connection: SinkConnection | null
  messages: number
  bytes: number
  errors: number
  /** Why nothing goes out; null: a broker answers, as far as there was something to send. */
  trouble: string | null
  readonly failures: ErrorCounts
  readonly batches: Histogram
  /** How long its client took to take records over, in ms: it waits where the brokers are slower. */
  busy: number
  readonly latency: LatencySamples
}

export interface ModelMetrics {
  readonly definition: ModelDefinition
  rows: number
  failures: number
  /** Of each time that it was asked, in seconds. */
  readonly durations: Histogram
}

/** Something that is done again and again, and may fail. */
export interface WorkMetrics {
  /** Of each that succeeded, in seconds. */
  readonly durations: Histogram
  failures: number
}

export interface Metrics {
  sources: readonly SourceMetrics[]
  sinks: readonly SinkMetrics[]
  readonly models: readonly ModelMetrics[]
  readonly commits: WorkMetrics
  readonly checkpoints: WorkMetrics
  /** How often the pipeline went back to its last commit. */
  returns: number
  /** Records by dead-letter topic. */
  readonly deadLetters: Map<string, number>
  /** How long it took to tell what windows and groups have become, in ms. */
  telling: number
}

export function makeMetrics({ sources, sinks, models }: PipelineDefinition): Metrics {
  return {
    sources: sources.map(definition => ({
      definition,
      connection: null,
      messages: 0,
      bytes: 0,
      rejected: 0,
      missing: 0,
      lastTimestamp: null,
      next: new Map(),
      assigned: null,
      trouble: null,
      errors: new ErrorCounts(),
      batches: new Histogram(BATCH_SIZES),
      busy: 0
    })),
    sinks: sinks.map(definition => ({
      definition,
      connection: null,
      messages: 0,
      bytes: 0,
      errors: 0,
      trouble: null,
      failures: new ErrorCounts(),
      batches: new Histogram(BATCH_SIZES),
      busy: 0,
      latency: new LatencySamples()
    })),
    models: models.map(definition => ({
      definition,
      rows: 0,
      failures: 0,
      durations: new Histogram(SECONDS)
    })),
    commits: { durations: new Histogram(SECONDS), failures: 0 },
    checkpoints: { durations: new Histogram(SECONDS), failures: 0 },
    returns: 0,
    deadLetters: new Map(),
    telling: 0
  }
}

/** What has been counted by now: the answer sets everything back to it. */
export function rememberCounts({ sources, sinks }: Metrics): () => void {
  const counts = [
    ...sources.map(source => {
      const { messages, bytes, rejected, lastTimestamp } = source
      return () => Object.assign(source, { messages, bytes, rejected, lastTimestamp })
    }),
    ...sinks.map(sink => {
      const { messages, bytes, errors } = sink
      return () => Object.assign(sink, { messages, bytes, errors })
    })
  ]
  return () => counts.forEach(setBack => setBack())
}

/** Counts a batch that is done, and remembers where its partitions go on. */
export function countBatch(source: SourceMetrics, batch: Batch): void {
  const { count, partition, offset, timestamp } = batch
  for (let i = 0; i < count; i++) {
    // Partitions come in runs: only the last of a run needs the map.
    if (i + 1 === count || partition[i] !== partition[i + 1]) {
      source.next.set(partition[i]!, offset[i]! + 1)
    }
  }
  source.messages += count
  source.bytes += batch.size
  source.lastTimestamp = timestamp[count - 1]!
  source.batches.observe(count)
}

/** Counts records that a sink's client has taken over. */
export function countSent(sink: SinkMetrics, batch: OutputBatch, bytes: number): void {
  sink.messages += batch.count
  sink.bytes += bytes
  sink.batches.observe(batch.count)
  sink.latency.take(batch)
}

/** Records that are not consumed yet, over the partitions of this process. */
export function lagOf({ connection, next, assigned }: SourceMetrics): number {
  let lag = 0
  for (const partition of assigned ?? []) {
    lag += connection?.lag(partition, next.get(partition) ?? null) ?? 0
  }
  return lag
}

/** The offset from which a partition goes on, and how many records are behind it; null: not known. */
export function placeIn(
  { connection, next }: SourceMetrics,
  partition: number
): { readonly offset: number | null; readonly lag: number | null } {
  const offset = next.get(partition) ?? connection?.position(partition) ?? null
  return { offset, lag: connection?.lag(partition, offset) ?? null }
}

export type SourceStatus = 'disconnected' | 'starting' | 'running'

export function sourceStatus({ assigned, trouble }: SourceMetrics): SourceStatus {
  if (trouble !== null) return 'disconnected'
  return assigned === null ? 'starting' : 'running'
}

export function sinkStatus({ trouble }: SinkMetrics): Exclude<SourceStatus, 'starting'> {
  return trouble === null ? 'running' : 'disconnected'
}

/** Whether everything that the topic holds has been consumed; false while that is not known. */
export function isAtEnd({ connection, next, assigned }: SourceMetrics): boolean {
  return (
    assigned !== null &&
    assigned.every(partition => connection?.lag(partition, next.get(partition) ?? null) === 0)
  )
}
