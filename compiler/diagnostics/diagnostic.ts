import type { Span } from '../source/index.ts'

/** What the compiler says of a script: a value, made by a factory, collected in the session. */
export interface Diagnostic {
  /** Unique, kebab-case, never reused. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** No position, no code, no full stop: the renderer adds them. */
  readonly message: string
  readonly detail?: string
  /** What to do, in full sentences. */
  readonly hint?: string
  readonly span: Span | null
  readonly related?: readonly { readonly message: string; readonly span: Span }[]
}
