import type { Batch, SourceDefinition, SourceListener } from '../../contract/index.ts'
import { Fetcher, type FetchSettings } from '../fetch/fetcher.ts'
import type { TopicEnd } from '../wire/list-offsets.ts'
import type { ClientConfig } from './client-config.ts'
import { consumeColumns, type KafkaConsumer } from './columns.ts'
import type { ReaderListener, RecordReader } from './record-reader.ts'
import { type TopicIdentity, topicIdentity } from './topic-identity.ts'
import { wireSettings } from './wire-settings.ts'

/** A batch has about so many bytes at most, whatever the size of its records. */
const BATCH_BYTES = 4 << 20
/** Of the first one: nobody knows how large they are, and code that runs for the first time is slow. */
const FIRST_RECORDS = 100
/** How often librdkafka gets to say what its group wants, in ms. */
const CLIENT_INTERVAL = 50
/** Until the group has given partitions: at first, and how much less often each time. A group may form in 5 ms, or in seconds. */
const JOIN_INTERVAL = 1
const JOIN_GROWTH = 1.2
const MOST_JOIN_INTERVAL = 10

/** How long those who want to know whether records flow wait for a first answer, in ms. */
const ANSWER_WAIT = 500

const MAX_BYTES = 4 << 20
const PARTITION_BYTES = 1 << 20

/** How a source is fetched whose client is set up like that; a text: the setting that only librdkafka can follow. */
export function fetchSettings(
  source: SourceDefinition,
  config: ClientConfig
): FetchSettings | string {
  const wire = wireSettings(config)
  if (typeof wire === 'string') return wire
  const number = (name: string): number | null => (name in config ? Number(config[name]) : null)
  return {
    ...wire,
    topic: source.topic,
    isCommittedOnly: config['isolation.level'] !== 'read_uncommitted',
    maxWait: number('fetch.wait.max.ms') ?? 100,
    minBytes: number('fetch.min.bytes') ?? 1,
    maxBytes: number('fetch.max.bytes') ?? MAX_BYTES,
    partitionBytes:
      number('max.partition.fetch.bytes') ?? number('fetch.message.max.bytes') ?? PARTITION_BYTES
  }
}

/**
 * Records through connections of our own: librdkafka is the group's member and commits, its partitions are paused. It has its say
 * between batches.
 */
export class FetchReader implements RecordReader {
  readonly isAhead = false
  readonly #consumer: KafkaConsumer
  readonly #source: SourceDefinition
  readonly #listener: ReaderListener
  #fetcher!: Fetcher
  readonly #owned = new Set<number>()
  #recordLimit = FIRST_RECORDS
  #joinInterval = JOIN_INTERVAL
  #client: Promise<void> | null = null
  #nextClient = 0

  private constructor(consumer: KafkaConsumer, source: SourceDefinition, listener: ReaderListener) {
    this.#consumer = consumer
    this.#source = source
    this.#listener = listener
  }

  /** Rejects where no broker speaks the protocol as we do. */
  static async open(
    parts: {
      readonly consumer: KafkaConsumer
      readonly source: SourceDefinition
      readonly settings: FetchSettings
    },
    listener: ReaderListener,
    rejected: SourceListener['rejected']
  ): Promise<FetchReader> {
    const { consumer, source, settings } = parts
    const reader = new FetchReader(consumer, source, listener)
    reader.#fetcher = await Fetcher.open(settings, {
      rejected,
      failed: error => listener.failed(error),
      connected: (up, reason) => listener.connected(up, reason),
      outOfRange: () => listener.doubt(),
      replaced: () => listener.doubt()
    })
    return reader
  }

  async forget(): Promise<void> {}

  async read(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null> {
    this.#serveClient()
    const limit = Math.min(maxRecords, this.#recordLimit)
    const wanted = Math.min(limit, this.#source.fill.records)
    const wait = this.#owned.size === 0 ? Math.min(maxWait, this.#joinInterval) : maxWait
    const batch = await this.#fetcher.take(limit, wait, wanted, fill)
    if (batch === null) return null
    this.#recordLimit = Math.max(1, Math.floor(BATCH_BYTES / (batch.size / batch.count + 1)))
    return batch
  }

  /** Callbacks of librdkafka come only while it is polled. No record comes: its partitions are paused. */
  #serveClient(): void {
    const now = performance.now()
    if (this.#client !== null || now < this.#nextClient) return
    this.#nextClient = now + this.#interval()
    this.#client = consumeColumns(this.#consumer, 0, 1)
      .then(
        () => {},
        (error: unknown) => this.#listener.failed(error)
      )
      .finally(() => {
        this.#client = null
      })
  }

  #interval(): number {
    if (this.#owned.size > 0) return CLIENT_INTERVAL
    this.#joinInterval = Math.min(this.#joinInterval * JOIN_GROWTH, MOST_JOIN_INTERVAL)
    return this.#joinInterval
  }

  begin(partition: number, offset: number | undefined): void {
    const { topic } = this.#source
    this.#consumer.pause([{ topic, partition }])
    this.#owned.add(partition)
    if (offset !== undefined) this.#fetcher.add(partition, offset)
  }

  end(partition: number): void {
    this.#owned.delete(partition)
    this.#joinInterval = JOIN_INTERVAL
    this.#fetcher.drop(partition)
  }

  settled(): Promise<void> {
    return this.#fetcher.answered(ANSWER_WAIT)
  }

  seek(partition: number, offset: number): Promise<void> {
    this.#fetcher.seek(partition, offset)
    return Promise.resolve()
  }

  async identify(): Promise<TopicIdentity | null> {
    return topicIdentity(await this.#fetcher.topic())
  }

  ends(partitions: readonly number[], end: TopicEnd): Promise<ReadonlyMap<number, number>> {
    return this.#fetcher.ends(partitions, end)
  }

  handed(partition: number): number | null {
    return this.#fetcher.handed(partition)
  }

  after(partition: number, next: number): number {
    return this.#fetcher.after(partition, next)
  }

  lag(partition: number, next: number): number | null {
    return this.#fetcher.lag(partition, next)
  }

  learn(): void {}

  wake(): void {
    this.#fetcher.wake()
  }

  async close(): Promise<void> {
    this.#fetcher.close()
    await this.#client
  }
}
