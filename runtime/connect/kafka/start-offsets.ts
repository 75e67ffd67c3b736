import type { KafkaNative } from '../../native/index.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

/** How long a broker may take to answer, in ms. */
const TIMEOUT = 10_000

export interface StartOffset {
  readonly partition: number
  readonly offset: number
  /** Behind the last record of the topic, as the group had no offset yet. */
  readonly isAtEnd: boolean
  /** See SourceConnection.mark. */
  readonly mark: number | null
}

interface CommittedOffset {
  readonly offset: number
  readonly mark: number | null
}

/**
 * Where partitions go on: at the group's offset, without one at the end of the topic that `reset` names; none where that is
 * neither, for the client to say so. Asked for before the partitions are read: left to librdkafka, `latest` is where the topic
 * ends when it gets to ask, and what was written since the source said that it is ready would never be read.
 */
export async function findStarts(
  consumer: Consumer,
  topic: string,
  partitions: readonly number[],
  reset: string
): Promise<readonly StartOffset[]> {
  const committed = await committedOffsets(consumer, topic, partitions)
  const starts = await Promise.all(
    partitions.map(async (partition): Promise<StartOffset | null> => {
      const known = committed.get(partition)
      if (known !== undefined) return { partition, ...known, isAtEnd: false }
      const end = endOf(reset)
      if (end === null) return null
      const offset = await topicEnd(consumer, topic, partition, end)
      return { partition, offset, isAtEnd: end === 'latest', mark: null }
    })
  )
  return starts.filter(start => start !== null)
}

/** librdkafka takes older names too; null: neither end. */
function endOf(reset: string): 'earliest' | 'latest' | null {
  if (['earliest', 'smallest', 'beginning'].includes(reset)) return 'earliest'
  return ['latest', 'largest', 'end'].includes(reset) ? 'latest' : null
}

/** Of the group; without those that have none. */
function committedOffsets(
  consumer: Consumer,
  topic: string,
  partitions: readonly number[]
): Promise<ReadonlyMap<number, CommittedOffset>> {
  const asked = partitions.map(partition => ({ topic, partition }))
  return new Promise((resolve, reject) =>
    consumer.committed(asked as never, TIMEOUT, (error, list) => {
      if (error) return reject(error)
      const found = list as readonly { partition: number; offset?: number; metadata?: string }[]
      const known = found.filter(({ offset }) => offset !== undefined && offset >= 0)
      resolve(
        new Map(
          known.map(({ partition, offset, metadata }) => [
            partition,
            { offset: offset!, mark: readMark(metadata) }
          ])
        )
      )
    })
  )
}

/** What `offsetsOf` wrote; others may have written something else there. */
function readMark(metadata: string | undefined): number | null {
  const text = /^watermark (-?\d+)$/.exec(metadata ?? '')?.[1]
  return text === undefined ? null : Number(text)
}

/** An offset with the watermark that belongs to it, as the group keeps it. */
export function offsetEntry(topic: string, partition: number, offset: number, mark: number | null) {
  return { topic, partition, offset, ...(mark === null ? {} : { metadata: `watermark ${mark}` }) }
}

/** The offset of a partition's first record, or the one behind its last. */
export function topicEnd(
  consumer: Consumer,
  topic: string,
  partition: number,
  end: 'earliest' | 'latest'
): Promise<number> {
  return new Promise((resolve, reject) =>
    consumer.queryWatermarkOffsets(topic, partition, TIMEOUT, (error, ends) =>
      error ? reject(error) : resolve(end === 'earliest' ? ends.lowOffset : ends.highOffset)
    )
  )
}
