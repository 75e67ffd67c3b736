/**
 * Memory that nobody uses now, for what comes next: to ask the system for a megabyte again and again costs more than to fill it, and
 * V8 looks for garbage most of the time where it is new each time, since it counts what lies outside of its heap.
 */
export class SpareMemory<Memory> {
  readonly #mostBytes: number
  readonly #sizeOf: (memory: Memory) => number
  #free: Memory[] = []
  #bytes = 0

  /** `mostBytes`: more is given back to the system. `sizeOf`: in bytes. */
  constructor(mostBytes: number, sizeOf: (memory: Memory) => number) {
    this.#mostBytes = mostBytes
    this.#sizeOf = sizeOf
  }

  /** What was given last; null: there is none. */
  take(): Memory | null {
    const memory = this.#free.pop()
    if (memory === undefined) return null
    this.#bytes -= this.#sizeOf(memory)
    return memory
  }

  give(memory: Memory): void {
    const size = this.#sizeOf(memory)
    if (this.#bytes + size > this.#mostBytes) return
    this.#free.push(memory)
    this.#bytes += size
  }

  clear(): void {
    this.#free = []
    this.#bytes = 0
  }
}
