import { isSqlFailure } from '../sql/failure.ts'

/** TRY_CAST: the cast's value, or NULL where it fails; NULL stays NULL. */
export function tryCast<From, To>(
  cast: (value: From, site: number) => To,
  value: From | null
): To | null {
  if (value === null) return null
  try {
    return cast(value, -1)
  } catch (error) {
    if (isSqlFailure(error)) return null
    throw error
  }
}
