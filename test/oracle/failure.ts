/** What a row or record fails with; `code` is the one that dead letters and metrics carry. */
export class Failure extends Error {
  readonly code: string
  readonly column: string | null
  constructor(code: string, message: string, column: string | null = null) {
    super(message)
    this.code = code
    this.column = column
  }
}
