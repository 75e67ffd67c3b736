import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { ProcessSnapshot } from './snapshot.ts'
import { WorkSampler } from './work-sampler.ts'

/** What is told is of the last so many ms, at least. */
const PERIOD = 10_000
/** How often the loop is asked, in ms. */
const RESOLUTION = 20
const NANOSECONDS = 1e9

/** How late the process's event loop gets to things, how long it has worked, counted from now on, and what at. */
export class EventLoop {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION })
  #since = performance.now()
  /** Of the period before. */
  #last: ProcessSnapshot['delay'] | null = null

  readonly #work: WorkSampler

  /** `operators`: the highest number of one in the plan. */
  constructor(operators: number) {
    this.#histogram.enable()
    this.#work = new WorkSampler(operators)
  }

  /** From now on, for so many seconds, somebody wants to know what the process is at. */
  measure(seconds: number): void {
    this.#work.measure(seconds)
  }

  snapshot(): ProcessSnapshot {
    const current = this.#delay()
    if (performance.now() - this.#since >= PERIOD) {
      this.#last = current
      this.#since = performance.now()
      this.#histogram.reset()
    }
    const busySeconds = performance.eventLoopUtilization().active / 1000
    const delay = this.#last ?? current
    return { process: process.pid, delay, busySeconds, work: this.#work.snapshot() }
  }

  /** What goes beyond the time that the loop was to be asked again in. */
  #delay(): ProcessSnapshot['delay'] {
    const seconds = (nanoseconds: number): number =>
      Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION / 1000)
    const { count } = this.#histogram
    if (count === 0) return { median: 0, p99: 0 }
    return {
      median: seconds(this.#histogram.percentile(50)),
      p99: seconds(this.#histogram.percentile(99))
    }
  }
}
