import type { Batch } from '../contract/index.ts'
import { Bad, DecodeStatus, failure, NO_COLUMN } from './failure.ts'
import { isUtf8Range } from './utf8.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether `valueText` may be called: the value is UTF-8, and there where the column `column` is NOT NULL. */
export function valueStatus(
  batch: Batch,
  record: number,
  column: number,
  notNull: boolean
): DecodeStatus {
  const start = batch.valueStart[record]!
  if (start < 0) return notNull ? failure(Bad.missing, column) : DecodeStatus.Ok
  const isUtf8 = batch.utf8 || isUtf8Range(batch.bytes, start, batch.valueEnd[record]!)
  return isUtf8 ? DecodeStatus.Ok : failure(Bad.utf8, NO_COLUMN)
}

/** As `valueStatus`, for `keyText`. */
export function keyStatus(
  batch: Batch,
  record: number,
  column: number,
  notNull: boolean
): DecodeStatus {
  const start = batch.keyStart[record]!
  if (start < 0) return notNull ? failure(Bad.missing, column) : DecodeStatus.Ok
  const isUtf8 = isUtf8Range(batch.bytes, start, batch.keyEnd[record]!)
  return isUtf8 ? DecodeStatus.Ok : failure(Bad.utf8, column)
}

/** The record's whole value as text; null for a null value. */
export function valueText(batch: Batch, record: number): string | null {
  const start = batch.valueStart[record]!
  return start < 0 ? null : decoder.decode(batch.bytes.subarray(start, batch.valueEnd[record]!))
}

/** The record's key as text; null for a null key. */
export function keyText(batch: Batch, record: number): string | null {
  const start = batch.keyStart[record]!
  return start < 0 ? null : decoder.decode(batch.bytes.subarray(start, batch.keyEnd[record]!))
}
