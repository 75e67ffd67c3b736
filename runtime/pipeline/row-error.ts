import type { RecordError } from '../contract/index.ts'
import { LATE } from '../observe/error-counts.ts'
import { isSqlFailure } from '../sql/failure.ts'

/** What a caught failure of an expression says of its record. Anything else is a bug: it is thrown on and stops the pipeline. */
export function rowError(error: unknown): RecordError {
  if (!isSqlFailure(error)) throw error
  const { code, message, site } = error
  return { code, message, column: null, site }
}

/** A result that JSON has no number for. */
export function notFinite(site: number): RecordError {
  const message = 'the result is NaN or infinite, which JSON cannot say'
  return { code: 'not-finite', message, column: null, site }
}

/** A result that protobuf has no way to say. */
export function nullElement(site: number): RecordError {
  const message = 'an element of an array, or a value of a map, is NULL, which protobuf cannot say'
  return { code: 'null-element', message, column: null, site }
}

export function lateRow(site: number): RecordError {
  return { code: LATE, message: 'its window has closed', column: null, site }
}

export function noEventTime(site: number): RecordError {
  return {
    code: 'null-event-time',
    message: 'a row without a time is in no window',
    column: null,
    site
  }
}

/** A time that would close windows long before they are over. */
export function tooFarInFuture(site: number): RecordError {
  const message = 'its time is further in the future than MAX FUTURE SKEW allows'
  return { code: 'future-event', message, column: null, site }
}
