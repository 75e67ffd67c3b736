import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { ReceivedColumns } from '../batch-buffer.ts'
import { type ClientConfig, errorCode, errorText } from './client-config.ts'
import { consumeColumns, type KafkaConsumer } from './columns.ts'
import { connectClient } from './connect-client.ts'
import { topicEnds } from './start-offsets.ts'

/** The topic or the partition is not there. */
const MISSING = [3, -188, -190]
/** How long it may take to come, in ms: librdkafka's `topic.metadata.propagation.max.ms`. */
const TOPIC_WAIT = 30_000
const NOT_AUTHORIZED = 29
/** Before a leader is asked again that does not know yet, or who is none, in ms. */
const ASK_AGAIN = 50
const POLL_SIZE = 10_000
const POLL_WAIT = 100

interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Reads a partition from an offset to its end: what transactions committed, in order. */
export async function readTopic(
  { KafkaConsumer }: KafkaNative,
  config: ClientConfig,
  from: Place,
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
  try {
    await readToEnd(consumer, from, visit)
  } finally {
    // A client that is left open keeps the process alive.
    await new Promise(resolve => consumer.disconnect(resolve))
  }
}

/**
 * A broker that has just become the leader does not know yet how far the others are, and readers get an end from it that is before what was
 * committed. Asked where the partition ends it says so: KIP-207. So it is asked first; and again, should another one have followed it.
 */
async function readToEnd(
  consumer: KafkaConsumer,
  from: Place,
  visit: (key: Uint8Array, value: Uint8Array | null) => void
): Promise<void> {
  const { topic, partition } = from
  let end = await endOf(consumer, from)
  consumer.assign([{ ...from }])
  for (let hasEnded = false; ;) {
    const { records, isAtEnd } = await consumeColumns(consumer, POLL_WAIT, POLL_SIZE)
    if (records !== null) visitEach(records, visit)
    hasEnded ||= isAtEnd
    if (!isAtEnd && (records !== null || !hasEnded)) continue
    if (consumer.getWatermarkOffsets(topic, partition).highOffset >= end) return
    // Where brokers have lost records it is before the one that was told.
    end = await endOf(consumer, from)
  }
}

/** Asked until the leader knows. EnvironmentError where the topic is not there, nor comes soon, or is not for this user. */
async function endOf(consumer: KafkaConsumer, { topic, partition }: Place): Promise<number> {
  const deadline = performance.now() + TOPIC_WAIT
  for (;;) {
    try {
      return (await topicEnds(consumer, topic, partition)).high
    } catch (error) {
      const code = errorCode(error)
      const isMissed = MISSING.includes(code) && performance.now() > deadline
      if (isMissed || code === NOT_AUTHORIZED)
        throw new EnvironmentError(`topic "${topic}" can't be read: ${errorText(error)}`)
      await sleep(ASK_AGAIN)
    }
  }
}

function visitEach(
  { bytes, count, keyStart, keyEnd, valueStart, valueEnd }: ReceivedColumns,
  visit: (key: Uint8Array, value: Uint8Array | null) => void
): void {
  for (let i = 0; i < count; i++) {
    const key = bytes.subarray(keyStart[i], keyEnd[i])
    visit(key, valueStart[i]! < 0 ? null : bytes.subarray(valueStart[i], valueEnd[i]))
  }
}

/** What a consumer shares with a producer. */
function readerConfig(config: ClientConfig): ClientConfig {
  const shared = /^(metadata|client|reconnect|socket|sasl|ssl|security)\./
  return Object.fromEntries(Object.entries(config).filter(([name]) => shared.test(name)))
}
