import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

/** `what`: the operator, as the subject of a sentence. `reason`: the end of one. */
export function stateStaysInMemory(what: string, reason: string, span: Span) {
  return {
    code: 'state-stays-in-memory',
    severity: 'error',
    span,
    message: `${what} is kept in memory, which SET state = 'lmdb' forbids`,
    detail: `it ${reason}`,
    hint: "Leave SET state = 'lmdb' out, or write the query without it."
  } satisfies Diagnostic
}
