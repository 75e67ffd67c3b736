import type { OutputBatch, RecordHeader } from '../contract/index.ts'

const headers: ReadonlyMap<number, readonly RecordHeader[]> = new Map(
  ['c', 'u', 'd'].map(op => [
    op.charCodeAt(0),
    [{ key: 'miracledb.op', value: new TextEncoder().encode(op) }]
  ])
)
const none: readonly RecordHeader[] = []

/** `miracledb.op` for the record of a table's change; nothing for any other. */
export function changeHeaders({ op }: OutputBatch, record: number): readonly RecordHeader[] {
  return headers.get(op[record]!) ?? none
}
