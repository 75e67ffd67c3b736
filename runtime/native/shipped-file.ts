import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { openPayload, readEntry } from './payload.ts'

/** What goes along with a pipeline: from the executable's payload, or from beside `pipeline.mjs`. Throws where it is not there. */
export function readShipped(name: string): Uint8Array {
  if (!isSea()) return readFileSync(join(import.meta.dirname, name))
  const bytes = readEntry(openPayload(), name)
  if (bytes === null) throw new Error(`${name} is not in this executable`)
  return bytes
}
