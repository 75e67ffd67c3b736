/** One process of several has ended by itself, and takes the others along. */
export class WorkerEnded extends Error {
  /** What its exit code says. */
  readonly exitCode: number

  constructor(worker: number, exitCode: number | null) {
    super(`worker ${worker} has ended`)
    // After a signal there is none: whoever starts it again has to do so, as after a failure of the machine.
    this.exitCode = exitCode ?? 3
  }
}
