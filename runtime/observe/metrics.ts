import type {
  Batch,
  SinkConnection,
  SinkDefinition,
  SourceConnection,
  SourceDefinition
} from '../contract/index.ts'

/** What a source has done, and how far it is. */
export interface SourceMetrics {
  definition: SourceDefinition
  connection: SourceConnection | null
  messages: number
  bytes: number
  rejected: number
  /** Milliseconds since the epoch; null before the first record. */
  lastTimestamp: number | null
  /** Next offset to consume, by partition assigned to this process. */
  readonly next: Map<number, number>
  assigned: readonly number[] | null
  /** Whether a broker answers. */
  up: boolean
}

export interface SinkMetrics {
  definition: SinkDefinition
  connection: SinkConnection | null
  messages: number
  bytes: number
  errors: number
  /** Whether a broker answers, as far as there was something to send. */
  up: boolean
}

export interface Metrics {
  sources: readonly SourceMetrics[]
  sinks: readonly SinkMetrics[]
}

export function makeMetrics(
  sources: readonly SourceDefinition[],
  sinks: readonly SinkDefinition[]
): Metrics {
  return {
    sources: sources.map(definition => ({
      definition,
      connection: null,
      messages: 0,
      bytes: 0,
      rejected: 0,
      lastTimestamp: null,
      next: new Map(),
      assigned: null,
      up: true
    })),
    sinks: sinks.map(definition => ({
      definition,
      connection: null,
      messages: 0,
      bytes: 0,
      errors: 0,
      up: true
    }))
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
}

/** Records that are not consumed yet, over the partitions of this process. */
export function lagOf({ connection, next, assigned }: SourceMetrics): number {
  let lag = 0
  for (const partition of assigned ?? []) {
    lag += connection?.lag(partition, next.get(partition) ?? null) ?? 0
  }
  return lag
}

/** Whether everything that the topic holds has been consumed; false while that is not known. */
export function isAtEnd({ connection, next, assigned }: SourceMetrics): boolean {
  return (
    assigned !== null &&
    assigned.every(partition => connection?.lag(partition, next.get(partition) ?? null) === 0)
  )
}

/** The document of `GET /api/v1/kafka/metrics`, in the shape that MiracleDb's reference prints. */
export function kafkaMetrics({ sources, sinks }: Metrics): object {
  return {
    sources: Object.fromEntries(
      sources.map(source => [
        source.definition.name,
        {
          messages_consumed: source.messages,
          bytes_consumed: source.bytes,
          lag: lagOf(source),
          consumer_group: source.definition.groupId,
          partitions: [...(source.assigned ?? [])].sort((a, b) => a - b)
        }
      ])
    ),
    sinks: Object.fromEntries(
      sinks.map(sink => [
        sink.definition.name,
        {
          messages_produced: sink.messages,
          bytes_produced: sink.bytes,
          compression_ratio: Math.round((sink.connection?.compressionRatio() ?? 1) * 1000) / 1000,
          errors: sink.errors
        }
      ])
    )
  }
}
