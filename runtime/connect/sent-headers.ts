import { unpackHeaders } from '../codec/index.ts'
import type { OutputBatch, RecordHeader } from '../contract/index.ts'

/** The name of the header; its value is one letter. */
export const CHANGE_HEADER = 'miracledb.op'

/** By the character code of the change. */
const changes: ReadonlyMap<number, readonly RecordHeader[]> = new Map(
  ['c', 'u', 'd'].map(op => [
    op.charCodeAt(0),
    [{ key: CHANGE_HEADER, value: new TextEncoder().encode(op) }]
  ])
)
const none: readonly RecordHeader[] = []

/** `miracledb.op` for a table's change; nothing for the 0 of any other record. */
export function changeHeaders(op: number): readonly RecordHeader[] {
  return changes.get(op) ?? none
}

/** All those that a record is sent with. */
export function sentHeaders(
  { op, bytes, headers }: Pick<OutputBatch, 'op' | 'bytes' | 'headers'>,
  record: number
): readonly RecordHeader[] {
  return headers === null ? changeHeaders(op[record]!) : unpackHeaders(bytes, headers[record]!)
}
