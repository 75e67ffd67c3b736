import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Batch, RecordError } from '../../contract/index.ts'
import { ConnectionClosed } from '../wire/broker-connection.ts'
import type { BrokerError } from '../wire/broker-error.ts'
import { Cluster, type ClusterSettings } from '../wire/cluster.ts'
import {
  FETCH,
  type FetchedPartition,
  type FetchResponse,
  readFetch,
  writeFetch
} from '../wire/fetch.ts'
import { Leaders } from '../wire/leaders.ts'
import { findEnds } from '../wire/find-ends.ts'
import { LIST_OFFSETS, type TopicEnd } from '../wire/list-offsets.ts'
import { METADATA, type TopicMetadata } from '../wire/metadata.ts'
import { FetchSession } from './fetch-session.ts'
import { FetchedBatch } from './fetched-batch.ts'
import { FetchedPart, SharedAnswer } from './fetched-part.ts'
import { pauseAfter } from './pace.ts'
import { PartitionCursor } from './partition-cursor.ts'
import { RecordQueue } from './record-queue.ts'
import { Signal } from '../wire/signal.ts'

export interface FetchSettings extends Omit<ClusterSettings, 'apis'> {
  readonly topic: string
  readonly isCommittedOnly: boolean
  /** How long a broker waits for `minBytes`, in ms. */
  readonly maxWait: number
  readonly minBytes: number
  /** Of an answer. One batch may be larger. */
  readonly maxBytes: number
  /** Of a partition in an answer. */
  readonly partitionBytes: number
}

type AnswerLimits = Pick<FetchSettings, 'maxWait' | 'maxBytes' | 'partitionBytes'>

export interface FetchListener {
  /** A record of the batch handed out last that can't be used. */
  rejected(batch: Batch, record: number, error: RecordError): void
  /** Told in the words of the client of Kafka; it is tried again. */
  failed(error: BrokerError): void
  /** Whether any broker answers. */
  connected(up: boolean, reason: string): void
  /** The partition has no such offset; it stands until it is told where to go on. */
  outOfRange(partition: number, offset: number): void
  /** The topic was made anew: nothing is read until the partitions are given again. */
  replaced(): void
}

/** "Broker transport failure" of librdkafka. */
const NO_CONNECTION = -195
/** https://kafka.apache.org/protocol.html#protocol_error_codes */
const OFFSET_OUT_OF_RANGE = 1
const UNKNOWN_TOPIC = 3
const TOPIC_AUTHORIZATION_FAILED = 29
/** Of sessions: not found, wrong epoch, other ids of topics. */
const SESSION_ERRORS = [70, 71, 106]
/** Of ids of topics that are not, or not any more. */
const ID_ERRORS = [100, 103]
const MESSAGES: Readonly<Record<number, string>> = {
  [UNKNOWN_TOPIC]: 'Unknown topic or partition',
  [TOPIC_AUTHORIZATION_FAILED]: 'Topic authorization failed'
}

/** Of the first answer, in all and of a partition: it is there sooner, and the next one comes while its records are read. */
const FIRST_BYTES = 1 << 18
const FIRST_PARTITION_BYTES = 1 << 16
const BACK_OFF = 100
const MOST_BACK_OFF = 1000
/** Before what can't be read is fetched again. */
const CORRUPT_BACK_OFF = 1000
const FIRST_ROWS = 1024

/**
 * Reads partitions of one topic from the brokers that lead them. Each broker has one request on its way at a time, and the next one goes
 * out as soon as an answer is there (see `pauseAfter`), before its records are read: two answers at most wait.
 */
export class Fetcher {
  readonly #settings: FetchSettings
  readonly #listener: FetchListener
  readonly #cluster: Cluster
  readonly #leaders: Leaders
  readonly #cursors = new Map<number, PartitionCursor>()
  readonly #queue: RecordQueue
  readonly #batch: FetchedBatch
  /** Something has come, or somebody wants an answer without. */
  readonly #arrived = new Signal()
  /** There is room, or other partitions are to be fetched. */
  readonly #changed = new Signal()
  /** The nodes of the brokers that are being asked. */
  readonly #asked = new Set<number>()
  #topicId: string | null = null
  /** Bytes of answers that are not read to their end. */
  #heldBytes = 0
  #isWoken = false
  #isClosed = false

  private constructor(settings: FetchSettings, listener: FetchListener) {
    this.#settings = settings
    this.#listener = listener
    this.#cluster = new Cluster({ ...settings, apis: [FETCH, METADATA, LIST_OFFSETS] })
    this.#leaders = new Leaders(this.#cluster, settings.topic, BACK_OFF, {
      learned: topic => this.#learned(topic),
      failed: error => {
        listener.connected(false, (error as Error).message)
        this.#failed(error)
      }
    })
    this.#batch = new FetchedBatch(FIRST_ROWS, listener.rejected)
    this.#queue = new RecordQueue(({ cursor }, error) => {
      cursor.fetchAgain()
      cursor.notBefore = performance.now() + CORRUPT_BACK_OFF
      listener.failed({ code: 0, message: `partition ${cursor.partition}: ${error.message}` })
    })
  }

  /** Resolves when a broker has answered; rejects where none does, or it speaks no protocol of ours. */
  static async open(settings: FetchSettings, listener: FetchListener): Promise<Fetcher> {
    const fetcher = new Fetcher(settings, listener)
    try {
      await fetcher.#leaders.learn()
      return fetcher
    } catch (error) {
      fetcher.close()
      throw error
    }
  }

  /** Fetches a partition from an offset on. */
  add(partition: number, offset: number): void {
    this.drop(partition)
    const cursor = new PartitionCursor(partition, offset)
    this.#cursors.set(partition, cursor)
    this.#placeCursors(this.#leaders.topic!)
    if (cursor.leader < 0) this.#leaders.seek()
  }

  /** What was fetched of it and not read is forgotten. */
  drop(partition: number): void {
    const cursor = this.#cursors.get(partition)
    if (cursor !== undefined) cursor.version++
    this.#cursors.delete(partition)
  }

  /** Resolves when a broker has answered for every partition, or after `ms`. */
  async answered(ms: number): Promise<void> {
    const deadline = performance.now() + ms
    while ([...this.#cursors.values()].some(({ end }) => end === null)) {
      const left = deadline - performance.now()
      if (left < 1) return
      await this.#arrived.wait(left)
    }
  }

  /** What the brokers say now of the topic that has the name. */
  async topic(): Promise<TopicMetadata> {
    return (await this.#cluster.metadata(this.#settings.topic)).topic
  }

  /** See findEnds. */
  ends(partitions: readonly number[], end: TopicEnd): Promise<ReadonlyMap<number, number>> {
    const { topic, isCommittedOnly } = this.#settings
    return findEnds(this.#cluster, this.#leaders, { topic, partitions, end, isCommittedOnly })
  }

  seek(partition: number, offset: number): void {
    const cursor = this.#cursors.get(partition)
    if (cursor === undefined || cursor.notBefore === Infinity) return this.add(partition, offset)
    cursor.seek(offset)
    this.#changed.give()
  }

  /** Behind the last record that was handed out; null: none was. */
  handed(partition: number): number | null {
    return this.#cursors.get(partition)?.handed ?? null
  }

  /** Where a partition goes on that is consumed up to `next`. */
  after(partition: number, next: number): number {
    return this.#cursors.get(partition)?.after(next) ?? next
  }

  /** Where a partition goes on that is consumed up to `next`, in records from its end; null: not known. */
  lag(partition: number, next: number): number | null {
    return this.#cursors.get(partition)?.lag(next) ?? null
  }

  /**
   * Up to `rows` records, `wait` ms for the first, and `fill` ms more while there are less than `wanted`. Null: none has come. The
   * batch is the caller's until the next call.
   */
  async take(rows: number, wait: number, wanted: number, fill: number): Promise<Batch | null> {
    this.#queue.free()
    this.#changed.give()
    this.#batch.clear(rows)
    this.#isWoken = false
    // Sockets are read between two batches: who always finds records waiting would never let them.
    if (this.#queue.isEmpty) await this.#arrived.wait(wait)
    else await turn()
    await this.#queue.fill(this.#batch, rows)
    const { columns } = this.#batch
    for (const deadline = performance.now() + fill; columns.count > 0 && columns.count < wanted;) {
      const left = deadline - performance.now()
      if (left < 1 || this.#isWoken) break
      await this.#arrived.wait(left)
      await this.#queue.fill(this.#batch, rows)
      // What stands in other memory begins the next batch.
      if (!this.#queue.isEmpty) break
    }
    return columns.count === 0 ? null : this.#batch
  }

  /** Who waits in `take` gets what there is. */
  wake(): void {
    this.#isWoken = true
    this.#arrived.give()
  }

  close(): void {
    this.#isClosed = true
    this.#leaders.close()
    this.#cluster.close()
    this.#arrived.give()
    this.#changed.give()
    this.#queue.clear()
    this.#batch.release()
  }

  #learned(topic: TopicMetadata): boolean {
    this.#listener.connected(true, '')
    if (topic.error !== 0) this.#report(topic.error)
    this.#placeCursors(topic)
    return [...this.#cursors.values()].every(({ leader }) => leader >= 0)
  }

  /** Gives the partitions to the brokers that lead them, as far as we know. */
  #placeCursors({ error, id, partitions }: TopicMetadata): void {
    if (error !== 0 || !this.#isTopic(id)) return
    for (const { partition, leader, leaderEpoch } of partitions) {
      const cursor = this.#cursors.get(partition)
      if (cursor === undefined) continue
      cursor.leader = leader
      cursor.leaderEpoch = leaderEpoch
    }
    for (const node of this.#leaders.brokers.keys()) this.#ask(node)
  }

  #isTopic(id: string): boolean {
    this.#topicId ??= id
    if (this.#topicId === id) return true
    for (const cursor of this.#cursors.values()) cursor.version++
    this.#cursors.clear()
    this.#topicId = id
    this.#listener.replaced()
    return false
  }

  /** One loop per broker, as long as it leads partitions of ours. */
  #ask(node: number): void {
    if (this.#asked.has(node)) this.#changed.give()
    else if (this.#ledBy(node).length > 0) void this.#askOn(node)
  }

  async #askOn(node: number): Promise<void> {
    this.#asked.add(node)
    const session = new FetchSession()
    let pause = BACK_OFF
    // Partitions that come at the same time are in one request.
    await Promise.resolve()
    while (!this.#isClosed && this.#ledBy(node).length > 0) {
      const now = performance.now()
      const cursors = this.#ledBy(node).filter(({ notBefore }) => notBefore <= now)
      if (cursors.length === 0 || this.#heldBytes >= 2 * this.#settings.maxBytes) {
        await this.#changed.wait(BACK_OFF)
        continue
      }
      try {
        const bytes = await this.#fetch(node, session, cursors)
        const ms = pauseAfter(performance.now() - now, bytes)
        if (ms > 0) await sleep(ms)
        pause = BACK_OFF
      } catch (error) {
        this.#failed(error)
        session.reset()
        // The leaders may be others by now; where they are not, nobody is asked without end.
        for (const cursor of this.#ledBy(node)) {
          cursor.leader = -1
          cursor.notBefore = performance.now() + pause
        }
        this.#leaders.seek()
        await this.#changed.wait(pause)
        pause = Math.min(2 * pause, MOST_BACK_OFF)
      }
    }
    // At once: whoever comes next begins anew.
    this.#asked.delete(node)
  }

  #ledBy(node: number): PartitionCursor[] {
    return [...this.#cursors.values()].filter(({ leader }) => leader === node)
  }

  /** Answers how many bytes have come. */
  async #fetch(
    node: number,
    session: FetchSession,
    cursors: readonly PartitionCursor[]
  ): Promise<number> {
    const { minBytes, isCommittedOnly } = this.#settings
    const { maxWait, maxBytes, partitionBytes } = this.#limitsFor(cursors)
    const connection = await this.#cluster.connect(this.#leaders.brokers.get(node)!)
    const asked = new Map(
      cursors.map(cursor => [cursor.partition, { cursor, version: cursor.version }])
    )
    const { answer, body } = await connection.request(
      FETCH,
      request =>
        writeFetch(request, {
          topicId: this.#topicId!,
          ...{ maxWait, minBytes, maxBytes, partitionBytes, isCommittedOnly },
          ...session.next(cursors)
        }),
      maxWait
    )
    const held = new SharedAnswer(answer, () => (this.#heldBytes -= held.size))
    this.#heldBytes += held.size
    held.hold()
    let response: FetchResponse
    try {
      response = readFetch(body)
      if (response.error === 0) session.answered(response.session)
      else this.#refused(response.error, session)
      for (const part of response.partitions) {
        const { cursor, version } = asked.get(part.partition) ?? {}
        // Sought or given up meanwhile.
        if (cursor !== undefined && cursor.version === version) this.#receive(cursor, held, part)
      }
    } finally {
      held.release()
    }
    this.#arrived.give()
    if (response.throttle > 0) await this.#changed.wait(response.throttle)
    return held.size
  }

  /** The first answer tells where a partition ends, and is not to wait for records. */
  #limitsFor(cursors: readonly PartitionCursor[]): AnswerLimits {
    if (cursors.every(({ end }) => end !== null)) return this.#settings
    return {
      maxWait: 0,
      maxBytes: Math.min(FIRST_BYTES, this.#settings.maxBytes),
      partitionBytes: Math.min(FIRST_PARTITION_BYTES, this.#settings.partitionBytes)
    }
  }

  #refused(error: number, session: FetchSession): void {
    session.reset()
    if (ID_ERRORS.includes(error)) this.#leaders.seek()
    else if (!SESSION_ERRORS.includes(error))
      throw new Error(`a fetch is refused with error ${error}`)
  }

  #receive(cursor: PartitionCursor, answer: SharedAnswer, part: FetchedPartition): void {
    if (part.error !== 0) return this.#partitionFailed(cursor, part.error)
    if (part.divergesAt !== null) return this.#truncated(cursor, part.divergesAt)
    cursor.end = part.highWatermark
    const fetched = new FetchedPart(cursor, answer, part)
    if (fetched.isEmpty) fetched.release()
    else this.#queue.add(fetched)
  }

  #partitionFailed(cursor: PartitionCursor, error: number): void {
    if (error === OFFSET_OUT_OF_RANGE) {
      // What was fetched before is handed out first.
      if (cursor.waiting > 0) cursor.notBefore = performance.now() + BACK_OFF
      else {
        cursor.notBefore = Infinity
        this.#listener.outOfRange(cursor.partition, cursor.fetched)
      }
      return
    }
    cursor.notBefore = performance.now() + BACK_OFF
    cursor.leader = -1
    if (error in MESSAGES) this.#report(error)
    this.#leaders.seek()
  }

  /** The leader has lost what others had, as after an election of one that was behind. */
  #truncated(cursor: PartitionCursor, offset: number): void {
    const message = `partition ${cursor.partition}: the brokers have lost the records from offset ${offset} on; they may be read anew`
    this.#listener.failed({ code: 0, message })
    cursor.seek(Math.min(offset, cursor.fetched))
  }

  #report(code: number): void {
    this.#listener.failed({ code, message: MESSAGES[code] ?? `Error ${code} of the broker` })
  }

  #failed(error: unknown): void {
    if (this.#isClosed) return
    const { message, code } = error as NodeJS.ErrnoException
    const isGone = error instanceof ConnectionClosed || typeof code === 'string'
    this.#listener.failed({ code: isGone ? NO_CONNECTION : 0, message })
  }
}
