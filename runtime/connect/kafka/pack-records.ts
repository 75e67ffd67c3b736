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
  const bytes = new Uint8Array(sizeOf(records))
  const columns = { bytes, count, keyStart, keyEnd, valueStart, valueEnd, op: null, headers: null }
  copyRecords(records, columns)
  return columns
}

function sizeOf(records: readonly PlainRecord[]): number {
  let size = 0
  for (const { key, value } of records) size += (key?.length ?? 0) + (value?.length ?? 0)
  return size
}

/** Apart, with nothing behind the loop: V8 compiles it while it runs, and would know nothing yet of what comes behind it. */
function copyRecords(records: readonly PlainRecord[], columns: RecordColumns): void {
  const { bytes, keyStart, keyEnd, valueStart, valueEnd } = columns
  let pos = 0
  for (let i = 0; i < records.length; i++) {
    const { key, value } = records[i]!
    keyStart[i] = key === null ? -1 : pos
    if (key !== null) bytes.set(key, pos)
    keyEnd[i] = pos += key?.length ?? 0
    valueStart[i] = value === null ? -1 : pos
    if (value !== null) bytes.set(value, pos)
    valueEnd[i] = pos += value?.length ?? 0
  }
}
