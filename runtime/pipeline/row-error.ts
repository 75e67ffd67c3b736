import type { RecordError } from '../contract/index.ts'
import { failure, isSqlFailure } from '../sql/failure.ts'

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

/** The same for a row of a table, which comes from no record. */
export function failNotFinite(site: number): never {
  const { code, message } = notFinite(site)
  throw failure(site, code, message)
}
