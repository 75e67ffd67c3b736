/** What a pipeline needs, and whether it is there. */
export interface Check {
  /** 'topic'. */
  readonly what: string
  /** Which one, and of what: 'payments of source "p"'. */
  readonly subject: string
  /** `unknown`: nobody could be asked. */
  readonly verdict: 'ok' | 'failed' | 'unknown'
  readonly says: string
  /** What to do where it failed. */
  readonly fix: string | null
}

export function ok(what: string, subject: string, says: string): Check {
  return { what, subject, verdict: 'ok', says, fix: null }
}

export function failed(what: string, subject: string, says: string, fix: string | null): Check {
  return { what, subject, verdict: 'failed', says, fix }
}

export function unknown(what: string, subject: string, says: string): Check {
  return { what, subject, verdict: 'unknown', says, fix: null }
}
