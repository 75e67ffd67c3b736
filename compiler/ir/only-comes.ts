import type { StreamNode } from './streams.ts'

/**
 * Whether rows of a stream stay once they are there: events, and rows that are written out, which are kept as a table though
 * nothing changes it. What groups or joins make of either is told as it changes.
 */
export function onlyComes(node: StreamNode): boolean {
  if (node.traits.changes === 'append') return true
  switch (node.kind) {
    case 'Table':
      return node.table.written
    case 'Filter':
    case 'Project':
    case 'Union':
    case 'Unnest':
      return node.inputs.every(onlyComes)
    default:
      return false
  }
}
