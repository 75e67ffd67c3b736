import type { Api } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

export const LIST_OFFSETS: Api = { name: 'ListOffsets', key: 2, version: 6, isFlexible: true }

/** Of a client that is no replica; also of what is not committed. */
const NO_REPLICA = -1
const UNCOMMITTED = 0
const ANY_EPOCH = -1
/** Stands for a time behind all records. */
const LATEST = -1

/** Asks for the offset that the next record of a partition gets. */
export function writeListEnd(body: WireWriter, topic: string, partition: number): void {
  body.int32(NO_REPLICA).int8(UNCOMMITTED)
  body.compactArray([topic], name => {
    body.compactString(name)
    body.compactArray([partition], one => {
      body.int32(one).int32(ANY_EPOCH).int64(LATEST).noTags()
    })
    body.noTags()
  })
  body.noTags()
}

export interface PartitionEnd {
  readonly error: number
  readonly offset: number
}

/** Of the one partition. */
export function readListEnd(body: WireReader): PartitionEnd {
  body.int32()
  const [end] = body
    .compactArray(() => {
      body.compactString()
      const ends = body.compactArray(() => {
        body.int32()
        const error = body.int16()
        body.int64()
        const offset = body.int64()
        body.int32()
        body.tags()
        return { error, offset }
      })
      body.tags()
      return ends
    })
    .flat()
  if (end === undefined) throw new Error('the broker says nothing of the partition')
  return end
}
