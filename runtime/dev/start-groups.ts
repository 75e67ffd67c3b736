import { once } from 'node:events'
import { EMBEDDED_PARTITIONS } from '../connect/embedded/index.ts'
import type { SourceDefinition } from '../contract/index.ts'
import { loadKafkaNative } from '../native/index.ts'

/**
 * Commits offset 0 for the group of each source, before the pipeline starts. With `auto_offset_reset = 'latest'`, the default,
 * what is written while a source still asks where its topic ends would never be read.
 */
export async function startGroupsAtZero(
  brokers: string,
  sources: readonly Pick<SourceDefinition, 'groupId' | 'topic'>[]
): Promise<void> {
  const { KafkaConsumer } = await loadKafkaNative()
  for (const { groupId, topic } of sources) {
    const consumer = new KafkaConsumer({ 'metadata.broker.list': brokers, 'group.id': groupId }, {})
    consumer.connect()
    await once(consumer, 'ready')
    for (let partition = 0; partition < EMBEDDED_PARTITIONS; partition++) {
      consumer.commitSync({ topic, partition, offset: 0 })
    }
    await new Promise(resolve => consumer.disconnect(resolve))
  }
}
