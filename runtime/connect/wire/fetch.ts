import type { Api } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

/** Kafka 3.1 and later: the first that names topics by their ids, so that a topic that was made anew is not mistaken for the old one. */
export const FETCH: Api = { name: 'Fetch', key: 1, version: 13, isFlexible: true }

/** A partition that is asked for. */
export interface FetchPartition {
  readonly partition: number
  readonly leaderEpoch: number
  readonly offset: number
  /** Of the leader that wrote the record before; -1: not known. */
  readonly lastEpoch: number
}

export interface FetchRequest {
  readonly topicId: string
  readonly maxWait: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitionBytes: number
  readonly isCommittedOnly: boolean
  /** 0 and -1: of no session; 0 and 0: begins one: KIP-227. */
  readonly session: number
  readonly sessionEpoch: number
  /** All partitions, or those of a session that have changed. */
  readonly partitions: readonly FetchPartition[]
  /** Those that a session has and that are not wanted any more. */
  readonly forgotten: readonly number[]
}

export interface AbortedTransaction {
  readonly producer: number
  readonly firstOffset: number
}

export interface FetchedPartition {
  readonly partition: number
  readonly error: number
  /** Behind the last record that all replicas have. */
  readonly highWatermark: number
  readonly aborted: readonly AbortedTransaction[]
  /** Where the leader's log parts from what was read; null: it does not. */
  readonly divergesAt: number | null
  /** Where in the answer its record batches are. */
  readonly start: number
  readonly end: number
}

export interface FetchResponse {
  readonly throttle: number
  readonly error: number
  readonly session: number
  readonly partitions: readonly FetchedPartition[]
}

const CONSUMER = -1
const DIVERGING_EPOCH = 0

export function writeFetch(body: WireWriter, request: FetchRequest): void {
  const topic = Buffer.from(request.topicId, 'hex')
  body.int32(CONSUMER).int32(request.maxWait).int32(request.minBytes).int32(request.maxBytes)
  body
    .int8(request.isCommittedOnly ? 1 : 0)
    .int32(request.session)
    .int32(request.sessionEpoch)
  body.compactArray(request.partitions.length === 0 ? [] : [topic], id => {
    body.raw(id)
    body.compactArray(request.partitions, ({ partition, leaderEpoch, offset, lastEpoch }) => {
      body.int32(partition).int32(leaderEpoch).int64(offset).int32(lastEpoch)
      body.int64(-1).int32(request.partitionBytes).noTags()
    })
    body.noTags()
  })
  body.compactArray(request.forgotten.length === 0 ? [] : [topic], id => {
    body.raw(id).compactArray(request.forgotten, partition => body.int32(partition))
    body.noTags()
  })
  body.compactString('').noTags()
}

/** Of a request for one topic. */
export function readFetch(body: WireReader): FetchResponse {
  const throttle = body.int32()
  const error = body.int16()
  const session = body.int32()
  const topics = body.compactArray(() => {
    body.uuid()
    const partitions = body.compactArray(() => readPartition(body))
    body.tags()
    return partitions
  })
  return { throttle, error, session, partitions: topics.flat() }
}

function readPartition(body: WireReader): FetchedPartition {
  const partition = body.int32()
  const error = body.int16()
  const highWatermark = body.int64()
  // The end of what is committed, where the log starts.
  body.int64()
  body.int64()
  const aborted = body.compactArray(() => {
    const transaction = { producer: body.int64(), firstOffset: body.int64() }
    body.tags()
    return transaction
  })
  // Another replica to read from: we never say where we are, so there is none.
  body.int32()
  const { start, end } = body.skip(Math.max(0, body.uvarint() - 1))
  let divergesAt: number | null = null
  body.tags((tag, field) => {
    if (tag !== DIVERGING_EPOCH) return
    field.int32()
    divergesAt = field.int64()
  })
  return { partition, error, highWatermark, aborted, divergesAt, start, end }
}
