import { once } from 'node:events'
import { type KafkaNative, loadKafkaNative } from '../../runtime/native/index.ts'
import { brokerMissing, KafkaBroker, PRODUCTION_JVM } from '../../test/support/kafka/broker.ts'
import {
  openTestClient,
  type TestClient,
  type TestRecord
} from '../../test/support/kafka/client.ts'
import { txn130 } from '../data/transactions.ts'
import { fillTopic } from './fill-topic.ts'
import { TopicConnection, type VisitValue } from './topic-connection.ts'

export const PARTITIONS = 4
const RECORDS = 1_000_000
/** Unknown topic, leader not available, not the leader; a partition that the client has not heard of yet. */
const NOT_YET: readonly number[] = [3, 5, 6, -190]

/** A real broker with one topic of `records` transactions of about 130 bytes, the partition being the number modulo 4. */
export class LoadedKafka {
  readonly topic = 'transactions'
  readonly records = RECORDS
  readonly #broker: KafkaBroker
  readonly #client: TestClient
  readonly #observer: Producer

  private constructor(broker: KafkaBroker, client: TestClient, observer: Producer) {
    this.#broker = broker
    this.#client = client
    this.#observer = observer
  }

  static async start(): Promise<LoadedKafka> {
    const missing = brokerMissing()
    if (missing !== null) throw new Error(missing)
    const broker = await KafkaBroker.start({}, {}, PRODUCTION_JVM)
    const client = await openTestClient(broker.brokers)
    const kafka = new LoadedKafka(broker, client, await openObserver(broker.brokers))
    await kafka.fill(kafka.topic, RECORDS, n => txn130(n))
    // The first who asks for a group's offsets waits a second, until the broker has a topic for them.
    await kafka.committed('nobody', kafka.topic)
    return kafka
  }

  get brokers(): string {
    return this.#broker.brokers
  }

  /** The broker's process. */
  get pid(): number {
    return this.#broker.pid
  }

  createTopic(topic: string): Promise<void> {
    return this.#client.createTopic(topic, PARTITIONS)
  }

  deleteTopic(topic: string): Promise<void> {
    return this.#client.deleteTopic(topic)
  }

  /** A new topic of `count` records; the partition is the number modulo 4. */
  async fill(topic: string, count: number, value: (n: number) => Uint8Array): Promise<void> {
    await this.createTopic(topic)
    await fillTopic(this.brokers, topic, count, value)
  }

  /** The values of all records of a topic, where they lie. */
  async visit(topic: string, visit: VisitValue): Promise<void> {
    const connection = await TopicConnection.open(this.brokers, topic)
    await connection.readAll(visit)
    connection.close()
  }

  write(topic: string, records: readonly TestRecord[]): Promise<void> {
    return this.#client.write(topic, records)
  }

  /** How many records have been written to a topic. */
  async written(topic: string): Promise<number> {
    const ends = Array.from({ length: PARTITIONS }, (_, partition) =>
      endOffset(this.#observer, topic, partition)
    )
    return (await Promise.all(ends)).reduce((sum, end) => sum + end, 0)
  }

  /** How many records a group has committed of a topic; 0 before its first commit. */
  committed(group: string, topic: string): Promise<number> {
    return this.#client.committed(group, topic).catch(() => 0)
  }

  /** The values of a topic's records. */
  async values(topic: string): Promise<readonly string[]> {
    return (await this.#client.read(topic)).map(({ value }) => value ?? '')
  }

  async stop(): Promise<void> {
    await new Promise(resolve => this.#observer.disconnect(1, resolve))
    await this.#client.close()
    await this.#broker.stop()
  }
}

type Producer = InstanceType<KafkaNative['Producer']>

async function openObserver(brokers: string): Promise<Producer> {
  const native = await loadKafkaNative()
  const observer = new native.Producer({ 'metadata.broker.list': brokers })
  observer.connect()
  await once(observer, 'ready')
  return observer
}

/** 0 while a topic is so new that its leader does not know of it. */
function endOffset(observer: Producer, topic: string, partition: number): Promise<number> {
  return new Promise((resolve, reject) =>
    observer.queryWatermarkOffsets(topic, partition, 10_000, (error, offsets) => {
      if (!error) resolve(offsets.highOffset)
      // Once it has seen a topic without its partitions, the client does not look again by itself.
      else if (NOT_YET.includes(error.code))
        observer.getMetadata({ topic, timeout: 10_000 }, () => resolve(0))
      else reject(error)
    })
  )
}
