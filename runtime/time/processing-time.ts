import type { Clock } from '../contract/index.ts'

/** How fast processing time goes while it is ahead of the clock. */
const CATCHING_UP = 0.5
/** A clock that is so many ms off what has passed was set. */
const LEAP = 10_000

/**
 * The time of the machine's clock, which somebody may set. Where it was set back, time goes on at half its speed until the clock has
 * caught up: windows that were told are not told again, and those that are open still close.
 */
export class ProcessingTime {
  readonly #clock: Clock
  readonly #leapt: (ms: number) => void
  /** What the clock said, how long it had run then, and what time was made of it. */
  #shown: number
  #elapsed: number
  #now: number

  /** `leapt` is told of a clock that was set, by how many ms. */
  constructor(clock: Clock, leapt: (ms: number) => void) {
    this.#clock = clock
    this.#leapt = leapt
    this.#shown = this.#now = clock.now()
    this.#elapsed = clock.elapsed()
  }

  /** Somebody was told that it is so late. Answers what it is. */
  reach(time: number): number {
    this.#now = Math.max(this.#now, time)
    return Math.floor(this.#now)
  }

  /** In ms since the epoch; never less than before. */
  tick(): number {
    const shown = this.#clock.now()
    const elapsed = this.#clock.elapsed()
    const passed = elapsed - this.#elapsed
    const leap = shown - this.#shown - passed
    if (Math.abs(leap) >= LEAP) this.#leapt(leap)
    this.#shown = shown
    this.#elapsed = elapsed
    this.#now = Math.max(shown, this.#now + CATCHING_UP * passed)
    return Math.floor(this.#now)
  }
}
