import type { RecordHeader } from '../../contract/index.ts'

/** Headers as the addon packs them, from `start` on; -1: there are none. See .ci/setup/batches.h. */
export function unpackHeaders(bytes: Uint8Array, start: number): RecordHeader[] {
  if (start < 0) return []
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const list: RecordHeader[] = []
  let pos = start + 4
  for (let left = view.readInt32LE(start); left > 0; left--) {
    const keyEnd = pos + 8 + view.readInt32LE(pos)
    const length = view.readInt32LE(pos + 4)
    const key = view.toString('utf8', pos + 8, keyEnd)
    pos = keyEnd + Math.max(0, length)
    // A copy: the headers outlive the batch.
    list.push({ key, value: length < 0 ? null : Buffer.from(view.subarray(keyEnd, pos)) })
  }
  return list
}

/** librdkafka's binding takes each header as an object with one member. */
export function writeHeaders(headers: readonly RecordHeader[]): object[] {
  return headers.map(({ key, value }) => ({ [key]: Buffer.from(value ?? []) }))
}
