/**
 * An expression that can't be computed for a row: division by zero, overflow, a cast that does not fit. Thrown once per
 * bad row and turned into a rejected record, so it carries no stack trace: making one costs more than the row.
 */
export interface SqlFailure {
  readonly kind: 'SqlFailure'
  /** Kebab-case: goes to metrics and dead letters. */
  readonly code: string
  readonly message: string
  /** Index in `PipelineDefinition.sites`. */
  readonly site: number
}

/** A failure to throw, at a place in the SQL. */
export function failure(site: number, code: string, message: string): SqlFailure {
  return { kind: 'SqlFailure', code, message, site }
}

/** Tells a row's failure from a bug: the latter must never be taken for a bad record. */
export function isSqlFailure(thrown: unknown): thrown is SqlFailure {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    (thrown as { kind?: unknown }).kind === 'SqlFailure'
  )
}
