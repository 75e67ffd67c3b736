import { crc32c } from './crc32c.ts'
import { CRC_END, LENGTH_END, MAGIC } from './record-batch.ts'

const FORMAT = 2

/** What a producer says of a batch; the broker says the rest. */
export interface SentBatch {
  /** The number of the compression, and flags. */
  readonly attributes: number
  readonly count: number
  /** Of all records, in ms since the epoch. */
  readonly time: number
  /** -1: nobody counts the batches. */
  readonly producer: bigint
  readonly epoch: number
  readonly sequence: number
}

/** Writes the head of the batch that is all of `bytes`, its checksum included. */
export function writeBatchHead(bytes: Uint8Array, sent: SentBatch): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const time = BigInt(sent.time)
  view.setBigInt64(0, 0n)
  view.setInt32(8, bytes.length - LENGTH_END)
  view.setInt32(12, -1)
  view.setInt8(MAGIC, FORMAT)
  view.setInt16(CRC_END, sent.attributes)
  view.setInt32(23, sent.count - 1)
  view.setBigInt64(27, time)
  view.setBigInt64(35, time)
  view.setBigInt64(43, sent.producer)
  view.setInt16(51, sent.epoch)
  view.setInt32(53, sent.sequence)
  view.setInt32(57, sent.count)
  view.setUint32(17, crc32c(bytes, CRC_END, bytes.length))
}
