import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { openPayload, readEntry } from './payload.ts'

/** A model's bytes by its hash: from the executable's payload, or from `models/` beside `pipeline.mjs`. */
export function readModel(sha256: string): Uint8Array {
  const name = `models/${sha256}.onnx`
  if (!isSea()) return readFileSync(join(import.meta.dirname, name))
  const bytes = readEntry(openPayload(), name)
  if (bytes === null) throw new Error(`${name} is not in this executable`)
  return bytes
}
