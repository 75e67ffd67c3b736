import type { StateChange } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { DELETES_KEPT } from '../../state/local-copy.ts'
import {
  stateNames,
  statePartition,
  type StatefulPipeline,
  stateTopic,
  stateTopics
} from '../state-topic.ts'
import type { ClientConfig } from './client-config.ts'
import { requireOwnTopic } from './own-topics.ts'
import { readTopic } from './read-topic.ts'

/** Creates those of the pipeline's state topics that are not there: compacted, with a partition for each task. */
export async function requireStateTopics(
  native: KafkaNative,
  partitionsOf: (topic: string) => Promise<number>,
  config: ClientConfig,
  pipeline: StatefulPipeline
): Promise<void> {
  const { count: partitions } = statePartition(pipeline)
  for (const topic of stateTopics(pipeline)) {
    // One that is whole has the first partition, however many there are: brokers that create topics by themselves make several.
    if (pipeline.task === undefined && (await partitionsOf(topic)) > 0) continue
    const wanted = {
      topic,
      what: 'state topic',
      partitions,
      config: { 'cleanup.policy': 'compact', 'delete.retention.ms': String(DELETES_KEPT) }
    }
    await requireOwnTopic(native, partitionsOf, config, wanted)
  }
}

/** See TransactionConnection.restore. */
export async function restoreState(
  native: KafkaNative,
  config: ClientConfig,
  pipeline: StatefulPipeline,
  table: string,
  offset: number,
  apply: (change: StateChange) => void
): Promise<void> {
  const from = { topic: stateTopic(pipeline, table), partition: statePartition(pipeline).index }
  await readTopic(native, config, { ...from, offset }, (key, row) => apply({ table, key, row }))
}

/** See TransactionConnection.ends. */
export async function stateEnds(
  endOf: (topic: string, partition: number) => Promise<number>,
  pipeline: StatefulPipeline
): Promise<ReadonlyMap<string, number>> {
  const ends = new Map<string, number>()
  for (const name of stateNames(pipeline).slice(1)) {
    const topic = stateTopic(pipeline, name)
    ends.set(name, await endOf(topic, statePartition(pipeline).index))
  }
  return ends
}
