import { setTimeout as sleep } from 'node:timers/promises'
import type {
  PartitionTime,
  Batch,
  SourceConnection,
  SourceDefinition,
  SourceListener
} from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { Logger } from '../../observe/log.ts'
import { errorText } from './client-config.ts'
import { topicPartitions } from './connect-client.ts'
import { CopyPartitions, warnOfGone } from './copy-partitions.ts'
import { commitOffsets, committedOffsets } from './group-offsets.ts'
import { latestOf } from '../latest-of.ts'
import type { ReadRecords } from './read-records.ts'
import type { ReaderListener, RecordReader } from './record-reader.ts'
import { SourceTroubles, UNKNOWN_TOPIC } from './source-troubles.ts'
import { type StartOffset, topicEnd } from './start-offsets.ts'
import type { TopicPlaces } from './topic-places.ts'
import type { Outage } from './watch-connection.ts'

export type Consumer = InstanceType<KafkaNative['KafkaConsumer']> & ConsumerInternals
export type Assignment = readonly { readonly topic: string; readonly partition: number }[]

/** Methods that the package has and its type declarations lack. */
interface ConsumerInternals {
  assignmentLost(): boolean
  rebalanceProtocol(): string
  incrementalAssign(partitions: readonly object[]): void
  incrementalUnassign(partitions: readonly object[]): void
}

/** Whether a group says which partitions the source has. */
export function isGrouped({ partition, isCopied }: SourceDefinition): boolean {
  return partition === undefined && isCopied !== true
}

export interface SourceParts {
  readonly consumer: Consumer
  readonly source: SourceDefinition
  readonly places: TopicPlaces
  readonly listener: SourceListener
  readonly log: Logger
  readonly readRecords: ReadRecords | null
  /** As librdkafka looks for new partitions. */
  readonly refreshInterval: number
  /** The group's wishes that are not followed yet. */
  readonly rebalances: Rebalance[]
}

export interface Rebalance {
  readonly code: number
  readonly assignment: Assignment
}

const ASSIGN = -175
/** How long polls wait before the group has answered, in ms: its answer is followed only when a poll is over. */
const JOIN_WAIT = 10
/** Before the brokers are asked again where partitions go on, in ms. */
const FIND_AGAIN = 100
/** One consumer of a group, adapted to batches. */
export class KafkaSource implements SourceConnection, ReaderListener {
  readonly #consumer: Consumer
  readonly #source: SourceDefinition
  readonly #listener: SourceListener
  readonly #log: Logger
  #reader!: RecordReader
  readonly #owned = new Set<number>()
  /** Where each partition went on when it came, or was rewound to. */
  readonly #starts = new Map<number, number>()
  readonly #times = new Map<number, PartitionTime | null>()
  /** Null: others read them too. */
  readonly #readRecords: ReadRecords | null
  readonly #troubles: SourceTroubles
  /** Null: the source is no copy. */
  readonly #copied: CopyPartitions | null
  readonly #rebalances: Rebalance[]
  readonly #places: TopicPlaces
  #outage!: Outage
  #subscribed = false
  #joined = false

  constructor(parts: SourceParts) {
    this.#readRecords = parts.readRecords
    this.#consumer = parts.consumer
    this.#source = parts.source
    this.#places = parts.places
    this.#listener = parts.listener
    this.#log = parts.log
    this.#rebalances = parts.rebalances
    this.#troubles = new SourceTroubles(parts.source, parts.log, {
      doubt: () => this.doubt(),
      expelled: () => parts.listener.expelled()
    })
    this.#copied = parts.source.isCopied === true ? this.#copy(parts.refreshInterval) : null
  }

  #copy(interval: number): CopyPartitions {
    const { topic } = this.#source
    return new CopyPartitions(interval, () => this.partitions(), {
      found: partitions => {
        const assignment = partitions.map(partition => ({ topic, partition }))
        this.#rebalances.push({ code: ASSIGN, assignment })
        this.wake()
      },
      missing: () => this.failed({ code: UNKNOWN_TOPIC }),
      failed: error => this.failed(error)
    })
  }

  /** To be called before anything else, when brokers are there. */
  readWith(reader: RecordReader, outage: Outage): void {
    this.#reader = reader
    this.#outage = outage
  }

  isWanted(): boolean {
    return this.#rebalances.length > 0
  }

  doubt(): void {
    this.#places.doubt()
  }

  /** The group has given its partitions to others, without asking. */
  isLost(): boolean {
    return this.#consumer.assignmentLost()
  }

  /** For a producer that commits its offsets in a transaction. */
  get consumer(): Consumer {
    return this.#consumer
  }

  offsetsOf(
    partitions: readonly number[],
    next: readonly number[],
    times: readonly (PartitionTime | null)[] = []
  ) {
    return partitions.map((partition, i) => {
      const offset = this.#reader.after(partition, next[i]!)
      return this.#places.entry(partition, offset, times[i] ?? null)
    })
  }

  hasPassedMarks(): boolean {
    return [...this.#owned].some(partition => {
      const [entered, handed] = [this.#places.entered(partition), this.#reader.handed(partition)]
      if (entered === null || handed === null || handed > entered) return false
      return this.#reader.after(partition, handed) > entered
    })
  }

  /** A closing consumer gives its partitions up at once: all of its work is committed. */
  wake(): void {
    this.#reader?.wake()
    if (this.#troubles.isClosing) for (const next of this.#rebalances.splice(0)) this.#follow(next)
  }

  /**
   * Rebalances are followed here, between two batches: the caller is done with every record polled so far, and librdkafka
   * delivers none of a partition that it wants back.
   */
  async #rebalance(): Promise<void> {
    for (let next = this.#rebalances.shift(); next; next = this.#rebalances.shift()) {
      const partitions = next.assignment.map(({ partition }) => partition)
      if (next.code !== ASSIGN) {
        // Somebody else has lost partitions already, or will have read past them: nothing of ours may be committed.
        if (this.isLost()) await this.#listener.lost(partitions)
        else await this.#listener.revoking(partitions)
      }
      const starts = next.code === ASSIGN ? await this.#findStarts(partitions) : []
      if (this.#copied !== null) warnOfGone(this.#source, starts, this.#log)
      this.#follow(next, starts)
      if (next.code !== ASSIGN) continue
      await this.#keepFirst(starts)
      await this.#reader.settled()
      this.#joined = true
      const owned = [...this.#owned].sort((a, b) => a - b)
      this.#listener.assigned(owned, partition => this.time(partition))
    }
  }

  /** Tried again until a broker answers, or the group wants something else. */
  async #findStarts(partitions: readonly number[]): Promise<readonly StartOffset[]> {
    while (!this.#troubles.isOver && this.#rebalances.length === 0) {
      try {
        return await this.#places.find(partitions)
      } catch (error) {
        if (error instanceof EnvironmentError) throw error
        this.failed(error)
        await sleep(FIND_AGAIN)
      }
    }
    return []
  }

  /**
   * Where a source begins that starts at the end of its topic is kept: a crash before its first commit would have it begin
   * at a later end.
   */
  async #keepFirst(starts: readonly StartOffset[]): Promise<void> {
    for (const { partition, offset, time } of starts) {
      this.#starts.set(partition, offset)
      this.#times.set(partition, time)
    }
    const first = starts.filter(({ isAtEnd }) => isAtEnd)
    try {
      await commitOffsets(
        this.#consumer,
        first.map(({ partition, offset }) => this.#places.entry(partition, offset, null))
      )
    } catch (error) {
      // The group has moved on: whoever gets the partitions keeps where it begins.
      this.failed(error)
    }
  }

  #follow({ code, assignment: wanted }: Rebalance, starts: readonly StartOffset[] = []): void {
    const offsets = new Map(starts.map(({ partition, offset }) => [partition, offset]))
    const assignment = wanted.map(({ topic, partition }) => {
      const offset = offsets.get(partition)
      return { topic, partition, ...(offset === undefined ? {} : { offset }) }
    })
    const incremental =
      this.#copied !== null || this.#consumer.rebalanceProtocol() === 'COOPERATIVE'
    try {
      if (code === ASSIGN) {
        if (incremental) this.#consumer.incrementalAssign(assignment)
        else this.#consumer.assign(assignment)
        for (const { partition } of assignment) {
          this.#owned.add(partition)
          this.#reader.begin(partition, offsets.get(partition))
        }
      } else {
        for (const { partition } of assignment) {
          this.#owned.delete(partition)
          this.#reader.end(partition)
        }
        if (incremental) this.#consumer.incrementalUnassign(assignment)
        else this.#consumer.unassign()
      }
    } catch (error) {
      if (!this.#troubles.isClosing) this.#log.log('warn', `rebalance: ${errorText(error)}`)
    }
  }

  async poll(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null> {
    // Not before: a pipeline that fails to open its other ends never disturbs the group.
    if (!this.#subscribed) this.#subscribe()
    this.#subscribed = true
    this.#copied?.look()
    // What was asked for ahead came before any wish of the group: it is handed out before the wish is followed.
    if (!this.#reader.isAhead) {
      await this.#rebalance()
      if (this.#places.isDoubtful()) await this.#checkPlaces()
    }
    return this.#reader.read(maxRecords, this.#joined ? maxWait : JOIN_WAIT, fill)
  }

  /** One partition of its own needs no group to give it, nor do all of them. */
  #subscribe(): void {
    const { topic, partition } = this.#source
    if (isGrouped(this.#source)) this.#consumer.subscribe([topic])
    else if (partition !== undefined)
      this.#rebalances.push({ code: ASSIGN, assignment: [{ topic, partition }] })
  }

  /** Goes on where there is something, if the pipeline may go on without what is missing. */
  async #checkPlaces(): Promise<void> {
    try {
      if (await this.#places.isAnother()) return void (await this.#goBack())
      for (const partition of this.#owned) {
        const place = this.#reader.handed(partition) ?? this.position(partition) ?? 0
        const offset = await this.#places.after(partition, this.#reader.after(partition, place))
        if (offset !== null) await this.#seek({ partition, offset })
      }
    } catch (error) {
      if (error instanceof EnvironmentError) throw error
      this.#places.doubt()
      this.failed(error)
    }
  }

  connected(up: boolean, reason: string): void {
    this.#outage.tell(up, reason, { way: 'fetch' })
  }

  heard(error: unknown): void {
    this.#troubles.heard(error)
  }

  failed(error: unknown): void {
    this.#troubles.failed(error)
  }

  async commit(
    partitions: readonly number[],
    next: readonly number[],
    times: readonly (PartitionTime | null)[] = []
  ): Promise<void> {
    await commitOffsets(this.#consumer, this.offsetsOf(partitions, next, times))
  }

  async rewind(to: 'earliest' | 'latest' | 'committed'): Promise<readonly number[]> {
    await this.#reader.forget()
    if (to === 'committed') return this.#goBack()
    const partitions = [...this.#owned].sort((a, b) => a - b)
    const { topic } = this.#source
    const next = await Promise.all(
      partitions.map(partition => topicEnd(this.#consumer, topic, partition, to))
    )
    // Exactly there: nothing that was read before counts.
    const starts = partitions.map((partition, i) => ({ partition, offset: next[i]! }))
    await commitOffsets(
      this.#consumer,
      starts.map(({ partition, offset }) => this.#places.entry(partition, offset, null))
    )
    for (const start of starts) await this.#seek(start)
    return partitions
  }

  /** Tried again until a broker answers. */
  async #goBack(): Promise<readonly number[]> {
    while (!this.#troubles.isOver) {
      await this.#rebalance()
      const partitions = [...this.#owned].sort((a, b) => a - b)
      try {
        const starts = await this.#places.find(partitions)
        for (const start of starts) {
          await this.#seek(start)
          this.#times.set(start.partition, start.time)
        }
        return partitions
      } catch (error) {
        if (error instanceof EnvironmentError) throw error
        this.failed(error)
        await sleep(FIND_AGAIN)
      }
    }
    return []
  }

  async #seek({ partition, offset }: Pick<StartOffset, 'partition' | 'offset'>): Promise<void> {
    await this.#reader.seek(partition, offset)
    this.#starts.set(partition, offset)
  }

  position(partition: number): number | null {
    return this.#starts.get(partition) ?? null
  }

  time(partition: number): PartitionTime | null {
    return this.#times.get(partition) ?? null
  }

  async latest(): Promise<number | null> {
    const all = Array.from({ length: await this.partitions() }, (_, partition) => partition)
    const known = await committedOffsets(this.#consumer, this.#source.topic, all)
    return latestOf([...known.values()].map(({ time }) => time))
  }

  passed(partitions: readonly number[], next: readonly number[]): void {
    const { topic } = this.#source
    partitions.forEach((partition, i) =>
      this.#readRecords?.pass({ topic, partition, offset: next[i]! })
    )
  }

  lag(partition: number, next: number | null): number | null {
    const consumed = next ?? this.position(partition)
    if (consumed === null) return null
    return this.#reader.lag(partition, consumed)
  }

  partitions(): Promise<number> {
    return topicPartitions(this.#consumer, this.#source.topic)
  }

  async close(): Promise<void> {
    this.#troubles.close()
    this.wake()
    await this.#reader.close()
    await this.#places.close()
    await new Promise(resolve => this.#consumer.disconnect(resolve))
  }
}
