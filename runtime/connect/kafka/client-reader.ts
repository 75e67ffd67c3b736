import type { Batch, SourceDefinition, SourceListener } from '../../contract/index.ts'
import { BatchBuffer, type ReceivedColumns } from '../batch-buffer.ts'
import { errorCode, errorText } from './client-config.ts'
import { consumeColumns, type KafkaConsumer } from './columns.ts'
import { PartitionEnds } from './partition-ends.ts'
import type { ReaderListener, RecordReader } from './record-reader.ts'
import type { TopicIdentifier, TopicIdentity } from './topic-identity.ts'
import type { Statistics } from './watch-connection.ts'

/** What came in one or several pieces. */
type Received = ReceivedColumns[]

/** A batch has about so many bytes at most, whatever the size of its records. */
const BATCH_BYTES = 4 << 20
const FIRST_RECORDS = 500
const SEEK_TIMEOUT = 10_000
/** Nothing is read of the partition now: it can't be moved. */
const NOT_READ = -172

/** Methods that the package has and its type declarations lack. */
interface IncrementalConsumer {
  rebalanceProtocol(): string
  incrementalAssign(partitions: readonly object[]): void
  incrementalUnassign(partitions: readonly object[]): void
}

/** Records through librdkafka: they come as columns and are copied once, into the batch's buffer. */
export class ClientReader implements RecordReader {
  readonly #consumer: KafkaConsumer
  readonly #identifier: TopicIdentifier
  readonly #source: SourceDefinition
  readonly #listener: ReaderListener
  readonly #batch: BatchBuffer
  readonly #ends = new PartitionEnds()
  /** Where each partition began. */
  readonly #owned = new Map<number, number>()
  #recordLimit = FIRST_RECORDS
  /** Records asked for before their time: another thread collects them while the caller works on those before. */
  #ahead: Promise<Received> | null = null

  constructor(
    consumer: KafkaConsumer,
    identifier: TopicIdentifier,
    source: SourceDefinition,
    listener: ReaderListener,
    rejected: SourceListener['rejected']
  ) {
    this.#consumer = consumer
    this.#identifier = identifier
    this.#source = source
    this.#listener = listener
    this.#batch = new BatchBuffer(rejected)
  }

  get isAhead(): boolean {
    return this.#ahead !== null
  }

  async forget(): Promise<void> {
    // Nobody has seen them: they come again, or are left out as asked for.
    await this.#ahead
    this.#ahead = null
  }

  async read(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null> {
    const limit = Math.min(maxRecords, this.#recordLimit)
    const received = (await this.#takeAhead()) ?? (await this.#consume(limit, maxWait))
    if (received.length > 0 && fill > 0) await this.#fill(received, limit, fill)
    if (received.length === 0) return null
    this.#batch.fillColumns(received)
    this.#ends.hand(this.#batch)
    const { count, size } = this.#batch
    this.#recordLimit = Math.max(1, Math.floor(BATCH_BYTES / (size / count + 1)))
    // A full batch: more wait, and the group wants nothing back.
    if (count >= limit && !this.#listener.isWanted()) {
      this.#ahead = this.#consume(Math.min(maxRecords, this.#recordLimit), maxWait)
    }
    return this.#batch
  }

  async #takeAhead(): Promise<Received | null> {
    const ahead = this.#ahead
    this.#ahead = null
    return ahead
  }

  /** More records for a model's batch, for `fill` ms at most. */
  async #fill(received: Received, limit: number, fill: number): Promise<void> {
    const wanted = Math.min(limit, this.#source.fill.records)
    const deadline = performance.now() + fill
    for (let count = received[0]!.count; count < wanted && !this.#listener.isWanted();) {
      const left = Math.floor(deadline - performance.now())
      if (left < 1) return
      for (const more of await this.#consume(limit - count, left)) {
        received.push(more)
        count += more.count
      }
    }
  }

  async #consume(limit: number, timeout: number): Promise<Received> {
    try {
      const { records } = await consumeColumns(this.#consumer, timeout, limit)
      return records === null ? [] : [records]
    } catch (error) {
      this.#listener.failed(error)
      return []
    }
  }

  begin(partition: number, offset = 0): void {
    this.#owned.set(partition, offset)
    this.#ends.forget(partition)
  }

  end(partition: number): void {
    this.#owned.delete(partition)
  }

  settled(): Promise<void> {
    return Promise.resolve()
  }

  async seek(partition: number, offset: number): Promise<void> {
    const { topic } = this.#source
    try {
      await new Promise<void>((resolve, reject) => {
        this.#consumer.seek({ topic, partition, offset }, SEEK_TIMEOUT, error =>
          error ? reject(error) : resolve()
        )
      })
    } catch (error) {
      if (errorCode(error) !== NOT_READ) throw new Error(errorText(error), { cause: error })
      this.#readAgain(partition, offset)
    }
    this.begin(partition, offset)
  }

  /** The client has stopped to read a partition. Without incremental rebalances all are taken anew, from where they are. */
  #readAgain(partition: number, offset: number): void {
    const { topic } = this.#source
    const consumer = this.#consumer as KafkaConsumer & IncrementalConsumer
    if (consumer.rebalanceProtocol() === 'COOPERATIVE') {
      consumer.incrementalUnassign([{ topic, partition }])
      consumer.incrementalAssign([{ topic, partition, offset }])
      return
    }
    const all = [...this.#owned].map(([one, begun]) => ({
      topic,
      partition: one,
      offset: one === partition ? offset : this.after(one, this.handed(one) ?? begun)
    }))
    consumer.assign(all)
  }

  ends(): Promise<ReadonlyMap<number, number>> {
    return Promise.resolve(new Map())
  }

  identify(): Promise<TopicIdentity | null> {
    return this.#identifier.identify()
  }

  handed(partition: number): number | null {
    return this.#ends.handed(partition)
  }

  after(partition: number, next: number): number {
    return this.#ends.after(partition, next)
  }

  lag(partition: number, next: number): number | null {
    // What is asked for ahead may stand before the end.
    const from = this.#ahead === null ? this.#ends.after(partition, next) : next
    try {
      const { highOffset } = this.#consumer.getWatermarkOffsets(this.#source.topic, partition)
      return highOffset < 0 ? null : Math.max(0, highOffset - from)
    } catch {
      // librdkafka knows the watermarks only once it has asked for them.
      return null
    }
  }

  learn({ topics }: Statistics): void {
    const topic = topics[this.#source.topic]
    if (topic === undefined) return
    this.#ends.read(topic.partitions)
    // The error is lost where it comes behind records.
    const isStuck = (one: number): boolean => topic.partitions[one]?.fetch_state === 'none'
    if ([...this.#owned.keys()].some(isStuck)) this.#listener.doubt()
  }

  /** A poll of librdkafka ends when its time is over. */
  wake(): void {}

  async close(): Promise<void> {
    await this.forget()
    this.#batch.release()
    this.#identifier.close()
  }
}
