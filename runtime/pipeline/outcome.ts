import type { StatementAnswer } from '../contract/index.ts'

/** `later`: the statement waits for a source, which needs the lock meanwhile. */
export type Outcome = StatementAnswer | { readonly later: Promise<StatementAnswer> }
