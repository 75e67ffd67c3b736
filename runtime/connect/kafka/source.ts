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
import { errorCode, errorText } from './client-config.ts'
import { topicPartitions } from './connect-client.ts'
import { explainDenial, type Needs } from './denial.ts'
import { commitOffsets, committedOffsets } from './group-offsets.ts'
import { latestOf } from '../latest-of.ts'
import type { ReadRecords } from './read-records.ts'
import type { ReaderListener, RecordReader } from './record-reader.ts'
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

export function needsOf({ topic, groupId }: SourceDefinition): Needs {
  return { operation: 'Read', topic, group: groupId }
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
const UNKNOWN_TOPIC = 3
/** A partition has nothing at the offset that it should go on with. */
const OUT_OF_RANGE = -140
/** The client can't go on, as the group has another member with its instance id, or says so itself. */
const NOT_TO_GO_ON = [-150, 82]
/** How the first of them is told as an event, and now and then as a failed poll, without its code. */
const FATAL = /^Fatal error:/
/** Told of by `watchConnection`. */
const OUTAGE = [-195, -193, -187, -185]
/** How long polls wait before the group has answered, in ms: its answer is followed only when a poll is over. */
const JOIN_WAIT = 10
/** Before the brokers are asked again where partitions go on, in ms. */
const FIND_AGAIN = 100
/** Before a topic that is not there is looked for again where no group does, in ms. */
const LOOK_FOR_TOPIC = 500

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
  /** Between two looks for new partitions, in ms. */
  readonly #refreshInterval: number
  #isExpelled = false
  readonly #rebalances: Rebalance[]
  readonly #places: TopicPlaces
  #outage!: Outage
  #subscribed = false
  /** Of a copy: the partitions that were found so far, and when to look for more; Infinity: somebody looks. */
  #found = 0
  #nextLook = 0
  #joined = false
  #closing = false

  constructor(parts: SourceParts) {
    this.#readRecords = parts.readRecords
    this.#refreshInterval = parts.refreshInterval
    this.#consumer = parts.consumer
    this.#source = parts.source
    this.#places = parts.places
    this.#listener = parts.listener
    this.#log = parts.log
    this.#rebalances = parts.rebalances
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
    if (this.#closing) for (const next of this.#rebalances.splice(0)) this.#follow(next)
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
      if (this.#source.isCopied === true) this.#warnOfGone(starts)
      this.#follow(next, starts)
      if (next.code !== ASSIGN) continue
      await this.#keepFirst(starts)
      await this.#reader.settled()
      this.#joined = true
      const owned = [...this.#owned].sort((a, b) => a - b)
      this.#listener.assigned(owned, partition => this.time(partition))
    }
  }

  /** Records that were deleted are no fault of this start; what they held is in no table that is read anew. */
  #warnOfGone(starts: readonly StartOffset[]): void {
    const { topic, table } = this.#source
    for (const { partition, offset } of starts) {
      if (offset === 0) continue
      const hint = 'Keep its last record of each key: cleanup.policy=compact.'
      const text = `partition ${partition} of topic "${topic}" begins at offset ${offset}: table "${table}" has no row that only stood before it`
      this.#log.log('warn', text, { hint })
    }
  }

  /** Tried again until a broker answers, or the group wants something else. */
  async #findStarts(partitions: readonly number[]): Promise<readonly StartOffset[]> {
    while (!this.#closing && !this.#isExpelled && this.#rebalances.length === 0) {
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
      this.#source.isCopied === true || this.#consumer.rebalanceProtocol() === 'COOPERATIVE'
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
      if (!this.#closing) this.#log.log('warn', `rebalance: ${errorText(error)}`)
    }
  }

  async poll(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null> {
    // Not before: a pipeline that fails to open its other ends never disturbs the group.
    if (!this.#subscribed) this.#subscribe()
    this.#subscribed = true
    if (this.#source.isCopied === true) this.#lookForPartitions()
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

  /** Waits for no answer. */
  #lookForPartitions(): void {
    if (performance.now() < this.#nextLook) return
    this.#nextLook = Infinity
    const take = (count: number): void => {
      const { topic } = this.#source
      const assignment = []
      for (let partition = this.#found; partition < count; partition++)
        assignment.push({ topic, partition })
      this.#found = Math.max(count, this.#found)
      if (assignment.length > 0) this.#rebalances.push({ code: ASSIGN, assignment })
      if (count === 0) this.failed({ code: UNKNOWN_TOPIC })
      this.wake()
    }
    const failed = (error: unknown): void => this.failed(error)
    void this.partitions()
      .then(take, failed)
      .finally(() => {
        const wait = this.#found === 0 ? LOOK_FOR_TOPIC : this.#refreshInterval
        this.#nextLook = performance.now() + wait
      })
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

  /** What the client says of itself, which may be before anybody polls it: a source that goes back does not. */
  heard(error: unknown): void {
    const isFatal = NOT_TO_GO_ON.includes(errorCode(error)) || FATAL.test(errorText(error))
    if (isFatal) this.#expel(error)
  }

  connected(up: boolean, reason: string): void {
    this.#outage.tell(up, reason, { way: 'fetch' })
  }

  failed(error: unknown): void {
    this.heard(error)
    if (errorCode(error) === OUT_OF_RANGE) return this.#places.doubt()
    if (this.#closing || OUTAGE.includes(errorCode(error))) return
    const { name, topic } = this.#source
    const denial = explainDenial(errorText(error), needsOf(this.#source))
    const text =
      errorCode(error) === UNKNOWN_TOPIC
        ? `source "${name}": topic "${topic}" does not exist yet`
        : `source "${name}": ${denial?.message ?? errorText(error)}`
    const hint = denial === null ? {} : { hint: denial.hint }
    this.#log.limited('warn', text, { component: 'kafka', ...hint })
  }

  /** The client is not to be used again. After an outage it may have taken its own place. */
  #expel(error: unknown): void {
    if (this.#isExpelled || this.#closing) return
    this.#isExpelled = true
    const { name, groupId } = this.#source
    const reason = errorText(error)
    this.#log.log('warn', `source "${name}" has lost its place`, { group: groupId, reason })
    this.#listener.expelled()
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
    while (!this.#closing && !this.#isExpelled) {
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
    this.#closing = true
    this.wake()
    await this.#reader.close()
    await this.#places.close()
    await new Promise(resolve => this.#consumer.disconnect(resolve))
  }
}
