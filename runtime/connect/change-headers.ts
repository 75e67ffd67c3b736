import type { OutputBatch, RecordHeader } from '../contract/index.ts'

/** The name of the header; its value is one letter. */
export const CHANGE_HEADER = 'miracledb.op'

const headers: ReadonlyMap<number, readonly RecordHeader[]> = new Map(
  ['c', 'u', 'd'].map(op => [
    op.charCodeAt(0),
    [{ key: CHANGE_HEADER, value: new TextEncoder().encode(op) }]
  ])
)
const none: readonly RecordHeader[] = []

/** `miracledb.op` for the record of a table's change; nothing for any other. */
export function changeHeaders({ op }: OutputBatch, record: number): readonly RecordHeader[] {
  return headers.get(op[record]!) ?? none
}
