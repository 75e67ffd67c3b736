import type { KafkaNative } from '../../native/index.ts'
import type { ClientConfig } from './client-config.ts'
import { consumeColumns } from './columns.ts'
import { connectClient } from './connect-client.ts'

const POLL_SIZE = 10_000
const POLL_WAIT = 100

/** Reads a partition from an offset to its end: what transactions committed, in order. */
export async function readTopic(
  { KafkaConsumer }: KafkaNative,
  config: ClientConfig,
  from: { readonly topic: string; readonly partition: number; readonly offset: number },
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
      // A full queue is looked at again so soon: the default of a second was half of a restore's time.
      'fetch.queue.backoff.ms': 10,
      'fetch.wait.max.ms': 10
    },
    { 'auto.offset.reset': 'earliest' }
  )
  await connectClient(consumer, String(config['metadata.broker.list']))
  consumer.assign([{ ...from }])
  try {
    for (let atEnd = false; !atEnd;) {
      const { records, isAtEnd } = await consumeColumns(consumer, POLL_WAIT, POLL_SIZE)
      atEnd = isAtEnd
      if (records === null) continue
      const { bytes, count, keyStart, keyEnd, valueStart, valueEnd } = records
      for (let i = 0; i < count; i++) {
        const key = bytes.subarray(keyStart[i], keyEnd[i])
        visit(key, valueStart[i]! < 0 ? null : bytes.subarray(valueStart[i], valueEnd[i]))
      }
    }
  } finally {
    // A client that is left open keeps the process alive.
    await new Promise(resolve => consumer.disconnect(resolve))
  }
}

/** What a consumer shares with a producer. */
function readerConfig(config: ClientConfig): ClientConfig {
  const shared = /^(metadata|client|reconnect|socket|sasl|ssl|security)\./
  return Object.fromEntries(Object.entries(config).filter(([name]) => shared.test(name)))
}
