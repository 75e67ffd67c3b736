/**
 * The head of a record batch in the format 2, which lies before its records:
 * https://kafka.apache.org/documentation/#recordbatch
 */
export interface BatchHead {
  readonly baseOffset: number
  /** Behind all of the batch. */
  readonly end: number
  readonly leaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly compression: number
  readonly isAppendTime: boolean
  readonly isTransactional: boolean
  readonly isControl: boolean
  /** Of the last record that there is room for; compaction may have taken it away. */
  readonly lastOffset: number
  readonly baseTime: number
  readonly maxTime: number
  readonly producer: number
  readonly count: number
  /** Where the records begin. */
  readonly start: number
}

export const HEAD_BYTES = 61
/** Offset and length, before what the length counts. */
export const LENGTH_END = 12
/** The checksum is of all that is behind itself. */
export const CRC_END = 21
export const MAGIC = 16

/** The batch at `start`; null: it is not there as a whole. Of another format only offset, end and magic mean something. */
export function readBatchHead(view: DataView, start: number, end: number): BatchHead | null {
  if (end - start < HEAD_BYTES) return null
  const batchEnd = start + LENGTH_END + view.getInt32(start + 8)
  if (batchEnd > end || batchEnd < start + MAGIC + 1) return null
  const attributes = view.getInt16(start + 21)
  const baseOffset = int64(view, start)
  return {
    baseOffset,
    end: batchEnd,
    leaderEpoch: view.getInt32(start + 12),
    magic: view.getInt8(start + MAGIC),
    crc: view.getUint32(start + 17),
    compression: attributes & 7,
    isAppendTime: (attributes & 8) !== 0,
    isTransactional: (attributes & 16) !== 0,
    isControl: (attributes & 32) !== 0,
    lastOffset: baseOffset + view.getInt32(start + 23),
    baseTime: int64(view, start + 27),
    maxTime: int64(view, start + 35),
    producer: int64(view, start + 43),
    count: view.getInt32(start + 57),
    start: start + HEAD_BYTES
  }
}

function int64(view: DataView, at: number): number {
  return view.getInt32(at) * 2 ** 32 + view.getUint32(at + 4)
}
