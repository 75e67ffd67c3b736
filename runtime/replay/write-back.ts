import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, errorText } from '../connect/kafka/client-config.ts'
import { connectClient, topicPartitions } from '../connect/kafka/connect-client.ts'
import { createTopic } from '../connect/kafka/create-topic.ts'
import { writeHeaders } from '../connect/kafka/headers.ts'
import { disconnectProducer, flushProducer, QUEUE_FULL } from '../connect/kafka/producer.ts'
import { isFenced } from '../connect/kafka/transaction-error.ts'
import type { KafkaNative } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { type DeadLetter, REPLAYED } from './dead-letter.ts'
import { type Cluster, clientOf, NoTopic, readLetters } from './read-letters.ts'

type Producer = InstanceType<KafkaNative['Producer']>

const TIMEOUT = 30_000

/** The topic in which the letters of another stand that were written back. */
export function logTopic(topic: string): string {
  return `${topic}-replayed`
}

/** Which letters were written back: a topic that is deleted and made anew has other letters at the same offsets. */
export class Replayed {
  readonly #places = new Set<string>()

  has({ partition, offset, timestamp }: DeadLetter): boolean {
    return this.#places.has(`${partition} ${offset} ${timestamp}`)
  }

  add(place: string): void {
    this.#places.add(place)
  }
}

/** What was written back by now. Nothing, where nothing ever was. */
export async function readReplayed(cluster: Cluster, topic: string): Promise<Replayed> {
  const replayed = new Replayed()
  try {
    for await (const records of readLetters(cluster, logTopic(topic))) {
      for (const { key } of records) replayed.add(String(key))
    }
  } catch (error) {
    if (!(error instanceof NoTopic)) throw error
  }
  return replayed
}

/**
 * Writes records back, each once: in the transaction that a record is written in stands that it was, in a topic beside the dead
 * letters. A run that was killed has left a transaction open, which the next one ends; of two at once the second shuts the first out.
 */
export class WriteBack {
  readonly #cluster: Cluster
  readonly #topic: string
  readonly #now: () => number
  readonly #producer: Producer
  readonly #partitions = new Map<string, number>()
  #failure: unknown = null
  #reports = 0

  private constructor(cluster: Cluster, topic: string, now: () => number) {
    this.#cluster = cluster
    this.#topic = topic
    this.#now = now
    this.#producer = new cluster.native.Producer(
      clientOf(cluster, {
        'transactional.id': `miraclec-replay-${topic}`,
        'transaction.timeout.ms': 60_000,
        partitioner: 'murmur2_random',
        'compression.codec': 'snappy',
        // A dead letter may be larger than what clients send by default.
        'message.max.bytes': 10 << 20,
        'delivery.report.only.error': true,
        dr_msg_cb: true
      })
    )
    this.#producer.on('delivery-report', error => {
      this.#reports++
      this.#failure ??= error
    })
  }

  /** From now on nobody else writes letters of this topic back. */
  static async open(cluster: Cluster, topic: string, now: () => number): Promise<WriteBack> {
    const writer = new WriteBack(cluster, topic, now)
    try {
      await writer.#open()
      return writer
    } catch (error) {
      // A client that is left open keeps the process alive.
      await writer.close()
      throw error
    }
  }

  async #open(): Promise<void> {
    const cluster = this.#cluster
    const topic = this.#topic
    await connectClient(this.#producer, cluster.brokers)
    this.#producer.setPollInBackground(true)
    if ((await topicPartitions(this.#producer, topic)) === 0) throw new NoTopic(topic)
    await createTopic(cluster.native, clientOf(cluster, {}), {
      topic: logTopic(topic),
      what: 'topic of what was written back,',
      partitions: 1,
      config: { 'cleanup.policy': 'compact' }
    })
    while ((await topicPartitions(this.#producer, logTopic(topic))) === 0) await sleep(50)
    await this.#call(done => this.#producer.initTransactions(TIMEOUT, done))
  }

  /** All of them, or none. */
  async write(letters: readonly DeadLetter[]): Promise<void> {
    await this.#call(done => this.#producer.beginTransaction(done))
    for (const letter of letters) {
      const { partition, offset, timestamp } = letter
      const audit = `${this.#topic}[${partition}]@${offset} ${new Date(this.#now()).toISOString()}`
      const headers = [...letter.headers, { key: REPLAYED, value: Buffer.from(audit) }]
      const to = await this.#partitionOf(letter)
      await this.#produce(letter.error['topic']!, to, letter, writeHeaders(headers))
      const place = Buffer.from(`${partition} ${offset} ${timestamp}`)
      await this.#produce(
        logTopic(this.#topic),
        0,
        { key: place, value: Buffer.from(audit), error: {} },
        []
      )
    }
    await flushProducer(this.#producer, () => this.#reports)
    if (this.#failure !== null) throw this.#refused(this.#failure)
    await this.#call(done => this.#producer.commitTransaction(TIMEOUT, done))
  }

  /** A record of a source goes back to its partition, so that what belongs together stays together. Null: as its key says. */
  async #partitionOf({ error }: DeadLetter): Promise<number | null> {
    const topic = error['topic']!
    let partitions = this.#partitions.get(topic)
    if (partitions === undefined) {
      partitions = await topicPartitions(this.#producer, topic)
      if (partitions === 0) {
        throw new EnvironmentError(
          `there is no topic "${topic}", which dead letters of "${this.#topic}" are to go back to`,
          'Create it, then call replay-dlq again: what is written back already is not written twice.'
        )
      }
      this.#partitions.set(topic, partitions)
    }
    const own = Number(error['partition'] ?? -1)
    return error['sink'] === undefined && own >= 0 && own < partitions ? own : null
  }

  async #produce(
    topic: string,
    partition: number | null,
    { key, value, error }: Pick<DeadLetter, 'key' | 'value' | 'error'>,
    headers: readonly object[]
  ): Promise<void> {
    // The time of the record itself: event time may be read of it.
    const time = Date.parse(error['timestamp'] ?? '')
    const timestamp = Number.isNaN(time) ? null : time
    for (;;) {
      try {
        this.#producer.produce(topic, partition, value, key, timestamp, undefined, headers as never)
        return
      } catch (failure) {
        if (errorCode(failure) !== QUEUE_FULL) throw this.#refused(failure)
        await sleep(5)
      }
    }
  }

  async #call(start: (done: (error: unknown) => void) => void): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      start(error => (error ? reject(this.#refused(error)) : resolve()))
    )
  }

  #refused(error: unknown): EnvironmentError {
    return isFenced(error)
      ? new EnvironmentError(
          `another replay-dlq writes dead letters of "${this.#topic}" back`,
          'Nothing is written twice: wait for the end of the other one.'
        )
      : new EnvironmentError(
          `dead letters of "${this.#topic}" can't be written back: ${errorText(error)}`,
          'Those before are written and will not be written again. Put this right, then call replay-dlq again.'
        )
  }

  async close(): Promise<void> {
    await disconnectProducer(this.#producer)
  }
}
