import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetterConnection, RecordHeader } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { clientConfig, type ClientConfig, errorCode, errorText } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { writeHeaders } from './headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { watchConnection } from './watch-connection.ts'

const TOPIC_ALREADY_EXISTS = 36
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
      await createTopic(native, config, topic, partitions)
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

async function createTopic(
  { AdminClient }: KafkaNative,
  config: ClientConfig,
  topic: string,
  partitions: number
): Promise<void> {
  const security = Object.entries(config).filter(([name]) =>
    /^(metadata|sasl|ssl|security|client)\./.test(name)
  )
  const admin = AdminClient.create(Object.fromEntries(security))
  const wanted = {
    topic,
    num_partitions: Math.max(1, partitions),
    replication_factor: -1,
    config: { 'max.message.bytes': String(MAX_BYTES) }
  }
  try {
    await new Promise<void>((resolve, reject) => {
      admin.createTopic(wanted, 10_000, error => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    if (errorCode(error) === TOPIC_ALREADY_EXISTS) return
    throw new EnvironmentError(
      `the dead-letter topic "${topic}" can't be created: ${errorText(error)}`,
      'The pipeline stops rather than lose a record. Create the topic, or allow this user to.'
    )
  } finally {
    admin.disconnect()
  }
}
