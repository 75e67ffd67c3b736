import type { SinkDefinition } from '../../contract/index.ts'
import type { ClientConfig } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'

type Properties = Readonly<Record<string, string>>

/** Of a producer for one sink. */
export function sinkConfig(sink: SinkDefinition, properties: Properties): ClientConfig {
  return clientConfig(sink.brokers, properties, {
    'compression.codec': sink.compression,
    'batch.num.messages': sink.batchSize,
    'linger.ms': sink.linger,
    'enable.idempotence': isIdempotent(properties),
    // As Java clients place keys.
    partitioner: 'murmur2_random',
    // Never given up on: a broker that is away stops the pipeline's progress, not its records.
    'message.timeout.ms': 0,
    ...sinkRetries(sink),
    'queue.buffering.max.messages': 200_000,
    'queue.buffering.max.kbytes': 32_768,
    'statistics.interval.ms': 1000,
    'delivery.report.only.error': true,
    dr_msg_cb: true
  })
}

// acks other than all cannot be idempotent: the script chose speed.
function isIdempotent(properties: Properties): boolean {
  const acks = properties['request.required.acks'] ?? properties['acks'] ?? 'all'
  return acks === 'all' || acks === '-1'
}

/** `ON ERROR (action = 'retry')` bounds what librdkafka would repeat for ever. */
export function sinkRetries({
  onError: { action, maxRetries, retryBackoff }
}: SinkDefinition): ClientConfig {
  if (action !== 'retry') return {}
  const backoff = Math.max(1, Math.min(retryBackoff, 300_000))
  return {
    'message.send.max.retries': Math.max(1, maxRetries),
    'retry.backoff.ms': backoff,
    'retry.backoff.max.ms': Math.max(1000, backoff)
  }
}
