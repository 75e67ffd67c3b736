import { setTimeout as sleep } from 'node:timers/promises'
import type { DeadLetterConnection, LetterBatch } from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { type ClientConfig, errorCode, errorText } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'
import { ANY_PARTITION, produceColumns, type RecordColumns } from './columns.ts'
import { connectClient, NoBroker, topicPartitions } from './connect-client.ts'
import { copyLetters, keepLetters } from './copy-letters.ts'
import { createTopic, type NewTopic } from './create-topic.ts'
import { writeHeaders } from './headers.ts'
import { OwnProducers } from './own-producers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from './producer.ts'
import { isPermanent } from './refusal.ts'
import { headersOf, keyOf, valueOf } from './sent-records.ts'
import type { KafkaTransactions } from './transactions.ts'
import { Outage, watchConnection } from './watch-connection.ts'

/** Of the topics created here: a dead letter is a record that fitted elsewhere, with headers on top. */
const MAX_BYTES = 10 << 20
/** Before brokers that are away are asked again, in ms. */
const OPEN_AGAIN = 1000

/** Producers of its own: what goes here must not wait behind what a sink cannot take. `isOwn`: they need not be librdkafka's. */
export async function openKafkaDeadLetters(
  brokers: string,
  properties: Readonly<Record<string, string>>,
  log: Logger,
  isOwn: boolean
): Promise<DeadLetterConnection> {
  const native = await loadKafkaNative()
  const config = clientConfig(brokers, properties, {
    'enable.idempotence': true,
    partitioner: 'murmur2_random',
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
  let reports = 0
  let refusal: unknown = null
  const producer = await openProducer(native, config, log, error => {
    reports++
    refusal ??= error
  })
  const outage = new Outage('dead letters', log, () => {})
  const ways = new OwnProducers(config, isOwn, {
    lost: error => {
      refusal ??= error
    },
    connected: (up, reason, isRefusal) => outage.tell(up, reason, { isRefusal })
  })
  const create = (topic: NewTopic): Promise<void> => createTopic(native, config, topic)
  return {
    prepare: (topic, partitions) =>
      requireDeadLetterTopic(
        topic,
        partitions,
        { partitionsOf: wanted => topicPartitions(producer, wanted), createTopic: create },
        log
      ),
    async send(topic, letters) {
      const own = await ways.openOwn(topic)
      if (own === null) await sendByClient(producer, topic, letters)
      else await own.sendLetters(letters)
    },
    async flush() {
      await Promise.all([ways.flush(), flushProducer(producer, () => reports)])
      if (refusal !== null) throw lost(refusal)
    },
    async close() {
      await ways.close()
      await disconnectProducer(producer)
    }
  }
}

/** The first dead letter may come when the brokers are away: the pipeline waits for them, as it does with what it has open. */
async function openProducer(
  native: KafkaNative,
  config: ClientConfig,
  log: Logger,
  reported: (error: unknown) => void
): Promise<InstanceType<KafkaNative['Producer']>> {
  for (;;) {
    const producer = new native.Producer(config)
    watchConnection(producer, 'dead letters', log, { operation: 'Write' }, () => {})
    producer.on('delivery-report', reported)
    try {
      await connectClient(producer, String(config['metadata.broker.list']))
      producer.setPollInBackground(true)
      return producer
    } catch (error) {
      if (!(error instanceof NoBroker)) throw error
      log.limited('warn', 'dead letters wait', { reason: error.message })
      await sleep(OPEN_AGAIN)
    }
  }
}

/** Dead letters that are seen when the pipeline commits what they came with. */
export function makeTransactionalDeadLetters(
  transactions: KafkaTransactions,
  log: Logger
): DeadLetterConnection {
  return {
    prepare: (topic, partitions) => requireDeadLetterTopic(topic, partitions, transactions, log),
    async send(topic, letters) {
      // Its columns are not made now.
      const records = Object.assign(keepLetters(letters), {
        topic,
        partition: ANY_PARTITION,
        isTriedAgain: (error: unknown) => !isPermanent(error),
        refused(_record: number, error: unknown) {
          throw lost(error)
        }
      })
      await transactions.send(records)
    },
    // The commit waits for them.
    flush: async () => {},
    close: async () => {}
  }
}

interface Topics {
  partitionsOf(topic: string): Promise<number>
  createTopic(topic: NewTopic): Promise<void>
}

async function requireDeadLetterTopic(
  topic: string,
  partitions: number,
  topics: Topics,
  log: Logger
): Promise<void> {
  if ((await topics.partitionsOf(topic)) > 0) return
  await topics.createTopic({
    topic,
    what: 'dead-letter topic',
    partitions,
    config: { 'max.message.bytes': String(MAX_BYTES) }
  })
  while ((await topics.partitionsOf(topic)) === 0) await sleep(50)
  log.log('info', `created dead-letter topic "${topic}"`, { partitions })
}

function lost(error: unknown): EnvironmentError {
  return new EnvironmentError(
    `a dead letter was refused: ${errorText(error)}`,
    'The pipeline stops rather than lose a record.'
  )
}

async function sendByClient(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string,
  letters: LetterBatch
): Promise<void> {
  const records = copyLetters(letters)
  for (let next = 0; ; next++) {
    next = produceColumns(producer, topic, ANY_PARTITION, records, next)
    if (next === records.count) return
    // It is sent by itself, to see why it was not taken.
    while (!produce(producer, topic, records, next)) await sleep(2)
  }
}

/** False: the queue is full, try again later. */
function produce(
  producer: InstanceType<KafkaNative['Producer']>,
  topic: string,
  records: RecordColumns,
  letter: number
): boolean {
  const list = writeHeaders(headersOf(records, letter)) as never
  try {
    const [key, value] = [keyOf(records, letter), valueOf(records, letter)]
    producer.produce(topic, null, value, key, null, undefined, list)
    return true
  } catch (error) {
    if (errorCode(error) === QUEUE_FULL) return false
    throw new EnvironmentError(
      `the dead-letter topic "${topic}" takes no records: ${errorText(error)}`
    )
  }
}
