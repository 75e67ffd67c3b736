import type { KafkaNative } from '../../native/index.ts'
import { committedOffsets, type GroupOffset, type OffsetNote } from './group-offsets.ts'
import type { TopicIdentity } from './topic-identity.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

/** How long a broker may take to answer, in ms. */
const TIMEOUT = 10_000

export interface StartOffset extends OffsetNote {
  readonly partition: number
  readonly offset: number
  /** Behind the last record of the topic, as the group had no offset yet. */
  readonly isAtEnd: boolean
  /** How far a topic was read that is no more: this one was made anew. Null: it is the same one. */
  readonly before: GroupOffset | null
}

/** What is read, and where it begins. */
export interface WantedTopic {
  readonly topic: string
  /** Null: the brokers don't say. */
  readonly identity: TopicIdentity | null
  /** Where partitions begin that the group knows no offset of: what `auto.offset.reset` takes. */
  readonly reset: string
  /** How far this process has read before: with a topic goes what its groups knew of it. */
  readonly read: ReadonlyMap<number, GroupOffset>
  /** What the group has read is somebody else's. */
  readonly isCopied: boolean
}

/**
 * Where partitions go on: at the group's offset, without one at the end of the topic that `reset` names; none where that is
 * neither, for the client to say so. Asked for before the partitions are read: left to librdkafka, `latest` is where the topic
 * ends when it gets to ask, and what was written since the source said that it is ready would never be read.
 */
export async function findStarts(
  consumer: Consumer,
  { topic, identity, reset, read, isCopied }: WantedTopic,
  partitions: readonly number[]
): Promise<readonly StartOffset[]> {
  const count = Math.max(identity?.partitions ?? 0, ...partitions.map(last => last + 1))
  const all = Array.from({ length: count }, (_, partition) => partition)
  const others = [...read].filter(([, known]) => isOfAnother(known, identity))
  const known = isCopied ? [] : await committedOffsets(consumer, topic, all)
  const committed = new Map([...others, ...known])
  const topicId = identity?.id ?? null
  const note = { time: null, topicId, partitions: identity?.partitions ?? null }
  const starts = partitions.map(async (partition): Promise<StartOffset | null> => {
    const before = committed.get(partition)
    if (before !== undefined && !isOfAnother(before, identity))
      return { ...note, ...before, topicId: before.topicId ?? topicId, partition, ...FOUND }
    const isNew = isFirstRead(partition, committed, identity)
    const end = before !== undefined || isNew ? 'earliest' : endOf(reset)
    if (end === null) return null
    const offset = await topicEnd(consumer, topic, partition, end)
    return { ...note, partition, offset, isAtEnd: end === 'latest', before: before ?? null }
  })
  return (await Promise.all(starts)).filter(start => start !== null)
}

const FOUND = { isAtEnd: false, before: null }

export function isOfAnother({ topicId }: OffsetNote, identity: TopicIdentity | null): boolean {
  return topicId !== null && identity !== null && topicId !== identity.id
}

/**
 * Whether a partition without an offset was made after the group began to read: then all of it is to be read, whatever `reset`
 * says. Each partition keeps how many there were when it was read first, so that members which find new ones at the
 * same time agree, and members of a new group do not take one another's partitions for new.
 */
function isFirstRead(
  partition: number,
  committed: ReadonlyMap<number, GroupOffset>,
  identity: TopicIdentity | null
): boolean {
  return [...committed.values()].some(
    known => isOfAnother(known, identity) || (known.partitions ?? Infinity) <= partition
  )
}

/** librdkafka takes older names too; null: neither end. */
function endOf(reset: string): 'earliest' | 'latest' | null {
  if (['earliest', 'smallest', 'beginning'].includes(reset)) return 'earliest'
  return ['latest', 'largest', 'end'].includes(reset) ? 'latest' : null
}

/** The offset of a partition's first record, or the one behind its last. */
export async function topicEnd(
  consumer: Consumer,
  topic: string,
  partition: number,
  end: 'earliest' | 'latest'
): Promise<number> {
  const { low, high } = await topicEnds(consumer, topic, partition)
  return end === 'earliest' ? low : high
}

export function topicEnds(
  consumer: Consumer,
  topic: string,
  partition: number
): Promise<{ readonly low: number; readonly high: number }> {
  return new Promise((resolve, reject) =>
    consumer.queryWatermarkOffsets(topic, partition, TIMEOUT, (error, ends) =>
      error ? reject(error) : resolve({ low: ends.lowOffset, high: ends.highOffset })
    )
  )
}
