import type { Api } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

export const LIST_OFFSETS: Api = { name: 'ListOffsets', key: 2, version: 6, isFlexible: true }

/** Of a client that is no replica. */
const NO_REPLICA = -1
const ANY_EPOCH = -1
/** What stands for times before and behind all records. */
const TIMES = { earliest: -2, latest: -1 }

export type TopicEnd = keyof typeof TIMES

export interface EndsWish {
  readonly topic: string
  readonly partitions: readonly number[]
  readonly end: TopicEnd
  /** A topic ends before what is in open transactions. */
  readonly isCommittedOnly: boolean
}

/** Asks a broker for the first offset of partitions that it leads, or for that which the next record gets. */
export function writeListOffsets(
  body: WireWriter,
  { topic, partitions, end, isCommittedOnly }: EndsWish
): void {
  body.int32(NO_REPLICA).int8(Number(isCommittedOnly))
  body.compactArray([topic], name => {
    body.compactString(name)
    body.compactArray(partitions, one => {
      body.int32(one).int32(ANY_EPOCH).int64(TIMES[end]).noTags()
    })
    body.noTags()
  })
  body.noTags()
}

export interface PartitionEnd {
  readonly partition: number
  readonly error: number
  readonly offset: number
}

export function readListOffsets(body: WireReader): readonly PartitionEnd[] {
  body.int32()
  return body
    .compactArray(() => {
      body.compactString()
      const ends = body.compactArray(() => {
        const partition = body.int32()
        const error = body.int16()
        body.int64()
        const offset = body.int64()
        body.int32()
        body.tags()
        return { partition, error, offset }
      })
      body.tags()
      return ends
    })
    .flat()
}

/** Of the one partition. */
export function readListEnd(body: WireReader): PartitionEnd {
  const [end] = readListOffsets(body)
  if (end === undefined) throw new Error('the broker says nothing of the partition')
  return end
}
