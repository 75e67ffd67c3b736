import type { Span } from '../source/index.ts'

/** A bug in the compiler, never of the script: the command line turns it into exit code 4. */
export class InternalError extends Error {
  override readonly name = 'InternalError'
  readonly span: Span | null

  constructor(message: string, span: Span | null) {
    super(message)
    this.span = span
  }
}

export function invariant(
  condition: boolean,
  message: string,
  span: Span | null = null
): asserts condition {
  if (!condition) throw new InternalError(message, span)
}
