import type { StateChange } from '../../contract/index.ts'
import type { RecordColumns } from './columns.ts'

/** Changes of one table as records: the key, and the row or null. */
export function packChanges(changes: readonly StateChange[]): RecordColumns {
  const count = changes.length
  const column = (): Int32Array => new Int32Array(count)
  const [keyStart, keyEnd, valueStart, valueEnd] = [column(), column(), column(), column()]
  let size = 0
  for (const { key, row } of changes) size += key.length + (row?.length ?? 0)
  const bytes = new Uint8Array(size)
  let pos = 0
  for (let i = 0; i < count; i++) {
    const { key, row } = changes[i]!
    bytes.set(key, pos)
    keyStart[i] = pos
    keyEnd[i] = pos += key.length
    valueStart[i] = row === null ? -1 : pos
    if (row !== null) bytes.set(row, pos)
    valueEnd[i] = pos += row?.length ?? 0
  }
  return { bytes, count, keyStart, keyEnd, valueStart, valueEnd, op: null }
}
