/** A record stopped the pipeline, as its ON ERROR says. Exit code 1. */
export class StoppedByRecord extends Error {
  override readonly name = 'StoppedByRecord'
}
