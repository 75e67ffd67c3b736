import type { Snapshot } from './snapshot.ts'

/** The document of `GET /api/v1/kafka/metrics`, in the shape that MiracleDb's reference prints. */
export function kafkaMetrics({ sources, sinks }: Snapshot): object {
  return {
    sources: Object.fromEntries(
      sources.map(({ name, records, bytes, lag, group, partitions }) => [
        name,
        {
          messages_consumed: records,
          bytes_consumed: bytes,
          lag,
          consumer_group: group,
          partitions: partitions.map(({ partition }) => partition)
        }
      ])
    ),
    sinks: Object.fromEntries(
      sinks.map(({ name, records, bytes, compressionRatio, refused }) => [
        name,
        {
          messages_produced: records,
          bytes_produced: bytes,
          compression_ratio: Math.round(compressionRatio * 1000) / 1000,
          errors: refused
        }
      ])
    )
  }
}
