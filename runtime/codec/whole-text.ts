import type { Batch } from '../contract/index.ts'

const decoder = new TextDecoder('utf-8', { fatal: false })

/** The record's whole value as text; null for a null value. What is not UTF-8 becomes U+FFFD. */
export function valueText(batch: Batch, record: number): string | null {
  const start = batch.valueStart[record]!
  return start < 0 ? null : decoder.decode(batch.bytes.subarray(start, batch.valueEnd[record]!))
}

/** The record's key as text; null for a null key. */
export function keyText(batch: Batch, record: number): string | null {
  const start = batch.keyStart[record]!
  return start < 0 ? null : decoder.decode(batch.bytes.subarray(start, batch.keyEnd[record]!))
}
