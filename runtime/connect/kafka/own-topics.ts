import { setTimeout as sleep } from 'node:timers/promises'
import type { OwnTopic } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { ClientConfig } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { createTopic, type NewTopic } from './create-topic.ts'
import { disconnectProducer } from './producer.ts'

/** Before brokers are asked again whether a new topic is known to them, in ms. */
const ASK_AGAIN = 50

/**
 * Creates a topic of the pipeline's own if it is not there (`partitionsOf` answers 0); refuses one with another number of partitions,
 * where that is not 0.
 */
export async function requireOwnTopic(
  native: KafkaNative,
  partitionsOf: (topic: string) => Promise<number>,
  config: ClientConfig,
  wanted: NewTopic
): Promise<void> {
  const { topic, what, partitions } = wanted
  const found = await partitionsOf(topic)
  if (found === partitions || (found > 0 && partitions === 0)) return
  if (found > 0) {
    throw new EnvironmentError(
      `the ${what} "${topic}" has ${found} ${found === 1 ? 'partition' : 'partitions'}, and SET parallelism asks for ${partitions}`,
      'Keys and their state are split into as many parts as there are tasks. Set the parallelism that they were split with, or start with --rebuild-state.'
    )
  }
  await createTopic(native, config, wanted)
  while ((await partitionsOf(topic)) === 0) await sleep(ASK_AGAIN)
}

/** See Connector.prepareTopics. What is in them is kept until somebody has read it, however long that takes. */
export async function prepareOwnTopics(
  config: ClientConfig,
  topics: readonly OwnTopic[]
): Promise<void> {
  const native = await loadKafkaNative()
  const producer = new native.Producer(config)
  await connectClient(producer, String(config['metadata.broker.list']))
  const partitionsOf = (topic: string): Promise<number> => topicPartitions(producer, topic)
  try {
    for (const topic of topics) {
      const kept = { 'cleanup.policy': 'delete', 'retention.ms': '-1' }
      await requireOwnTopic(native, partitionsOf, config, { ...topic, config: kept })
    }
  } finally {
    await disconnectProducer(producer)
  }
}
