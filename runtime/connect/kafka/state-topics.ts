import type { StateChange } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { stateNames, type StatefulPipeline, stateTopic, stateTopics } from '../state-topic.ts'
import type { ClientConfig } from './client-config.ts'
import { topicPartitions } from './connect-client.ts'
import { createTopic } from './create-topic.ts'
import { readTopic } from './read-topic.ts'

type Producer = InstanceType<KafkaNative['Producer']>

const TIMEOUT = 30_000

/** Creates those of the pipeline's state topics that are not there: compacted, with one partition. */
export async function requireStateTopics(
  native: KafkaNative,
  producer: Producer,
  config: ClientConfig,
  pipeline: StatefulPipeline
): Promise<void> {
  for (const topic of stateTopics(pipeline)) {
    if ((await topicPartitions(producer, topic)) > 0) continue
    await createTopic(native, config, {
      topic,
      what: 'state topic',
      partitions: 1,
      config: { 'cleanup.policy': 'compact' }
    })
    while ((await topicPartitions(producer, topic)) === 0) {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

/** See TransactionConnection.restore. */
export async function restoreState(
  native: KafkaNative,
  config: ClientConfig,
  { name }: StatefulPipeline,
  table: string,
  offset: number,
  apply: (change: StateChange) => void
): Promise<void> {
  const topic = stateTopic(name, table)
  await readTopic(native, config, topic, offset, (key, row) => apply({ table, key, row }))
}

/** See TransactionConnection.ends. */
export async function stateEnds(
  producer: Producer,
  pipeline: StatefulPipeline
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>()
  for (const name of stateNames(pipeline).slice(1)) {
    ends.set(name, await endOf(producer, stateTopic(pipeline.name, name)))
  }
  return ends
}

/** The next offset of partition 0. */
export function endOf(producer: Producer, topic: string): Promise<number> {
  return new Promise((resolve, reject) => {
    producer.queryWatermarkOffsets(topic, 0, TIMEOUT, (error, ends) => {
      if (error) reject(error)
      else resolve(ends.highOffset)
    })
  })
}
