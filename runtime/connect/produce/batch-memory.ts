/** More is given back to the system, in bytes. */
const MOST_BYTES = 8 << 20

/** Memory of batches that have arrived, for the next ones: to ask the system for a megabyte again and again costs more than to fill it. */
export class BatchMemory {
  readonly #free: Buffer[] = []
  #bytes = 0

  /** Null: there is none. */
  take(): Buffer | null {
    const memory = this.#free.pop() ?? null
    this.#bytes -= memory?.length ?? 0
    return memory
  }

  give(memory: Buffer): void {
    if (this.#bytes + memory.length > MOST_BYTES) return
    this.#free.push(memory)
    this.#bytes += memory.length
  }
}
