import type { MissingRecords, PartitionTime, SourceDefinition } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { commitOffsets, type GroupOffset, offsetEntry, type OffsetNote } from './group-offsets.ts'
import type { RecordReader } from './record-reader.ts'
import { findStarts, isOfAnother, type StartOffset, topicEnds } from './start-offsets.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

/** Between two looks whether a topic is still the same, in ms. */
const LOOK_AGAIN = 10_000

export interface PlacesParts extends Pick<RecordReader, 'identify' | 'ends'> {
  readonly consumer: Consumer
  readonly source: SourceDefinition
  /** Where partitions begin that the group knows no offset of: what `auto.offset.reset` takes. */
  readonly reset: string
  /** Throws where records must not be missing. */
  readonly missing: (records: MissingRecords) => void
}

/**
 * Where a source is in its topic, and whether that place is still there: a client alone would go on at the same offset of a topic that
 * was made anew, and beyond what brokers have deleted, without a word.
 */
export class TopicPlaces {
  readonly #parts: PlacesParts
  readonly #notes = new Map<number, OffsetNote>()
  /** The offset that was handed to the group last. */
  readonly #entered = new Map<number, number>()
  #isDoubtful = false
  /** Until then `find` has looked. */
  #nextLook = performance.now() + LOOK_AGAIN
  #looking: Promise<void> | null = null

  constructor(parts: PlacesParts) {
    this.#parts = parts
  }

  /** Where partitions go on. */
  async find(partitions: readonly number[]): Promise<readonly StartOffset[]> {
    const { consumer, source, reset, identify, ends } = this.#parts
    const { topic } = source
    const isCopied = source.isCopied === true
    const wanted = { topic, identify, ends, reset, read: this.#read(), isCopied }
    const starts = await findStarts(consumer, wanted, partitions)
    if (!isCopied) await this.#keep(starts)
    for (const { partition, offset, before } of starts) {
      if (before === null) continue
      const text = `topic "${topic}" was deleted and made anew: partition ${partition} was read up to offset ${before.offset} of the old one, and nobody knows what came behind`
      this.#parts.missing({ partition, from: before.offset, to: null, next: offset, text })
    }
    for (const { partition, ...note } of starts) {
      this.#notes.set(partition, note)
      this.#entered.delete(partition)
    }
    return starts
  }

  #read(): ReadonlyMap<number, GroupOffset> {
    const read = [...this.#notes].map(([partition, note]): [number, GroupOffset] => [
      partition,
      { ...note, offset: this.#entered.get(partition) ?? 0 }
    ])
    return new Map(read)
  }

  /** Should the pipeline stop now, its next start has to see that the topic was another. */
  async #keep(starts: readonly StartOffset[]): Promise<void> {
    const { consumer, source } = this.#parts
    const offsets = starts.flatMap(({ partition, before }) =>
      before === null ? [] : [offsetEntry(source.topic, partition, before.offset, before)]
    )
    await commitOffsets(consumer, offsets)
  }

  entry(partition: number, offset: number, time: PartitionTime | null) {
    const { topicId = null, partitions = null } = this.#notes.get(partition) ?? {}
    this.#entered.set(partition, offset)
    return offsetEntry(this.#parts.source.topic, partition, offset, { time, topicId, partitions })
  }

  /** Null: none yet. */
  entered(partition: number): number | null {
    return this.#entered.get(partition) ?? null
  }

  /** The client does not get on with a partition. */
  doubt(): void {
    this.#isDoubtful = true
  }

  /** True once after each doubt. Looks now and then whether the topic is still the same; waits for no answer. */
  isDoubtful(): boolean {
    const now = performance.now()
    if (this.#looking === null && now >= this.#nextLook) {
      this.#nextLook = now + LOOK_AGAIN
      this.#looking = this.#look().finally(() => {
        this.#looking = null
      })
    }
    const wasDoubtful = this.#isDoubtful
    this.#isDoubtful = false
    return wasDoubtful
  }

  async #look(): Promise<void> {
    try {
      if (await this.isAnother()) this.doubt()
    } catch {
      // No broker answers: there is a next time.
    }
  }

  /** Whether the topic was made anew since it is read. */
  async isAnother(): Promise<boolean> {
    const identity = await this.#parts.identify()
    return [...this.#notes.values()].some(note => isOfAnother(note, identity))
  }

  /** Where to go on from a place that is not there any more; null: it is there. */
  async after(partition: number, position: number): Promise<number | null> {
    const { consumer, source } = this.#parts
    const { topic } = source
    const { low, high } = await topicEnds(consumer, topic, partition)
    if (position >= low && position <= high) return null
    const where = `partition ${partition} of topic "${topic}"`
    const [next, text] =
      position < low
        ? [low, `${where} begins at offset ${low}: ${position} to ${low - 1} were deleted unread`]
        : [high, `${where} ends at offset ${high}, and was read up to ${position}`]
    this.#parts.missing({ partition, from: position, to: Math.max(position, low), next, text })
    return next
  }

  /** Resolves when the consumer is needed no more. */
  async close(): Promise<void> {
    await this.#looking
  }
}
