import type { RecordHeader } from '../contract/index.ts'

/**
 * A record's headers as the addon takes and gives them (see .ci/setup/batches.h): their number, then for each the lengths of name
 * and value (-1: null) and their bytes; all numbers of 32 bits, little endian.
 */
export const PACKED_NUMBER = 4

/** One of the numbers. */
export function packedNumber(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

/** The headers at `start`; -1: there are none. */
export function unpackHeaders(bytes: Uint8Array, start: number): RecordHeader[] {
  if (start < 0) return []
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const list: RecordHeader[] = []
  let pos = start + PACKED_NUMBER
  for (let left = view.readInt32LE(start); left > 0; left--) {
    const keyEnd = pos + 2 * PACKED_NUMBER + view.readInt32LE(pos)
    const length = view.readInt32LE(pos + PACKED_NUMBER)
    const key = view.toString('utf8', pos + 2 * PACKED_NUMBER, keyEnd)
    pos = keyEnd + Math.max(0, length)
    // A copy: the headers outlive the batch.
    list.push({ key, value: length < 0 ? null : Buffer.from(view.subarray(keyEnd, pos)) })
  }
  return list
}

/** The headers one behind the other, without their number. */
export function packHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const parts = headers.map(({ key, value }) => {
    const name = Buffer.from(key)
    const lengths = Buffer.alloc(2 * PACKED_NUMBER)
    lengths.writeInt32LE(name.length, 0)
    lengths.writeInt32LE(value === null ? -1 : value.length, PACKED_NUMBER)
    return Buffer.concat(value === null ? [lengths, name] : [lengths, name, value])
  })
  return Buffer.concat(parts)
}
