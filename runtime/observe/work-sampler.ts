import { performance, PerformanceObserver } from 'node:perf_hooks'
import { Worker } from 'node:worker_threads'
import { doing, numberOf, type Part, PARTS } from './doing.ts'
import type { WorkTimes } from './snapshot.ts'

/** Between two looks, in ms, on average: with chance in it, so that no work that comes at even times is always met or always missed. */
const PAUSE = 1
/** Nobody asks for longer at once, in s. */
const MOST_SECONDS = 120

/**
 * The thread that looks. `counts`: how often it has found each number, from the lowest one on; `seconds`: for how long it has looked;
 * `state[0]`: 1 ends it.
 */
const looker = `
const { doing, counts, seconds, state, lowest, pause } = require('node:worker_threads').workerData
let last = performance.now()
while (Atomics.wait(state, 0, 0, pause * (0.5 + Math.random())) === 'timed-out') {
  const at = doing[0] - lowest
  if (at >= 0 && at < counts.length) counts[at]++
  const now = performance.now()
  seconds[0] += (now - last) / 1000
  last = now
}
`

/** Finds out where the time of this process goes: by looks from another thread, as long as somebody wants to know. */
export class WorkSampler {
  readonly #lowest = -PARTS.length
  readonly #counts: Float64Array
  readonly #seconds = new Float64Array(new SharedArrayBuffer(8))
  readonly #state = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | null = null
  #collections: PerformanceObserver | null = null
  #until = 0
  /** Of what is over, in ms. */
  #active = 0
  #collecting = 0
  #began: { readonly active: number } | null = null

  /** `operators`: the highest number of one. */
  constructor(operators: number) {
    this.#counts = new Float64Array(new SharedArrayBuffer(8 * (operators + 1 + PARTS.length)))
  }

  /** Looks for so many seconds from now on, or as long as was asked for before. */
  measure(seconds: number): void {
    const until = performance.now() + Math.min(MOST_SECONDS, seconds) * 1000
    if (!(until > this.#until)) return
    this.#until = until
    if (this.#worker === null) this.#begin()
  }

  #begin(): void {
    Atomics.store(this.#state, 0, 0)
    const [counts, seconds, state] = [this.#counts, this.#seconds, this.#state]
    const workerData = { doing, counts, seconds, state, lowest: this.#lowest, pause: PAUSE }
    const worker = new Worker(looker, {
      ...{ eval: true, workerData, execArgv: [], env: {}, name: 'work-sampler' },
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 }
    })
    this.#worker = worker
    worker.unref()
    // Without it nothing is measured, and everything else goes on.
    worker.on('error', () => {})
    worker.once('online', () => void (this.#began = { active: activeTime() }))
    const collections = new PerformanceObserver(list => {
      for (const { duration } of list.getEntries()) this.#collecting += duration
    })
    collections.observe({ entryTypes: ['gc'] })
    this.#collections = collections
    const endInTime = (): void => {
      const left = this.#until - performance.now()
      if (left > 0) setTimeout(endInTime, left).unref()
      else this.end()
    }
    endInTime()
  }

  /** Nobody wants to know any more. */
  end(): void {
    this.#collections?.disconnect()
    this.#active = this.#activeSoFar()
    this.#began = null
    this.#until = 0
    Atomics.store(this.#state, 0, 1)
    Atomics.notify(this.#state, 0)
    this.#worker = null
  }

  #activeSoFar(): number {
    return this.#active + (this.#began === null ? 0 : activeTime() - this.#began.active)
  }

  /** All that has been found since the process began. */
  snapshot(): WorkTimes {
    const counts = [...this.#counts]
    const looks = counts.reduce((sum, count) => sum + count, 0)
    const seconds = this.#seconds[0]!
    const each = looks === 0 ? 0 : seconds / looks
    const of = (number: number): number => counts[number - this.#lowest]! * each
    return {
      seconds,
      busySeconds: this.#activeSoFar() / 1000,
      collectingSeconds: this.#collecting / 1000,
      operators: counts
        .map((_, at) => at + this.#lowest)
        .filter(number => number > 0)
        .map(id => ({ id, seconds: of(id) })),
      parts: PARTS.map((part: Part) => ({ part, seconds: of(numberOf(part)) }))
    }
  }
}

/** For how long this thread's event loop has not waited, in ms. */
function activeTime(): number {
  return performance.eventLoopUtilization().active
}
