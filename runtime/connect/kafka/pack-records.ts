import type { RecordColumns } from './columns.ts'

export interface PlainRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** Copies records into columns. */
export function packRecords(records: readonly PlainRecord[]): RecordColumns {
  const count = records.length
  const column = (): Int32Array => new Int32Array(count)
  const [keyStart, keyEnd, valueStart, valueEnd] = [column(), column(), column(), column()]
  let size = 0
  for (const { key, value } of records) size += (key?.length ?? 0) + (value?.length ?? 0)
  const bytes = new Uint8Array(size)
  let pos = 0
  for (let i = 0; i < count; i++) {
    const { key, value } = records[i]!
    keyStart[i] = key === null ? -1 : pos
    if (key !== null) bytes.set(key, pos)
    keyEnd[i] = pos += key?.length ?? 0
    valueStart[i] = value === null ? -1 : pos
    if (value !== null) bytes.set(value, pos)
    valueEnd[i] = pos += value?.length ?? 0
  }
  return { bytes, count, keyStart, keyEnd, valueStart, valueEnd, op: null, headers: null }
}
