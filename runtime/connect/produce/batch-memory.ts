/** Memory of batches that have arrived, for the next ones: to ask the system for a megabyte again and again costs more than to fill it. */
export class BatchMemory {
  readonly #mostBytes: number
  readonly #free: Buffer[] = []
  #bytes = 0

  /** `mostBytes`: more is given back to the system. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** Null: there is none. */
  take(): Buffer | null {
    const memory = this.#free.pop() ?? null
    this.#bytes -= memory?.length ?? 0
    return memory
  }

  give(memory: Buffer): void {
    if (this.#bytes + memory.length > this.#mostBytes) return
    this.#free.push(memory)
    this.#bytes += memory.length
  }
}
