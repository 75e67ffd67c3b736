import { createHash } from 'node:crypto'
import type { TableDefinition } from '../contract/index.ts'

/** Tells layouts of a table's state apart: rows of one can't be read as rows of another. */
export function tableFingerprint({ columns, key }: TableDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify([columns, key]))
    .digest('hex')
    .slice(0, 16)
}
