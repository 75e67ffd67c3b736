/** What is wrong is outside of the pipeline: brokers, topics, ports, variables. Exit code 3, no stack trace. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly hint: string | null

  constructor(message: string, hint: string | null = null) {
    super(message)
    this.hint = hint
  }
}
