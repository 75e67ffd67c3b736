/** A record stopped the pipeline, as its ON ERROR says. Exit code 1. */
export class StoppedByRecord extends Error {
  override readonly name = 'StoppedByRecord'
  /** A sink's brokers refused it: what was read since the last commit is not done. Otherwise all before its batch is. */
  readonly wasSent: boolean

  constructor(message: string, wasSent = false) {
    super(message)
    this.wasSent = wasSent
  }
}
