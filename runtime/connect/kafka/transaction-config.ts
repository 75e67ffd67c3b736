import { randomUUID } from 'node:crypto'
import type { PipelineDefinition, SinkDefinition } from '../../contract/index.ts'
import type { ClientConfig } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'
import type { Needs } from './denial.ts'
import { sinkRetries } from './sink-config.ts'
import { stateTopics } from '../state-topic.ts'

/** A sink with its CONFIG, secrets resolved. */
export interface ResolvedSink {
  readonly definition: SinkDefinition
  readonly properties: Readonly<Record<string, string>>
}

/** Of dead letters too: records that fitted elsewhere, with headers on top. */
const MAX_BYTES = 10 << 20

/** The most that a sink takes for one record. */
export function mostBytes(properties: Readonly<Record<string, string>>): number {
  return Number(properties['message.max.bytes'] ?? 1_000_000)
}

/** Whether the pipeline has state: then its transactional id is fixed, so that a second process shuts the first one out. */
export function isStateful(definition: PipelineDefinition): boolean {
  return stateTopics(definition).length > 0
}

/**
 * `shared`: what clients of these brokers need to get in. Sinks that take part are the producer's: the compiler has seen to it
 * that they do not contradict each other.
 */
export function transactionConfig(
  definition: PipelineDefinition,
  brokers: string,
  shared: Readonly<Record<string, string>>,
  sinks: readonly ResolvedSink[]
): ClientConfig {
  const properties = Object.assign(
    {},
    shared,
    ...sinks.map(sink => sink.properties)
  ) as typeof shared
  // Each sink sees to its own.
  const largest = Math.max(MAX_BYTES, ...sinks.map(sink => mostBytes(sink.properties)))
  return clientConfig(
    brokers,
    { ...properties, 'message.max.bytes': String(largest) },
    {
      ...identity(definition),
      ...(sinks.length === 0 ? { 'compression.codec': 'snappy', 'linger.ms': 5 } : asSinks(sinks)),
      partitioner: 'murmur2_random',
      'queue.buffering.max.messages': 500_000,
      'queue.buffering.max.kbytes': 131_072,
      'statistics.interval.ms': 1000,
      'delivery.report.only.error': true,
      dr_msg_cb: true
    }
  )
}

/**
 * Stateless pipelines scale by more instances, each with an id of its own: which partitions are its own is what the group checks.
 * Nobody takes over what a crash leaves open: it times out soon. Where the id is fixed, the next start ends it.
 */
function identity(definition: PipelineDefinition): ClientConfig {
  const open = 2 * definition.commitInterval
  const id = transactionalId(definition)
  const timeout = isStateful(definition) ? open + 60_000 : open + 10_000
  return { 'transactional.id': id, 'transaction.timeout.ms': timeout }
}

export function transactionalId(definition: PipelineDefinition): string {
  const { name, task } = definition
  const id = `miraclec-${name}${task === undefined ? '' : `-${task.stage}-${task.index}`}`
  return isStateful(definition) ? id : `${id}-${randomUUID()}`
}

/** The shortest wait and the largest batch of any. */
function asSinks(sinks: readonly ResolvedSink[]): ClientConfig {
  const definitions = sinks.map(({ definition }) => definition)
  const bounded = definitions.filter(({ onError }) => onError.action === 'retry')
  const [patient] = bounded.sort((a, b) => b.onError.maxRetries - a.onError.maxRetries)
  return {
    'compression.codec': definitions[0]!.compression,
    'batch.num.messages': Math.max(...definitions.map(({ batchSize }) => batchSize)),
    'linger.ms': Math.min(...definitions.map(({ linger }) => linger)),
    ...(patient === undefined ? {} : sinkRetries(patient))
  }
}

/** For which its user may lack a permission. */
export function needsOf(config: ClientConfig): Needs {
  return { operation: 'Write', transactionalId: String(config['transactional.id']) }
}

/** One record per request. */
export function carefulConfig(config: ClientConfig): ClientConfig {
  return { ...config, 'batch.num.messages': 1, 'linger.ms': 0 }
}
