import { performance, PerformanceObserver } from 'node:perf_hooks'
import { doing, numberOf, type Part, PARTS } from './doing.ts'
import type { WorkTimes } from './snapshot.ts'

/** Between two looks, in ms, on average: with chance in it, so that no work that comes at even times is always met or always missed. */
const PAUSE = 2
/** Nobody asks for longer at once, in s. */
const MOST_SECONDS = 120
/** What the thread does that looks: it stays, since a second one would take as much memory as the first. */
const REST = 0
const LOOK = 1

/** That thread. `counts`: how often it has found each number, from the lowest one on; `seconds`: for how long it has looked. */
const looker = `
const { doing, counts, seconds, order, lowest } = require('node:worker_threads').workerData
let last = performance.now()
for (;;) {
  if (Atomics.load(order, 0) === ${REST}) {
    Atomics.wait(order, 0, ${REST})
    last = performance.now()
  }
  Atomics.wait(order, 0, ${LOOK}, ${PAUSE} * (0.5 + Math.random()))
  if (Atomics.load(order, 0) === ${REST}) continue
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
  readonly #order = new Int32Array(new SharedArrayBuffer(4))
  #hasThread = false
  #until = 0
  readonly #collections = new PerformanceObserver(list => {
    for (const { duration } of list.getEntries()) this.#collecting += duration
  })
  #collecting = 0
  /** For how long the loop has worked while the thread looked, in ms. */
  #active = 0
  /** The same of the process, when the thread began to look; null: it does not. */
  #before: number | null = null

  /** `operators`: the highest number of one. */
  constructor(operators: number) {
    this.#counts = new Float64Array(new SharedArrayBuffer(8 * (operators + 1 + PARTS.length)))
  }

  /** Looks for so many seconds from now on, or as long as was asked for before. */
  measure(seconds: number): void {
    const isLooking = this.#until > 0
    const until = performance.now() + Math.min(MOST_SECONDS, seconds) * 1000
    if (!(until > this.#until)) return
    this.#until = until
    if (isLooking) return
    this.#collections.observe({ entryTypes: ['gc'] })
    Atomics.store(this.#order, 0, LOOK)
    Atomics.notify(this.#order, 0)
    if (this.#hasThread) this.#before = activeTime()
    else this.#start()
    this.#endInTime()
  }

  #start(): void {
    this.#hasThread = true
    const [counts, seconds, order] = [this.#counts, this.#seconds, this.#order]
    // Node loads it for 2 ms: only where somebody asks.
    const { Worker } = process.getBuiltinModule('node:worker_threads')
    const worker = new Worker(looker, {
      workerData: { doing, counts, seconds, order, lowest: this.#lowest },
      ...{ eval: true, execArgv: [], env: {}, name: 'work-sampler' },
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 }
    })
    worker.unref()
    // Without it nothing is measured, and everything else goes on.
    worker.on('error', () => {})
    worker.once('online', () => {
      if (this.#until > 0) this.#before = activeTime()
    })
  }

  #endInTime(): void {
    const left = this.#until - performance.now()
    if (left > 0) setTimeout(() => this.#endInTime(), left).unref()
    else this.#end()
  }

  #end(): void {
    this.#until = 0
    this.#active = this.#activeSoFar()
    this.#before = null
    this.#collections.disconnect()
    Atomics.store(this.#order, 0, REST)
    Atomics.notify(this.#order, 0)
  }

  #activeSoFar(): number {
    return this.#active + (this.#before === null ? 0 : activeTime() - this.#before)
  }

  /** All that has been found since the process began. */
  snapshot(): WorkTimes {
    const counts = [...this.#counts]
    const of = (number: number): number => counts[number - this.#lowest]!
    return {
      seconds: this.#seconds[0]!,
      looks: counts.reduce((sum, count) => sum + count, 0),
      busySeconds: this.#activeSoFar() / 1000,
      collectingSeconds: this.#collecting / 1000,
      operators: counts
        .map((_, at) => at + this.#lowest)
        .filter(number => number > 0)
        .map(id => ({ id, looks: of(id) })),
      parts: PARTS.map((part: Part) => ({ part, looks: of(numberOf(part)) }))
    }
  }
}

/** For how long this thread's event loop has not waited, in ms. */
function activeTime(): number {
  return performance.eventLoopUtilization().active
}
