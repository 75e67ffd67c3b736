import type { LetterBatch } from '../../contract/index.ts'
import { during } from '../../observe/doing.ts'
import { type BrokerError, BrokerRefusal } from '../wire/broker-error.ts'
import { Cluster, type ClusterSettings } from '../wire/cluster.ts'
import { CODES } from '../wire/error-codes.ts'
import { Leaders } from '../wire/leaders.ts'
import { METADATA, type TopicMetadata } from '../wire/metadata.ts'
import {
  INIT_PRODUCER_ID,
  PRODUCE,
  type ProducerId,
  readProduce,
  writeProduce
} from '../wire/produce.ts'
import { Signal } from '../wire/signal.ts'
import { SpareMemory } from '../spare-memory.ts'
import type { BatchWriter } from './batch-writer.ts'
import type { Compression } from './compression.ts'
import type { BatchLimits, PartitionQueue } from './partition-queue.ts'
import { PlainIdentity, type ProducerIdentity } from './producer-identity.ts'
import { NO_HEADERS } from './record-headers.ts'
import { RefusedBatches, type RefusalSettings } from './refused-batches.ts'
import type { LostRecord } from './split-batch.ts'
import { type KeyColumns, TopicQueues } from './topic-queues.ts'

export interface ProduceSettings
  extends Omit<ClusterSettings, 'apis' | 'closed'>, BatchLimits, RefusalSettings {
  readonly topic: string
  readonly compression: Compression
  /** How long a broker waits for the other replicas, in ms. */
  readonly timeout: number
  /** Of what waits to be sent or acknowledged: more has to wait outside. */
  readonly maxBytes: number
}

export interface ProduceListener {
  /** Called for each record that will not arrive. */
  lost(error: BrokerError, record: LostRecord): void
  /** A broker that has something to get answers, or does not; `isRefusal`: it answers, and nothing goes on nevertheless. */
  connected(up: boolean, reason: string, isRefusal?: boolean): void
}

/** Records as columns: a start of -1: null. */
export type ProducedColumns = Omit<LetterBatch, 'bodyStart' | 'bodyEnd' | 'headers'>

/** How long anybody waits for what is told as it happens, in ms. */
const LONGEST_WAIT = 1000
/** As librdkafka's `topic.metadata.refresh.interval.ms`. */
const REFRESH_INTERVAL = 300_000
const TRANSPORT_FAILURE = -195

/**
 * Sends records to the partitions of a topic, each once and in order (acks of all, idempotent). Records are encoded straight into
 * batches; a broker has one request on its way at a time, with a batch of each of its partitions, while the next ones are filled.
 */
export class RawProducer {
  readonly #settings: ProduceSettings
  readonly #listener: ProduceListener
  readonly #cluster: Cluster
  readonly #queues: TopicQueues
  readonly #leaders: Leaders
  /** When each broker that we send to was sent something; -Infinity: nothing yet. */
  readonly #sentTo = new Map<number, number>()
  /** Partitions whose first batch is on its way. */
  readonly #sending = new Set<PartitionQueue>()
  readonly #changed = new Signal()
  readonly #acknowledged = new Signal()
  readonly #identity: ProducerIdentity
  readonly #refused: RefusedBatches
  #flushing = 0
  #isUp = true
  #isClosed = false
  #refresh: NodeJS.Timeout | null = null
  /** Bytes of batches that arrived, before and after they were packed. */
  readonly #sent = { plain: 0, packed: 0 }

  private constructor(
    settings: ProduceSettings,
    listener: ProduceListener,
    identity: ProducerIdentity | null
  ) {
    this.#settings = settings
    this.#listener = listener
    // Half of what may wait comes and goes.
    const memory = new SpareMemory<Uint8Array>(settings.maxBytes / 2, ({ length }) => length)
    this.#queues = new TopicQueues(settings, memory, queue => this.#sending.has(queue))
    this.#cluster = new Cluster({
      ...settings,
      apis: [METADATA, PRODUCE, INIT_PRODUCER_ID],
      // Who has nothing to send would not hear that the brokers are gone.
      closed: () => this.#leaders.seek()
    })
    this.#leaders = new Leaders(this.#cluster, settings.topic, settings.backOff, {
      learned: topic => this.#learned(topic),
      failed: error => this.#down((error as Error).message)
    })
    this.#identity = identity ?? new PlainIdentity(this.#cluster, this.#leaders.brokers)
    this.#refused = new RefusedBatches(settings, this.#queues, this.#identity, {
      lost: (error, record) => listener.lost(error, record),
      stuck: reason => this.#down(reason, true),
      misplaced: () => this.#leaders.seek(),
      over: () => this.#clear()
    })
  }

  /**
   * Rejects where no broker answers, or none speaks the protocol as we do; with a BrokerRefusal where the topic is not there. Null as
   * `identity`: one of its own.
   */
  static async open(
    settings: ProduceSettings,
    listener: ProduceListener,
    identity: ProducerIdentity | null = null
  ): Promise<RawProducer> {
    const producer = new RawProducer(settings, listener, identity)
    try {
      const topic = await producer.#leaders.learn()
      producer.#place(topic)
      if (producer.#queues.all.length === 0)
        throw new BrokerRefusal(topic.error || CODES.unknownTopic)
      await producer.#identity.ask()
      // A topic that was made a moment ago may have no leader yet, and nobody who would fail to reach one.
      if (!producer.#areLed) producer.#leaders.seek()
      // Partitions that a topic gets later are for new records too.
      producer.#refresh = setInterval(() => producer.#leaders.seek(), REFRESH_INTERVAL).unref()
      return producer
    } catch (error) {
      producer.close()
      throw error
    }
  }

  /**
   * Takes records over; waits while too much waits already. `headersOf`: those of a record, encoded as a record holds them; null: it is
   * left out. `partition`: where all go; null: where their keys say. False: it was closed, or its identity ended, meanwhile.
   */
  send(
    records: ProducedColumns,
    headersOf: (record: number) => Uint8Array | null,
    partition: number | null = null
  ): Promise<boolean> {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = records
    let headers = NO_HEADERS
    const sizeOf = (i: number): number | null => {
      const found = headersOf(i)
      if (found === null) return null
      headers = found
      return keyEnd[i]! - keyStart[i]! + valueEnd[i]! - valueStart[i]! + headers.length
    }
    const add = (batch: BatchWriter, i: number): void =>
      batch.add(bytes, keyStart[i]!, keyEnd[i]!, valueStart[i]!, valueEnd[i]!, headers)
    return this.#send(records, sizeOf, add, partition)
  }

  /** As `send`. */
  sendLetters(letters: LetterBatch): Promise<boolean> {
    const { bytes, bodyStart, bodyEnd } = letters
    const sizeOf = (i: number): number => bodyEnd[i]! - bodyStart[i]!
    const add = (batch: BatchWriter, i: number): void =>
      batch.addEncoded(bytes, bodyStart[i]!, bodyEnd[i]!)
    return this.#send(letters, sizeOf, add, null)
  }

  /** `sizeOf`: null: the record is left out. */
  async #send(
    records: KeyColumns & { readonly count: number },
    sizeOf: (record: number) => number | null,
    add: (batch: BatchWriter, record: number) => void,
    partition: number | null
  ): Promise<boolean> {
    for (let i = 0; i < records.count; i++) {
      while (this.#queues.bytes >= this.#settings.maxBytes && !this.#isEnded) {
        this.#changed.give()
        await this.#acknowledged.wait(LONGEST_WAIT)
      }
      if (this.#isEnded) return false
      const size = sizeOf(i)
      if (size === null) continue
      this.#queues.add(records, i, size, add, partition)
    }
    this.#changed.give()
    return true
  }

  /** Resolves when every record sent so far has arrived or is lost. */
  async flush(): Promise<void> {
    this.#flushing++
    this.#changed.give()
    try {
      while (!this.#isClosed && !this.#queues.isEmpty) await this.#acknowledged.wait(LONGEST_WAIT)
    } finally {
      this.#flushing--
    }
  }

  /** Compressed bytes divided by bytes before; 1 while nothing is known. */
  compressionRatio(): number {
    const { plain, packed } = this.#sent
    return plain === 0 ? 1 : packed / plain
  }

  get #isEnded(): boolean {
    return this.#isClosed || this.#identity.isOver
  }

  /** Gives up what has not arrived: nobody is told. Resolves when nothing of it is on its way any more. */
  async drop(): Promise<void> {
    this.#clear()
    while (this.#sending.size > 0) await this.#acknowledged.wait(LONGEST_WAIT)
  }

  /** Brokers count anew from now on. */
  restart(): void {
    this.#queues.restart()
  }

  close(): void {
    this.#isClosed = true
    if (this.#refresh !== null) clearInterval(this.#refresh)
    this.#clear()
    this.#leaders.close()
    this.#cluster.close()
  }

  #clear(): void {
    this.#queues.clear()
    this.#changed.give()
    this.#acknowledged.give()
  }

  #learned(topic: TopicMetadata): boolean {
    this.#place(topic)
    this.#changed.give()
    // Where nothing waits to be sent, no other answer would tell that there are brokers again.
    if (this.#queues.isEmpty) this.#up()
    return this.#areLed
  }

  /** Without a leader nobody would send what is for a partition. */
  get #areLed(): boolean {
    return this.#queues.all.every(({ leader }) => leader >= 0)
  }

  #place({ error, partitions }: TopicMetadata): void {
    for (const { partition, leader } of partitions) {
      this.#queues.of(partition).leader = leader
      if (leader >= 0) this.#sendTo(leader)
    }
    if (error === 0) this.#refused.found()
    if (partitions.length > 0) this.#queues.shrink(partitions.length)
  }

  #sendTo(node: number): void {
    if (this.#sentTo.has(node)) return
    this.#sentTo.set(node, -Infinity)
    void this.#sendOn(node)
  }

  /** One loop per broker, as long as the producer is open. */
  async #sendOn(node: number): Promise<void> {
    while (!this.#isClosed) {
      const due = this.#dueOn(node)
      if (due.queues.length === 0) {
        await this.#changed.wait(due.wait)
        continue
      }
      for (const queue of due.queues) this.#sending.add(queue)
      this.#sentTo.set(node, performance.now())
      try {
        await this.#sendBatches(node, due.queues)
      } catch (error) {
        if (this.#identity.isOver) this.#clear()
        else this.#unreached(due.queues, error)
      }
      for (const queue of due.queues) this.#sending.delete(queue)
      // Who leads them by now has waited for this one's answer.
      if (due.queues.some(({ leader }) => leader !== node)) this.#changed.give()
      this.#acknowledged.give()
    }
  }

  #unreached(queues: readonly PartitionQueue[], error: unknown): void {
    const message = error instanceof Error ? error.message : String(error)
    this.#down(message)
    for (const queue of queues)
      this.#refused.tryAgain(queue, { code: TRANSPORT_FAILURE, message: `Local: ${message}` })
    this.#leaders.seek()
  }

  #dueOn(node: number) {
    const now = performance.now()
    const sent = this.#sentTo.get(node)!
    let wait = LONGEST_WAIT
    const queues = this.#queues.all.filter(queue => {
      // What is on its way to another broker, which has led it, may have arrived there, and has to be answered first.
      if (queue.leader !== node || this.#sending.has(queue)) return false
      const at = queue.dueAt(this.#settings, this.#flushing > 0, sent)
      if (at === null) return false
      if (at > now) wait = Math.min(wait, at - now)
      return at <= now
    })
    return { queues, wait: Math.ceil(wait) }
  }

  async #sendBatches(node: number, due: readonly PartitionQueue[]): Promise<void> {
    const { topic, timeout, compression, connection: patience } = this.#settings
    const { transactionalId } = this.#identity
    const producer = await this.#identity.ask()
    const queues = await this.#enter(due, producer)
    if (queues.length === 0) return
    const connection = await this.#cluster.connect(this.#leaders.brokers.get(node)!)
    // Another broker refused the id meanwhile: what is counted from now on is not counted for this one.
    if (producer !== this.#identity.current) return
    // What was given up meanwhile is not sent.
    const batches = queues.flatMap(queue =>
      queue.first === null ? [] : [{ queue, batch: queue.first }]
    )
    if (batches.length === 0) return
    const sent = batches.map(({ queue, batch }) => ({
      partition: queue.partition,
      bytes: during('sending', () =>
        batch.seal(producer, transactionalId !== null, queue.sequence, compression)
      )
    }))
    const { answer, body } = await connection.request(
      PRODUCE,
      request => writeProduce(request, transactionalId, topic, sent, timeout),
      // Who says nothing while the other replicas should have answered is silent.
      Math.max(0, timeout - patience.timeout)
    )
    const results = new Map(readProduce(body).map(result => [result.partition, result]))
    answer.release()
    if (![...results.values()].some(({ error }) => error === CODES.invalidTimestamp)) this.#up()
    batches.forEach(({ queue, batch }, i) => {
      const result = results.get(queue.partition)
      // Given up meanwhile.
      if (queue.first !== batch) return
      if (result === undefined) throw new Error('the broker says nothing of a batch')
      if (result.error === 0 || result.error === CODES.duplicateSequence) {
        this.#sent.plain += batch.size
        this.#sent.packed += sent[i]!.bytes.length
        this.#arrived(queue, batch, producer)
      } else this.#refused.remedy(queue, batch, result, producer)
    })
  }

  /** Those of the partitions that may be sent to. */
  async #enter(
    queues: readonly PartitionQueue[],
    producer: ProducerId
  ): Promise<readonly PartitionQueue[]> {
    const partitions = queues.map(({ partition }) => partition)
    const errors = await this.#identity.enter(this.#settings.topic, partitions)
    // Given up meanwhile.
    const waiting = queues.filter(({ first }) => first !== null)
    for (const queue of waiting) {
      const error = errors.get(queue.partition)
      if (error === undefined) continue
      const result = { partition: queue.partition, error, message: null, records: [] }
      this.#refused.remedy(queue, queue.first!, result, producer)
    }
    return waiting.filter(({ partition }) => !errors.has(partition))
  }

  #arrived(queue: PartitionQueue, batch: BatchWriter, producer: ProducerId): void {
    if (producer === this.#identity.current)
      queue.sequence = (queue.sequence + batch.count) % 2 ** 31
    this.#queues.arrived(queue, batch)
  }

  #up(): void {
    if (!this.#isUp) this.#listener.connected(true, '')
    this.#isUp = true
  }

  #down(reason: string, isRefusal = false): void {
    if (this.#isClosed || !this.#isUp) return
    this.#isUp = false
    this.#listener.connected(false, reason, isRefusal)
  }
}
