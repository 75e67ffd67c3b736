import type { Api } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'
import type { ProducerId } from './produce.ts'

// KIP-98 and KIP-447, as brokers of 2.5 and later speak them.
export const ADD_PARTITIONS: Api = {
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 3,
  isFlexible: true
}
export const ADD_OFFSETS: Api = { name: 'AddOffsetsToTxn', key: 25, version: 3, isFlexible: true }
export const END_TRANSACTION: Api = { name: 'EndTxn', key: 26, version: 3, isFlexible: true }
export const COMMIT_OFFSETS: Api = {
  name: 'TxnOffsetCommit',
  key: 28,
  version: 3,
  isFlexible: true
}

/** Who writes in transactions. */
export interface Writer {
  readonly transactionalId: string
  readonly producer: ProducerId
}

/** What a consumer is in its group: of generation -1 and without a name where it is none of its members. */
export interface Membership {
  readonly group: string
  readonly member: string
  readonly generation: number
  readonly instance: string | null
}

/** `metadata`: what the group keeps beside the offset. */
export interface OffsetToCommit {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly metadata?: string
}

function writeWriter(body: WireWriter, { transactionalId, producer }: Writer): void {
  body.compactString(transactionalId).int64(producer.id).int16(producer.epoch)
}

export function writeAddPartitions(
  body: WireWriter,
  writer: Writer,
  topic: string,
  partitions: readonly number[]
): void {
  writeWriter(body, writer)
  body.compactArray([topic], name => {
    body.compactString(name)
    body.compactArray(partitions, partition => body.int32(partition)).noTags()
  })
  body.noTags()
}

/** The error codes of the partitions of the one topic. */
export function readAddPartitions(body: WireReader): ReadonlyMap<number, number> {
  return readPartitionErrors(body)
}

export function writeAddOffsets(body: WireWriter, writer: Writer, group: string): void {
  writeWriter(body, writer)
  body.compactString(group).noTags()
}

export function writeEndTransaction(body: WireWriter, writer: Writer, isCommit: boolean): void {
  writeWriter(body, writer)
  body.bool(isCommit).noTags()
}

/** The error code of an answer that says nothing else. */
export function readErrorCode(body: WireReader): number {
  body.int32()
  return body.int16()
}

export function writeCommitOffsets(
  body: WireWriter,
  { transactionalId, producer }: Writer,
  { group, member, generation, instance }: Membership,
  offsets: readonly OffsetToCommit[]
): void {
  body.compactString(transactionalId).compactString(group)
  body.int64(producer.id).int16(producer.epoch)
  body.int32(generation).compactString(member).compactString(instance)
  body.compactArray([...Map.groupBy(offsets, ({ topic }) => topic)], ([topic, own]) => {
    body.compactString(topic)
    body.compactArray(own, ({ partition, offset, metadata }) => {
      // Without the epoch of the leader.
      body
        .int32(partition)
        .int64(offset)
        .int32(-1)
        .compactString(metadata ?? null)
        .noTags()
    })
    body.noTags()
  })
  body.noTags()
}

/** The first error code of any partition; 0: all are committed. */
export function readCommitOffsets(body: WireReader): number {
  return [...readPartitionErrors(body).values()].find(error => error !== 0) ?? 0
}

/** Of all topics in an answer: an error of one is one of its number, whichever topic's it is. */
function readPartitionErrors(body: WireReader): ReadonlyMap<number, number> {
  body.int32()
  const found = new Map<number, number>()
  body.compactArray(() => {
    body.compactString()
    body.compactArray(() => {
      const partition = body.int32()
      const error = body.int16()
      body.tags()
      found.set(partition, found.get(partition) || error)
    })
    body.tags()
  })
  return found
}
