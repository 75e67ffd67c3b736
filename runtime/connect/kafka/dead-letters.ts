import type { DeadLetterConnection, RecordHeader } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../pipeline/environment-error.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  clientConfig,
  type ClientConfig,
  errorCode,
  errorText,
  logClientErrors
} from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { writeHeaders } from './headers.ts'

const TOPIC_ALREADY_EXISTS = 36
const QUEUE_FULL = -184
const TIMED_OUT = -185

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
    'message.timeout.ms': 60_000,
    'queue.buffering.max.messages': 100_000,
    'queue.buffering.max.kbytes': 16_384,
    'delivery.report.only.error': true,
    dr_msg_cb: true
  })
  const producer = new native.Producer(config)
  producer.on('event.error', logClientErrors(log, 'dead letters'))
  let refusal: unknown = null
  producer.on('delivery-report', error => {
    refusal ??= error
  })
  await connectClient(producer, brokers)
  producer.setPollInBackground(true)
  const flush = async (): Promise<void> => {
    for (let left = true; left;) {
      left = await new Promise<boolean>((resolve, reject) => {
        producer.flush(1000, error => {
          if (!error) resolve(false)
          else if (errorCode(error) === TIMED_OUT) resolve(true)
          else reject(error)
        })
      })
    }
    if (refusal !== null) throw new EnvironmentError(`dead letters: ${errorText(refusal)}`)
  }
  return {
    async prepare(topic, partitions) {
      if ((await topicPartitions(producer, topic)) > 0) return
      await createTopic(native, config, topic, partitions)
      while ((await topicPartitions(producer, topic)) === 0) await sleep(50)
      log.log('info', `created dead-letter topic "${topic}"`, { partitions })
    },
    async send(topic, key, value, headers) {
      for (;;) {
        try {
          produce(producer, topic, key, value, headers)
          return
        } catch (error) {
          if (errorCode(error) !== QUEUE_FULL) throw error
          await sleep(5)
        }
      }
    },
    flush,
    close: async () => {
      await new Promise(resolve => producer.disconnect(5000, resolve))
    }
  }
}

function produce(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string,
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: readonly RecordHeader[]
): void {
  const keyBytes = key === null ? null : Buffer.from(key)
  const valueBytes = value === null ? null : Buffer.from(value)
  producer.produce(
    topic,
    null,
    valueBytes,
    keyBytes,
    null,
    undefined,
    writeHeaders(headers) as never
  )
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
  try {
    await new Promise<void>((resolve, reject) => {
      const wanted = { topic, num_partitions: Math.max(1, partitions), replication_factor: -1 }
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
