import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetterConnection, RecordHeader } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { clientConfig, errorCode, errorText } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { createTopic } from './create-topic.ts'
import { writeHeaders } from './headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { watchConnection } from './watch-connection.ts'

/** Of the topics created here: a dead letter is a record that fitted elsewhere, with headers on top. */
const MAX_BYTES = 10 << 20

/** A producer of its own: what goes here must not wait behind what a sink cannot take. */
export async function openKafkaDeadLetters(
  brokers: string,
  properties: Readonly<Record<string, string>>,
  log: Logger
): Promise<DeadLetterConnection> {
  const native = await loadKafkaNative()
  const config = clientConfig(brokers, properties, {
    'enable.idempotence': true,
    'linger.ms': 20,
    'compression.codec': 'snappy',
    'message.timeout.ms': 0,
    'message.max.bytes': MAX_BYTES,
    'queue.buffering.max.messages': 100_000,
    'queue.buffering.max.kbytes': 16_384,
    'statistics.interval.ms': 1000,
    'delivery.report.only.error': true,
    dr_msg_cb: true
  })
  const producer = new native.Producer(config)
  watchConnection(producer, 'dead letters', log, () => {})
  let reports = 0
  let refusal: unknown = null
  producer.on('delivery-report', error => {
    reports++
    refusal ??= error
  })
  await connectClient(producer, brokers)
  producer.setPollInBackground(true)
  return {
    async prepare(topic, partitions) {
      if ((await topicPartitions(producer, topic)) > 0) return
      await createTopic(native, config, {
        topic,
        what: 'dead-letter topic',
        partitions,
        config: { 'max.message.bytes': String(MAX_BYTES) }
      })
      while ((await topicPartitions(producer, topic)) === 0) await sleep(50)
      log.log('info', `created dead-letter topic "${topic}"`, { partitions })
    },
    async send(topic, key, value, headers) {
      while (!produce(producer, topic, key, value, headers)) await sleep(5)
    },
    async flush() {
      await flushProducer(producer, () => reports)
      if (refusal !== null) {
        throw new EnvironmentError(
          `a dead letter was refused: ${errorText(refusal)}`,
          'The pipeline stops rather than lose a record.'
        )
      }
    },
    close: () => disconnectProducer(producer)
  }
}

/** False: the queue is full, try again later. */
function produce(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[]
): boolean {
  const keyBytes = key === null ? null : Buffer.from(key)
  const valueBytes = value === null ? null : Buffer.from(value)
  const list = writeHeaders(headers) as never
  try {
    producer.produce(topic, null, valueBytes, keyBytes, null, undefined, list)
    return true
  } catch (error) {
    if (errorCode(error) === QUEUE_FULL) return false
    throw new EnvironmentError(
      `the dead-letter topic "${topic}" takes no records: ${errorText(error)}`
    )
  }
}
