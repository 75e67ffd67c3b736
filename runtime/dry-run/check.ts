import type { EnvironmentError } from '../observe/environment-error.ts'

/** What a pipeline needs, and whether it is there. */
export interface Check {
  /** 'topic'. */
  readonly what: string
  /** Which one, and of what: 'payments of source "p"'. */
  readonly subject: string
  /** `unknown`: nobody could be asked. */
  readonly verdict: 'ok' | 'failed' | 'unknown'
  readonly says: string
  /** What to do where it failed; null where it did not. */
  readonly fix: string | null
}

export function ok(what: string, subject: string, says: string): Check {
  return { what, subject, verdict: 'ok', says, fix: null }
}

export function failed(what: string, subject: string, says: string, fix: string): Check {
  return { what, subject, verdict: 'failed', says, fix }
}

/** `fix`: where the error itself has none. */
export function failedBy(
  { message, hint }: EnvironmentError,
  what: string,
  subject: string,
  fix: string
): Check {
  return failed(what, subject, message, hint ?? fix)
}

export function unknown(what: string, subject: string, says: string): Check {
  return { what, subject, verdict: 'unknown', says, fix: null }
}
