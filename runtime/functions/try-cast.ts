import { isSqlFailure } from '../sql/failure.ts'

/** TRY_CAST: the cast's value, or NULL where it fails; NULL stays NULL. `options` stand between the value and the site: precision and scale. */
export function tryCast<From, Options extends readonly number[], To>(
  cast: (value: From, ...rest: [...Options, number]) => To,
  value: From | null,
  ...options: Options
): To | null {
  if (value === null) return null
  try {
    return cast(value, ...options, -1)
  } catch (error) {
    if (isSqlFailure(error)) return null
    throw error
  }
}
