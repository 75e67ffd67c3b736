import { openCompression } from '../produce/compression.ts'
import type { ProduceSettings } from '../produce/raw-producer.ts'
import type { ClientConfig } from './client-config.ts'
import { wireSettings } from './wire-settings.ts'

/** The properties that our own producer follows, beside those of its connections; librdkafka is needed for any other. */
const FOLLOWED = new Set([
  'metadata.broker.list',
  'client.id',
  'compression.codec',
  'batch.num.messages',
  'batch.size',
  'message.max.bytes',
  'linger.ms',
  'queue.buffering.max.ms',
  'enable.idempotence',
  'partitioner',
  'message.timeout.ms',
  'message.send.max.retries',
  'retry.backoff.ms',
  'retry.backoff.max.ms',
  'request.timeout.ms',
  'topic.metadata.propagation.max.ms',
  'request.required.acks',
  'queue.buffering.max.kbytes',
  // What is counted here in bytes alone, or needs no setting without librdkafka.
  'queue.buffering.max.messages',
  'max.in.flight.requests.per.connection',
  'statistics.interval.ms',
  'delivery.report.only.error',
  'dr_msg_cb',
  'reconnect.backoff.ms',
  'reconnect.backoff.max.ms'
])
const CONNECTING = /^(enable\.)?(sasl|ssl|security|socket)\.|^oauthbearer_/

/** How records are sent to a topic as a client of librdkafka that is set up like that does it; a text: the setting that only librdkafka can follow. */
export async function produceSettings(
  topic: string,
  config: ClientConfig
): Promise<ProduceSettings | string> {
  const unknown = Object.keys(config).find(name => !FOLLOWED.has(name) && !CONNECTING.test(name))
  if (unknown !== undefined) return unknown
  if (config['enable.idempotence'] !== true && config['enable.idempotence'] !== 'true')
    return 'enable.idempotence'
  if (config['partitioner'] !== 'murmur2_random') return 'partitioner'
  const refused = refusedTogether(config)
  if (refused !== null) return refused
  const wire = wireSettings(config)
  if (typeof wire === 'string') return wire
  const compression = await openCompression(String(config['compression.codec'] ?? 'none'))
  if (compression === null) return 'compression.codec'
  const number = (name: string, otherwise: number): number =>
    name in config ? Number(config[name]) : otherwise
  return {
    ...wire,
    topic,
    compression,
    bytes: Math.min(number('batch.size', USUAL_BYTES), number('message.max.bytes', USUAL_BYTES)),
    records: number('batch.num.messages', 10_000),
    linger: number('linger.ms', number('queue.buffering.max.ms', 5)),
    timeout: number('request.timeout.ms', 30_000),
    topicWait: number('topic.metadata.propagation.max.ms', 30_000),
    maxRetries: number('message.send.max.retries', Infinity),
    backOff: number('retry.backoff.ms', 100),
    maxBytes: Math.min(number('queue.buffering.max.kbytes', 32_768) * 1024, MOST_BYTES)
  }
}

/** The setting that does not go with another one; null: none. librdkafka refuses it, and says why. */
function refusedTogether(config: ClientConfig): string | null {
  const is = (name: string, isRefused: (value: number) => boolean): boolean =>
    name in config && isRefused(Number(config[name] === 'all' ? -1 : config[name]))
  const linger = Number(config['linger.ms'] ?? config['queue.buffering.max.ms'] ?? 0)
  if (is('request.required.acks', acks => acks !== -1)) return 'request.required.acks'
  if (is('max.in.flight.requests.per.connection', most => most > MOST_IN_FLIGHT))
    return 'max.in.flight.requests.per.connection'
  if (is('message.send.max.retries', most => most < 1)) return 'message.send.max.retries'
  if (is('message.timeout.ms', timeout => timeout > 0 && timeout <= linger))
    return 'message.timeout.ms'
  return null
}

/** Of an idempotent producer: brokers know its last 5 batches. */
const MOST_IN_FLIGHT = 5
/** librdkafka's default. */
const USUAL_BYTES = 1_000_000
/** What waits here needs no more: librdkafka counts what is around each record too. */
const MOST_BYTES = 16 << 20
