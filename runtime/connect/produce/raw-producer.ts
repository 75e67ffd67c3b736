import { setTimeout as sleep } from 'node:timers/promises'
import type { LetterBatch } from '../../contract/index.ts'
import type { BrokerAddress } from '../wire/broker-connection.ts'
import type { BrokerError } from '../wire/broker-error.ts'
import { Cluster, type ClusterSettings } from '../wire/cluster.ts'
import { METADATA } from '../wire/metadata.ts'
import {
  INIT_PRODUCER_ID,
  PRODUCE,
  type ProducedPartition,
  type ProducerId,
  readProduce,
  writeProduce
} from '../wire/produce.ts'
import { Signal } from '../wire/signal.ts'
import type { BatchWriter, Compression } from './batch-writer.ts'
import { partitionOf } from './murmur2.ts'
import { type BatchLimits, PartitionQueue } from './partition-queue.ts'
import { ProducerIdentity } from './producer-identity.ts'
import { NO_HEADERS } from './record-headers.ts'
import { batchesOf, type LostRecord, recordsOf } from './split-batch.ts'

export interface ProduceSettings extends Omit<ClusterSettings, 'apis'>, BatchLimits {
  readonly topic: string
  readonly compression: Compression
  /** How long a broker waits for the other replicas, in ms. */
  readonly timeout: number
  /** How often a batch is sent again where that may help; Infinity: for ever. */
  readonly maxRetries: number
  /** Before it is sent again, in ms. */
  readonly backOff: number
  /** Of what waits to be sent or acknowledged: more has to wait outside. */
  readonly maxBytes: number
}

export interface ProduceListener {
  /** Called for each record that will not arrive. */
  lost(error: BrokerError, record: LostRecord): void
  /** A broker that has something to get answers, or does not. */
  connected(up: boolean, reason: string): void
}

/** Records as columns: a start of -1: null. */
export type ProducedColumns = Omit<LetterBatch, 'bodyStart' | 'bodyEnd' | 'headers'>

type KeyColumns = Pick<LetterBatch, 'bytes' | 'count' | 'keyStart' | 'keyEnd'>

/** https://kafka.apache.org/protocol.html#protocol_error_codes */
const UNKNOWN_TOPIC = 3
const TOO_LARGE = 10
const RECORD_LIST_TOO_LARGE = 18
const DUPLICATE_SEQUENCE = 46
/** The broker counts otherwise than we do, or knows nothing of us: only another producer id helps. */
const SEQUENCE_ERRORS = [45, 47, 59]
/** May pass by itself: corrupt on its way, no leader, timed out, too few replicas, storage, throttled. */
const PASSING = [2, 3, 5, 6, 7, 13, 19, 20, 56, 72, 74, 75, 89]
const INVALID_TIMESTAMP = 32
const INVALID_RECORD = 87
const MESSAGES: Readonly<Record<number, string>> = {
  [UNKNOWN_TOPIC]: 'Broker: Unknown topic or partition',
  [TOO_LARGE]: 'Broker: Message size too large',
  [RECORD_LIST_TOO_LARGE]: 'Broker: Message batch larger than configured server segment size',
  7: 'Broker: Request timed out',
  19: 'Broker: Not enough in-sync replicas',
  20: 'Broker: Message(s) written to insufficient number of in-sync replicas',
  29: 'Broker: Topic authorization failed',
  [INVALID_TIMESTAMP]: 'Broker: Invalid timestamp: is the clock of this machine ahead?',
  44: 'Broker: Request parameters do not satisfy the configured policy',
  [INVALID_RECORD]: 'Broker: Broker failed to validate record'
}
/** A topic that is not there may be on its way: librdkafka waits as long. */
const UNKNOWN_TOPIC_WAIT = 30_000
const MOST_BACK_OFF = 1000
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
  readonly #queues: PartitionQueue[] = []
  readonly #brokers = new Map<number, BrokerAddress>()
  readonly #sentTo = new Set<number>()
  /** Partitions whose first batch is on its way. */
  readonly #sending = new Set<PartitionQueue>()
  readonly #changed = new Signal()
  readonly #acknowledged = new Signal()
  readonly #identity: ProducerIdentity
  #bytes = 0
  #flushing = 0
  /** The partition that records without a key go to until its batch is full. */
  #sticky = 0
  #isUp = true
  #isLocating = false
  #isClosed = false
  #refresh: NodeJS.Timeout | null = null
  /** Bytes of batches that arrived, before and after they were packed. */
  readonly sent = { plain: 0, packed: 0 }

  private constructor(settings: ProduceSettings, listener: ProduceListener) {
    this.#settings = settings
    this.#listener = listener
    this.#cluster = new Cluster({ ...settings, apis: [METADATA, PRODUCE, INIT_PRODUCER_ID] })
    this.#identity = new ProducerIdentity(this.#cluster, this.#brokers)
  }

  /** Rejects where no broker answers, or none speaks the protocol as we do, or the topic is not there. */
  static async open(settings: ProduceSettings, listener: ProduceListener): Promise<RawProducer> {
    const producer = new RawProducer(settings, listener)
    try {
      await producer.#learn()
      if (producer.#queues.length === 0) throw new Error('the topic has no partitions')
      await producer.#identity.ask()
      // A topic that was made a moment ago may have no leader yet, and nobody who would fail to reach one.
      if (producer.#queues.some(({ leader }) => leader < 0)) producer.#relearn()
      // Partitions that a topic gets later are for new records too.
      producer.#refresh = setInterval(() => producer.#relearn(), REFRESH_INTERVAL).unref()
      return producer
    } catch (error) {
      producer.close()
      throw error
    }
  }

  /**
   * Takes records over; waits while too much waits already. `headersOf`: those of a record, encoded as a record holds them. False: it
   * was closed meanwhile.
   */
  send(records: ProducedColumns, headersOf: (record: number) => Uint8Array): Promise<boolean> {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = records
    let headers = NO_HEADERS
    const sizeOf = (i: number): number => {
      headers = headersOf(i)
      return keyEnd[i]! - keyStart[i]! + valueEnd[i]! - valueStart[i]! + headers.length
    }
    return this.#send(records, sizeOf, (batch, i) =>
      batch.add(bytes, keyStart[i]!, keyEnd[i]!, valueStart[i]!, valueEnd[i]!, headers)
    )
  }

  /** As `send`. */
  sendLetters(letters: LetterBatch): Promise<boolean> {
    const { bytes, bodyStart, bodyEnd } = letters
    const sizeOf = (i: number): number => bodyEnd[i]! - bodyStart[i]!
    return this.#send(letters, sizeOf, (batch, i) =>
      batch.addEncoded(bytes, bodyStart[i]!, bodyEnd[i]!)
    )
  }

  async #send(
    { bytes, count, keyStart, keyEnd }: KeyColumns,
    sizeOf: (record: number) => number,
    add: (batch: BatchWriter, record: number) => void
  ): Promise<boolean> {
    const partitions = this.#queues.length
    for (let i = 0; i < count; i++) {
      while (this.#bytes >= this.#settings.maxBytes && !this.#isClosed) {
        this.#changed.give()
        await this.#acknowledged.wait(MOST_BACK_OFF)
      }
      if (this.#isClosed) return false
      const isKeyed = keyStart[i]! >= 0
      const at = isKeyed
        ? partitionOf(bytes, keyStart[i]!, keyEnd[i]!, partitions)
        : this.#sticky % partitions
      const queue = this.#queues[at]!
      const batch = queue.open(sizeOf(i), this.#settings, this.#sending.has(queue))
      const before = batch.size
      add(batch, i)
      this.#bytes += batch.size - before
      // A new batch: what has no key goes elsewhere from the next one on.
      if (before === 0 && !isKeyed) this.#sticky++
    }
    this.#changed.give()
    return true
  }

  /** Resolves when every record sent so far has arrived or is lost. */
  async flush(): Promise<void> {
    this.#flushing++
    this.#changed.give()
    try {
      while (!this.#isClosed && this.#queues.some(({ isEmpty }) => !isEmpty))
        await this.#acknowledged.wait(MOST_BACK_OFF)
    } finally {
      this.#flushing--
    }
  }

  /** Gives up what has not arrived: nobody is told. */
  close(): void {
    this.#isClosed = true
    if (this.#refresh !== null) clearInterval(this.#refresh)
    for (const queue of this.#queues) queue.clear()
    this.#cluster.close()
    this.#changed.give()
    this.#acknowledged.give()
  }

  /** Asks which brokers lead the partitions. */
  async #learn(): Promise<void> {
    const { brokers, topic } = await this.#cluster.metadata(this.#settings.topic)
    for (const [node, address] of brokers) this.#brokers.set(node, address)
    for (const { partition, leader } of topic.partitions) {
      const queue = (this.#queues[partition] ??= new PartitionQueue(partition))
      queue.leader = brokers.has(leader) ? leader : -1
      if (queue.leader >= 0) this.#sendTo(queue.leader)
    }
  }

  #relearn(): void {
    if (this.#isLocating || this.#isClosed) return
    this.#isLocating = true
    void this.#learnAll().finally(() => {
      this.#isLocating = false
      this.#changed.give()
    })
  }

  /** Until every partition has a leader: without one nobody would send what is for it. */
  async #learnAll(): Promise<void> {
    while (!this.#isClosed) {
      try {
        await this.#learn()
        // Where nothing waits to be sent, no other answer would tell that there are brokers again.
        if (this.#queues.every(({ isEmpty }) => isEmpty)) this.#up()
        if (this.#queues.every(({ leader }) => leader >= 0)) return
      } catch (error) {
        this.#down(error)
      }
      await sleep(this.#settings.backOff)
    }
  }

  #sendTo(node: number): void {
    if (this.#sentTo.has(node)) return
    this.#sentTo.add(node)
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
      try {
        await this.#sendBatches(node, due.queues)
      } catch (error) {
        this.#down(error)
        const message = error instanceof Error ? error.message : String(error)
        for (const queue of due.queues)
          this.#tryAgain(queue, { code: TRANSPORT_FAILURE, message: `Local: ${message}` })
        this.#relearn()
      }
      for (const queue of due.queues) this.#sending.delete(queue)
      this.#acknowledged.give()
    }
  }

  #dueOn(node: number) {
    const now = performance.now()
    let wait = MOST_BACK_OFF
    const queues = this.#queues.filter(queue => {
      if (queue.leader !== node) return false
      const at = queue.dueAt(this.#settings, this.#flushing > 0)
      if (at === null) return false
      if (at > now) wait = Math.min(wait, at - now)
      return at <= now
    })
    return { queues, wait: Math.ceil(wait) }
  }

  async #sendBatches(node: number, queues: readonly PartitionQueue[]): Promise<void> {
    const { topic, timeout, compression, connection: patience } = this.#settings
    const producer = await this.#identity.ask()
    const connection = await this.#cluster.connect(this.#brokers.get(node)!)
    const batches = queues.map(queue => ({ queue, batch: queue.first! }))
    const sent = batches.map(({ queue, batch }) => ({
      partition: queue.partition,
      bytes: batch.seal(producer, queue.sequence, compression)
    }))
    const { answer, body } = await connection.request(
      PRODUCE,
      request => writeProduce(request, topic, sent, timeout),
      // Who says nothing while the other replicas should have answered is silent.
      Math.max(0, timeout - patience.timeout)
    )
    const results = new Map(readProduce(body).map(result => [result.partition, result]))
    answer.release()
    if (![...results.values()].some(({ error }) => error === INVALID_TIMESTAMP)) this.#up()
    batches.forEach(({ queue, batch }, i) => {
      const result = results.get(queue.partition)
      // Given up meanwhile.
      if (queue.first !== batch) return
      if (result === undefined) throw new Error('the broker says nothing of a batch')
      if (result.error === 0 || result.error === DUPLICATE_SEQUENCE) {
        this.sent.plain += batch.size
        this.sent.packed += sent[i]!.bytes.length
        this.#arrived(queue, batch, producer)
      } else this.#refused(queue, batch, result, producer)
    })
  }

  #arrived(queue: PartitionQueue, batch: BatchWriter, producer: ProducerId): void {
    if (producer === this.#identity.current)
      queue.sequence = (queue.sequence + batch.count) % 2 ** 31
    this.#bytes -= batch.size
    queue.arrived()
  }

  #refused(
    queue: PartitionQueue,
    batch: BatchWriter,
    result: ProducedPartition,
    producer: ProducerId
  ): void {
    const { error: code, records } = result
    const error = { code, message: MESSAGES[code] ?? result.message ?? `Broker: Error ${code}` }
    if (SEQUENCE_ERRORS.includes(code)) {
      if (producer === this.#identity.current) this.#beginAnew()
      this.#tryAgain(queue, error)
    } else if (PASSING.includes(code)) {
      this.#tryAgain(queue, error)
      this.#relearn()
    } else if (code === INVALID_TIMESTAMP) {
      // The time is ours and no record's: it is right when somebody has set the clock.
      batch.restamp(Date.now())
      this.#down(new Error(error.message))
      this.#tryAgain(queue, error)
    } else if ([TOO_LARGE, RECORD_LIST_TOO_LARGE].includes(code) && batch.count > 1)
      this.#split(queue, batch, Math.ceil(batch.count / 2))
    else if (code === INVALID_RECORD && batch.count > 1)
      this.#leaveOut(queue, batch, records, error)
    else this.#lose(queue, batch, error)
  }

  /** With another id brokers count from the start. What is on its way to them under the old one may arrive twice. */
  #beginAnew(): void {
    this.#identity.forget()
    for (const queue of this.#queues) queue.sequence = 0
  }

  #tryAgain(queue: PartitionQueue, error: BrokerError): void {
    const { maxRetries, backOff } = this.#settings
    const now = performance.now()
    queue.failingSince ??= now
    queue.attempts++
    const isGone = error.code === UNKNOWN_TOPIC && now - queue.failingSince >= UNKNOWN_TOPIC_WAIT
    if (queue.first !== null && (isGone || queue.attempts > maxRetries))
      return this.#lose(queue, queue.first, error)
    const doubled = backOff * 2 ** Math.min(queue.attempts - 1, 10)
    queue.notBefore = now + Math.min(doubled, Math.max(MOST_BACK_OFF, backOff))
  }

  /** No record overtakes another: those behind wait until all parts have arrived. */
  #split(queue: PartitionQueue, batch: BatchWriter, most: number): void {
    this.#replace(queue, batch, batchesOf(recordsOf(batch), most, batch.since))
  }

  /** Only those that the broker names; where it names none, each goes by itself. */
  #leaveOut(
    queue: PartitionQueue,
    batch: BatchWriter,
    blamed: readonly number[],
    error: BrokerError
  ): void {
    if (blamed.length === 0) return this.#split(queue, batch, 1)
    const records = recordsOf(batch)
    const rest = records.filter((_, i) => !blamed.includes(i))
    this.#replace(queue, batch, rest.length === 0 ? [] : batchesOf(rest, rest.length, batch.since))
    for (const i of blamed) if (records[i] !== undefined) this.#listener.lost(error, records[i])
  }

  #replace(queue: PartitionQueue, batch: BatchWriter, others: readonly BatchWriter[]): void {
    this.#bytes += others.reduce((sum, { size }) => sum + size, 0) - batch.size
    queue.replaceFirst(others)
  }

  #lose(queue: PartitionQueue, batch: BatchWriter, error: BrokerError): void {
    this.#replace(queue, batch, [])
    for (const record of recordsOf(batch)) this.#listener.lost(error, record)
  }

  #up(): void {
    if (!this.#isUp) this.#listener.connected(true, '')
    this.#isUp = true
  }

  #down(error: unknown): void {
    if (this.#isClosed || !this.#isUp) return
    this.#isUp = false
    this.#listener.connected(false, error instanceof Error ? error.message : String(error))
  }
}
