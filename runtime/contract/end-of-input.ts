/** What the process that started a pipeline sends over Node's channel, and gets back when all is told that waited. */
export interface EndOfInput {
  /** Sources that bring nothing more. */
  readonly ended: readonly string[]
}
