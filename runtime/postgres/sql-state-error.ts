/** A statement that fails, with the code that drivers go by: https://www.postgresql.org/docs/15/errcodes-appendix.html */
export class SqlStateError extends Error {
  readonly sqlState: string
  readonly hint: string | null

  constructor(sqlState: string, message: string, hint: string | null = null) {
    super(message)
    this.sqlState = sqlState
    this.hint = hint
  }
}
