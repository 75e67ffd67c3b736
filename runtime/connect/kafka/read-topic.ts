import type { KafkaNative } from '../../native/index.ts'
import type { ClientConfig } from './client-config.ts'
import { connectClient } from './connect-client.ts'

const POLL_SIZE = 10_000
const POLL_WAIT = 100

/** Reads partition 0 of a topic from an offset to its end: what transactions committed, in order. */
export async function readTopic(
  { KafkaConsumer }: KafkaNative,
  config: ClientConfig,
  topic: string,
  offset: number,
  visit: (key: Uint8Array, value: Uint8Array | null) => void
): Promise<void> {
  const consumer = new KafkaConsumer(
    {
      ...readerConfig(config),
      'group.id': 'miraclec-state',
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed',
      'queued.max.messages.kbytes': 65_536,
      'fetch.wait.max.ms': 10
    },
    { 'auto.offset.reset': 'earliest' }
  )
  let atEnd = false
  consumer.on('partition.eof', () => {
    atEnd = true
  })
  await connectClient(consumer, String(config['metadata.broker.list']))
  consumer.setDefaultConsumeTimeout(POLL_WAIT)
  consumer.assign([{ topic, partition: 0, offset }])
  while (!atEnd) {
    const messages = await new Promise<readonly Message[]>((resolve, reject) => {
      consumer.consume(POLL_SIZE, (error, list) => (error ? reject(error) : resolve(list)))
    })
    for (const { key, value } of messages) visit(key as Uint8Array, value)
  }
  await new Promise(resolve => consumer.disconnect(resolve))
}

type Message = import('@confluentinc/kafka-javascript').Message

/** What a consumer shares with a producer. */
function readerConfig(config: ClientConfig): ClientConfig {
  const shared = /^(metadata|client|reconnect|socket|sasl|ssl|security)\./
  return Object.fromEntries(Object.entries(config).filter(([name]) => shared.test(name)))
}
