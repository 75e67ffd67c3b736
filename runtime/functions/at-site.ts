import { failure, isSqlFailure } from '../sql/failure.ts'
import { ValueError } from '../sql/value-error.ts'

/**
 * The failure of a row, at its place in the SQL, for what a function of runtime/sql threw; anything else is a bug and stays what it is.
 * Each function that has a place catches by itself: one that did it for others would know of none what it is called with.
 */
export function atSite(error: unknown, site: number): unknown {
  if (error instanceof ValueError) return failure(site, error.code, error.message)
  return isSqlFailure(error) ? { ...error, site } : error
}
