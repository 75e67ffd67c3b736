/** A value that SQL can't compute: the row is an error row with this code and message. */
export class ValueError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.name = 'ValueError'
    this.code = code
  }
}
