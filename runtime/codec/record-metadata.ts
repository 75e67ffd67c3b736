import type { Batch } from '../contract/index.ts'
import { Bad, DecodeStatus, failure } from './failure.ts'
import { isUtf8Range } from './utf8.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether the key may be read where the column `column` is NOT NULL. */
export function keyBytesStatus(
  batch: Batch,
  record: number,
  column: number,
  notNull: boolean
): DecodeStatus {
  const isMissing = notNull && batch.keyStart[record]! < 0
  return isMissing ? failure(Bad.missing, column) : DecodeStatus.Ok
}

/** The record's key, in memory of its own; null for a null key. */
export function keyBytes(batch: Batch, record: number): Uint8Array | null {
  const start = batch.keyStart[record]!
  return start < 0 ? null : new Uint8Array(batch.bytes.subarray(start, batch.keyEnd[record]!))
}

/** As `keyBytesStatus`, for the record's whole value. */
export function valueBytesStatus(
  batch: Batch,
  record: number,
  column: number,
  notNull: boolean
): DecodeStatus {
  const isMissing = notNull && batch.valueStart[record]! < 0
  return isMissing ? failure(Bad.missing, column) : DecodeStatus.Ok
}

/** The record's whole value, in memory of its own; null for a null value. */
export function valueBytes(batch: Batch, record: number): Uint8Array | null {
  const start = batch.valueStart[record]!
  return start < 0 ? null : new Uint8Array(batch.bytes.subarray(start, batch.valueEnd[record]!))
}

/** Whether `headerTexts` may be called: all headers are UTF-8. */
export function headersStatus(batch: Batch, record: number, column: number): DecodeStatus {
  const isText = batch
    .headers(record)
    .every(({ value }) => value === null || isUtf8Range(value, 0, value.length))
  return isText ? DecodeStatus.Ok : failure(Bad.utf8, column)
}

/** The record's headers as texts; of several of one name the last counts. */
export function headerTexts(batch: Batch, record: number): ReadonlyMap<string, string | null> {
  return readHeaders(batch, record, value => decoder.decode(value))
}

/** The record's headers as they are, in memory of their own. */
export function headerBytes(batch: Batch, record: number): ReadonlyMap<string, Uint8Array | null> {
  return readHeaders(batch, record, value => new Uint8Array(value))
}

function readHeaders<T>(
  batch: Batch,
  record: number,
  read: (value: Uint8Array) => T
): ReadonlyMap<string, T | null> {
  const map = new Map<string, T | null>()
  for (const { key, value } of batch.headers(record)) {
    map.set(key, value === null ? null : read(value))
  }
  return map
}
