import type { Api } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

/** Kafka 2.4 and later. */
export const PRODUCE: Api = { name: 'Produce', key: 0, version: 9, isFlexible: true }
export const INIT_PRODUCER_ID: Api = {
  name: 'InitProducerId',
  key: 22,
  version: 4,
  isFlexible: true
}

/** All replicas in sync have what was sent before the broker answers. */
const ACKS_OF_ALL = -1

/** A record batch for a partition, complete. */
export interface ProducedBatch {
  readonly partition: number
  readonly bytes: Uint8Array
}

export interface ProducedPartition {
  readonly partition: number
  readonly error: number
  readonly message: string | null
  /** Which records of the batch are to blame, where the broker says so. */
  readonly records: readonly number[]
}

/** `timeout`: how long the broker waits for the other replicas, in ms. `transactionalId`: null: they are of no transaction. */
export function writeProduce(
  body: WireWriter,
  transactionalId: string | null,
  topic: string,
  batches: readonly ProducedBatch[],
  timeout: number
): void {
  body.compactString(transactionalId).int16(ACKS_OF_ALL).int32(timeout)
  body.compactArray([topic], name => {
    body.compactString(name)
    body.compactArray(batches, ({ partition, bytes }) => {
      body
        .int32(partition)
        .uvarint(bytes.length + 1)
        .lend(bytes)
        .noTags()
    })
    body.noTags()
  })
  body.noTags()
}

export function readProduce(body: WireReader): readonly ProducedPartition[] {
  const topics = body.compactArray(() => {
    body.compactString()
    const partitions = body.compactArray(() => readPartition(body))
    body.tags()
    return partitions
  })
  return topics.flat()
}

function readPartition(body: WireReader): ProducedPartition {
  const partition = body.int32()
  const error = body.int16()
  // The first offset, the time that the broker gave, where the log starts.
  for (let numbers = 0; numbers < 3; numbers++) body.int64()
  const records = body.compactArray(() => {
    const index = body.int32()
    body.compactString()
    body.tags()
    return index
  })
  const message = body.compactString()
  body.tags()
  return { partition, error, message, records }
}

/** Who sends: brokers tell by it and by numbers in a row what they have already: KIP-98. */
export interface ProducerId {
  readonly id: number
  readonly epoch: number
}

/** Of no transactions, so without a time-out of theirs; any id. */
export function writeInitProducerId(body: WireWriter): void {
  writeInitTransactions(body, null, -1, null)
}

/**
 * Ends what is open under a transactional id, and shuts out who had it: null: whoever that is; else it is only for who had `current`,
 * which goes on with another epoch: KIP-360. `timeout`: how long a transaction may be open, in ms.
 */
export function writeInitTransactions(
  body: WireWriter,
  transactionalId: string | null,
  timeout: number,
  current: ProducerId | null
): void {
  const { id, epoch } = current ?? { id: -1, epoch: -1 }
  body.compactString(transactionalId).int32(timeout).int64(id).int16(epoch).noTags()
}

/** A number: what the broker refuses it with. */
export function readInitProducerId(body: WireReader): ProducerId | number {
  body.int32()
  const error = body.int16()
  return error === 0 ? { id: body.int64(), epoch: body.int16() } : error
}
