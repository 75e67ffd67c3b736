/** Whether a pipeline is to end, and what has failed. */
export class PipelineEnd {
  #isStopping = false
  #failure: Error | null = null
  readonly #reached = Promise.withResolvers<undefined>()

  /** Resolves when it is to end. */
  get reached(): Promise<undefined> {
    return this.#reached.promise
  }

  /** Whether somebody wants it to end. */
  get isStopping(): boolean {
    return this.#isStopping
  }

  /** The first thing that has failed. */
  get failure(): Error | null {
    return this.#failure
  }

  /** Whether nothing more is to be read. */
  get isOver(): boolean {
    return this.#isStopping || this.#failure !== null
  }

  stop(): void {
    this.#isStopping = true
    this.#reached.resolve(undefined)
  }

  fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
    this.#reached.resolve(undefined)
  }

  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure
  }

  /** Does what is left to do in spite of what has failed: what fails there comes before it. */
  async inSpite(work: () => Promise<void>): Promise<void> {
    const failure = this.#failure
    this.#failure = null
    await work()
    this.#failure ??= failure
  }
}
