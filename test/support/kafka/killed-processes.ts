import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../functions/random-value.ts'
import type { RunningPipeline } from './executable.ts'

/** For brokers of tests that kill processes: a transaction that one has left open is aborted soon. */
export const ABORT_SOON: Readonly<Record<string, string>> = {
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300'
}

/** Two processes of one pipeline, one of which is killed at any moment and starts again. */
export class KilledProcesses {
  readonly #start: () => RunningPipeline
  readonly #random: Random
  readonly both: RunningPipeline[]

  constructor(start: () => RunningPipeline, random: Random) {
    this.#start = start
    this.#random = random
    this.both = [start(), start()]
  }

  /** Kills one within so many ms, while `work` goes on; resolves with which it was when that is done. */
  async killOne(work: Promise<void>, within = 2500): Promise<number> {
    await sleep(this.#random(within))
    const victim = this.#random(2)
    await this.kill(victim)
    this.both[victim] = this.#start()
    await work
    return victim
  }

  async kill(which: number): Promise<void> {
    const one = this.both[which]!
    assert.equal(await one.exit('SIGKILL'), null, one.text())
  }

  async started(): Promise<void> {
    for (const one of this.both) await one.logged('started')
  }

  async drain(): Promise<void> {
    await this.started()
    for (const one of this.both) assert.equal(await one.exit('SIGTERM'), 0, one.text())
  }
}
