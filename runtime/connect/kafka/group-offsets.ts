import type { PartitionTime } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

/** How long a broker may take to answer, in ms. */
const TIMEOUT = 10_000
/** ... and to say that it has taken a commit: the process can't end before it has, and a commit is tried again. */
const COMMIT_TIMEOUT = 3000

/** What the group keeps beside an offset. */
export interface OffsetNote {
  /** See SourceConnection. */
  readonly time: PartitionTime | null
  /** The topic that the offset is of: one that is made anew under its name has another id. Null: not known. */
  readonly topicId: string | null
  /** How many partitions there were when this one was read first; null: not known. */
  readonly partitions: number | null
}

export interface GroupOffset extends OffsetNote {
  readonly offset: number
}

/** Of the group; without those that have none. */
export function committedOffsets(
  consumer: Consumer,
  topic: string,
  partitions: readonly number[],
  timeout = TIMEOUT
): Promise<ReadonlyMap<number, GroupOffset>> {
  const asked = partitions.map(partition => ({ topic, partition }))
  return new Promise((resolve, reject) =>
    consumer.committed(asked as never, timeout, (error, list) => {
      if (error) return reject(error)
      const found = list as readonly { partition: number; offset?: number; metadata?: string }[]
      const known = found.filter(({ offset }) => offset !== undefined && offset >= 0)
      resolve(
        new Map(
          known.map(({ partition, offset, metadata }) => [
            partition,
            { offset: offset!, ...readNote(metadata ?? '') }
          ])
        )
      )
    })
  )
}

/** What `offsetEntry` wrote; others may have written something else there. */
function readNote(metadata: string): OffsetNote {
  const number = (pattern: RegExp): number | null => {
    const text = pattern.exec(metadata)?.[1]
    return text === undefined ? null : Number(text)
  }
  const processed = number(/\bprocessed (\d+)/)
  return {
    time: {
      mark: number(/\bwatermark (-?\d+)/),
      wasIdle: /\bidle\b/.test(metadata),
      ...(processed === null ? {} : { processed })
    },
    topicId: /\btopic (\S+)/.exec(metadata)?.[1] ?? null,
    partitions: number(/\bof (\d+)/)
  }
}

/** As the client takes it. */
export interface OffsetEntry {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata?: string
}

/** An offset with what belongs to it, as the group keeps it. */
export function offsetEntry(
  topic: string,
  partition: number,
  offset: number,
  { time, topicId, partitions }: OffsetNote
): OffsetEntry {
  const parts = [
    ...(time === null ? [] : timeWords(time)),
    ...(topicId === null ? [] : [`topic ${topicId}`]),
    ...(partitions === null ? [] : [`of ${partitions}`])
  ]
  return { topic, partition, offset, ...(parts.length === 0 ? {} : { metadata: parts.join(' ') }) }
}

function timeWords({ mark, wasIdle, processed }: PartitionTime): string[] {
  return [
    ...(mark === null ? [] : [`watermark ${mark}`]),
    ...(wasIdle ? ['idle'] : []),
    ...(processed === undefined ? [] : [`processed ${processed}`])
  ]
}

/** A method that the package has and its type declarations lack. */
interface Committer {
  commitCb(offsets: readonly object[], done: (error: Error | null) => void): void
}

/**
 * Commits what `offsetEntry` made for the group, of one topic; none are nothing to commit. The client's call is over when the request is
 * on its way, and tells nobody how it ended: only the group knows, so it is asked.
 */
export async function commitOffsets(
  consumer: Consumer,
  offsets: readonly OffsetEntry[]
): Promise<void> {
  if (offsets.length === 0) return
  await new Promise<void>((resolve, reject) =>
    (consumer as unknown as Committer).commitCb(offsets, error =>
      error ? reject(error) : resolve()
    )
  )
  const { topic } = offsets[0]!
  const partitions = offsets.map(({ partition }) => partition)
  const kept = await committedOffsets(consumer, topic, partitions, COMMIT_TIMEOUT)
  const missing = offsets.find(({ partition, offset }) => kept.get(partition)?.offset !== offset)
  if (missing === undefined) return
  const { partition, offset } = missing
  throw new Error(`the group has not taken offset ${offset} of ${topic}/${partition}`)
}
