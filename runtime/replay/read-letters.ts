import { unpackHeaders } from '../codec/index.ts'
import { consumeColumns } from '../connect/kafka/columns.ts'
import { connectClient, topicPartitions } from '../connect/kafka/connect-client.ts'
import type { ClientConfig } from '../connect/kafka/client-config.ts'
import { clientConfig } from '../connect/kafka/make-client-config.ts'
import type { KafkaNative } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { type DeadLetter, splitHeaders } from './dead-letter.ts'

const AT_ONCE = 500
const WAIT = 200

/** Where the brokers are, and what their clients need to get in. */
export interface Cluster {
  readonly native: KafkaNative
  readonly brokers: string
  readonly properties: Readonly<Record<string, string>>
}

export class NoTopic extends EnvironmentError {
  constructor(topic: string) {
    super(
      `there is no topic "${topic}"`,
      'Pipelines create their dead-letter topics with the first dead letter.'
    )
  }
}

export function clientOf({ brokers, properties }: Cluster, more: ClientConfig): ClientConfig {
  return clientConfig(brokers, properties, more)
}

/** All that is committed in a topic now, some hundred records at a time, each partition in order. */
export async function* readLetters(
  cluster: Cluster,
  topic: string
): AsyncGenerator<readonly DeadLetter[]> {
  const consumer = new cluster.native.KafkaConsumer(
    clientOf(cluster, {
      'group.id': 'miraclec-replay',
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed'
    }),
    { 'auto.offset.reset': 'earliest' }
  )
  try {
    await connectClient(consumer, cluster.brokers)
    const partitions = await topicPartitions(consumer, topic)
    if (partitions === 0) {
      throw new NoTopic(topic)
    }
    // One after the other: a partition is at its end when the client says so.
    for (let partition = 0; partition < partitions; partition++) {
      consumer.assign([{ topic, partition, offset: 0 }])
      for (let isOver = false; !isOver;) {
        const { records, isAtEnd } = await consumeColumns(consumer, WAIT, AT_ONCE)
        isOver = isAtEnd
        if (records === null) continue
        yield Array.from({ length: records.count }, (_, i) => ({
          topic,
          partition,
          offset: records.offset[i]!,
          timestamp: records.timestamp[i]!,
          key: part(records.bytes, records.keyStart[i]!, records.keyEnd[i]!),
          value: part(records.bytes, records.valueStart[i]!, records.valueEnd[i]!),
          ...splitHeaders(unpackHeaders(records.bytes, records.headers[i]!))
        }))
      }
    }
  } finally {
    await new Promise(resolve => consumer.disconnect(resolve))
  }
}

function part(bytes: Uint8Array, start: number, end: number): Buffer | null {
  return start < 0 ? null : Buffer.from(bytes.subarray(start, end))
}
