import type { KafkaNative } from '../../native/index.ts'
import { committedOffsets, type GroupOffset, type OffsetNote } from './group-offsets.ts'
import type { TopicEnd } from '../wire/list-offsets.ts'
import type { RecordReader } from './record-reader.ts'
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
export interface WantedTopic extends Pick<RecordReader, 'identify' | 'ends'> {
  readonly topic: string
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
  { topic, identify, ends, reset, read, isCopied }: WantedTopic,
  partitions: readonly number[]
): Promise<readonly StartOffset[]> {
  const usual = endOf(reset)
  const known = async (from: number, to: number): Promise<ReadonlyMap<number, GroupOffset>> => {
    const asked = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
    return isCopied || asked.length === 0 ? new Map() : committedOffsets(consumer, topic, asked)
  }
  const few = Math.max(0, ...partitions.map(last => last + 1))
  // All at the same time, as nobody waits longer than for the slowest: what there is beyond those partitions is asked for behind it.
  const [identity, first, found] = await Promise.all([
    identify(),
    known(0, few),
    usual === null ? new Map<number, number>() : ends(partitions, usual)
  ])
  const others = [...read].filter(([, note]) => isOfAnother(note, identity))
  const committed = new Map([...others, ...first, ...(await known(few, identity?.partitions ?? 0))])
  const topicId = identity?.id ?? null
  const note = { time: null, topicId, partitions: identity?.partitions ?? null }
  const starts = partitions.map(async (partition): Promise<StartOffset | null> => {
    const before = committed.get(partition)
    if (before !== undefined && !isOfAnother(before, identity))
      return { ...note, ...before, topicId: before.topicId ?? topicId, partition, ...FOUND }
    const isNew = isFirstRead(partition, committed, identity)
    const end = before !== undefined || isNew ? 'earliest' : usual
    if (end === null) return null
    const asked = end === usual ? found.get(partition) : undefined
    const offset = asked ?? (await topicEnd(consumer, topic, partition, end))
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
function endOf(reset: string): TopicEnd | null {
  if (['earliest', 'smallest', 'beginning'].includes(reset)) return 'earliest'
  return ['latest', 'largest', 'end'].includes(reset) ? 'latest' : null
}

/** The offset of a partition's first record, or the one behind its last. */
export async function topicEnd(
  consumer: Consumer,
  topic: string,
  partition: number,
  end: TopicEnd
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
