import { createHash } from 'node:crypto'

/** Tells layouts of a state apart: rows of one can't be read as rows of another. */
export function layoutFingerprint(layout: unknown): string {
  return createHash('sha256').update(JSON.stringify(layout)).digest('hex').slice(0, 16)
}
