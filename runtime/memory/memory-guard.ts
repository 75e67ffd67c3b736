import { setFlagsFromString, getHeapStatistics } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { MemoryExhausted } from '../observe/memory-exhausted.ts'
import type { MemorySnapshot, StateSnapshot } from '../observe/snapshot.ts'
import { explainExhausted } from './explain-exhausted.ts'
import { makeResidentReader } from './resident.ts'

/** What a process uses, in bytes. */
export interface MemoryUse {
  /** Of the machine's memory. */
  readonly resident: number
  /** Of what V8 may use for objects, 0 to 1. */
  readonly heap: number
}

/** How the guard sees and frees memory; tests bring their own. */
export interface MemoryHost {
  elapsed(): number
  measure(): MemoryUse
  /** Frees what nobody holds. */
  collect(): void
}

/** Between two looks, in ms: one costs some 10 us. */
const LOOK_INTERVAL = 20
/** What a batch may take before anybody looks again. */
const LEAST_MARGIN = 24 << 20
const MARGIN = 1 / 10
/** More of V8's heap: it would end the process soon. */
const FULL_HEAP = 0.85
/** Of both there has to be so much less before reading goes on. */
const RELEASED = 0.95

/** Sees to it that a process keeps to its limit: says when nothing more is to be read, and gives back what nobody needs. */
export class MemoryGuard {
  readonly limit: number
  readonly #host: MemoryHost
  readonly #high: number
  #use: MemoryUse
  #nextLook = 0
  #isScarce = false
  #pauses = 0
  /** When the first of those began that wait now, and the time that earlier ones took. */
  #since = 0
  #paused = 0
  readonly #states = new Set<() => readonly StateSnapshot[]>()
  readonly #isStored: boolean
  readonly #processes: number

  /** `isStored`: of state only the rows in use are in memory. `processes`: how many have such a limit each. */
  constructor(limit: number, isStored: boolean, host: MemoryHost, processes = 1) {
    this.limit = limit
    this.#processes = processes
    this.#isStored = isStored
    this.#host = host
    this.#high = limit - Math.max(LEAST_MARGIN, limit * MARGIN)
    this.#use = host.measure()
  }

  /** Whether nothing more is to be read. Once it is, until there is some room again. */
  get isScarce(): boolean {
    const now = this.#host.elapsed()
    if (now >= this.#nextLook) this.#look(now)
    return this.#isScarce
  }

  #look(now: number): void {
    this.#nextLook = now + LOOK_INTERVAL
    this.#use = this.#host.measure()
    const part = this.#isScarce ? RELEASED : 1
    const { resident, heap } = this.#use
    this.#isScarce = resident > this.#high * part || heap > FULL_HEAP * part
  }

  /** Frees what nobody holds: it takes longer the more is held. Answers whether there is room now. */
  collect(): boolean {
    this.#host.collect()
    this.#look(this.#host.elapsed())
    return !this.#isScarce
  }

  /** State that is in memory; answers what says that it is gone. */
  watch(states: () => readonly StateSnapshot[]): () => void {
    this.#states.add(states)
    return () => void this.#states.delete(states)
  }

  /** Says how much more is needed for what is held now. */
  exhausted(): MemoryExhausted {
    const { resident, heap } = this.#use
    const part = Math.max(resident / this.#high, heap / FULL_HEAP) / RELEASED
    return explainExhausted({
      limit: this.limit,
      needed: this.limit * part,
      states: [...this.#states].flatMap(states => states()),
      isStored: this.#isStored,
      processes: this.#processes
    })
  }

  /** For as long as `wait` takes, somebody reads nothing. */
  async pause(wait: () => Promise<void>): Promise<void> {
    if (this.#pauses++ === 0) this.#since = this.#host.elapsed()
    try {
      await wait()
    } finally {
      if (--this.#pauses === 0) this.#paused += this.#host.elapsed() - this.#since
    }
  }

  snapshot(): MemorySnapshot {
    const now = this.#host.elapsed()
    const paused = this.#paused + (this.#pauses === 0 ? 0 : now - this.#since)
    const { resident } = this.#use
    return { process: process.pid, limit: this.limit, used: resident, pausedSeconds: paused / 1000 }
  }
}

/**
 * `isStored`: state is in a file that is mapped to memory: the system takes its pages back by itself where it needs them. `trim` gives back
 * what the C library keeps for later.
 */
export function guardProcess(
  limit: number,
  isStored: boolean,
  processes: number,
  trim: () => boolean
): MemoryGuard {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as NodeJS.GCFunction
  const resident = isStored ? makeResidentReader() : () => process.memoryUsage.rss()
  const host: MemoryHost = {
    elapsed: () => performance.now(),
    measure: () => {
      const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics()
      return { resident: resident(), heap: used / most }
    },
    collect: () => {
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
      trim()
    }
  }
  return new MemoryGuard(limit, isStored, host, processes)
}
