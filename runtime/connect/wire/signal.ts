/** What several wait for, until it happens or time is up. */
export class Signal {
  #waiting: (() => void)[] = []

  /** Resolves at the next `give`, or after `ms`. */
  wait(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
      // Those whose time was up are forgotten at the next `give`; without one they would pile up.
      if (this.#waiting.length > MOST_WAITING) this.give()
    })
  }

  give(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }
}

/** More only where nothing happens for long; who is woken for nothing waits again. */
const MOST_WAITING = 64
