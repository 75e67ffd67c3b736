import { readdirSync, readFileSync } from 'node:fs'
import type { RunningPipeline } from '../support/kafka/executable.ts'
import { type Sample, slopeOf } from './slope.ts'

/** What a process has open, as far as it should not become more. */
export interface Handles {
  readonly files: number
  readonly threads: number
  /** Of Node's event loop. */
  readonly active: number
}

const INTERVAL = 1000
const MEGABYTE = 1024

/** A pipeline whose memory is looked at all the time. */
export class WatchedProcess {
  readonly name: string
  readonly pipeline: RunningPipeline
  readonly #samples: Sample[] = []
  readonly #timer: NodeJS.Timeout

  constructor(name: string, pipeline: RunningPipeline) {
    this.name = name
    this.pipeline = pipeline
    this.#timer = setInterval(() => {
      const value = this.#status('VmRSS') / MEGABYTE
      if (value > 0) this.#samples.push({ at: performance.now() / 1000, value })
    }, INTERVAL)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** 0: the process has ended. */
  #status(field: string): number {
    try {
      const text = readFileSync(`/proc/${this.pipeline.pid}/status`, 'latin1')
      return Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0)
    } catch {
      return 0
    }
  }

  /** In MB, now. */
  get resident(): number {
    return this.#status('VmRSS') / MEGABYTE
  }

  /** Of the second half of the time since it was first looked at, in MB per hour. */
  get slope(): number {
    return slopeOf(this.#secondHalf) * 3600
  }

  /** By how much it grew in that time by that slope, in MB. */
  get drift(): number {
    const half = this.#secondHalf
    return half.length === 0 ? 0 : slopeOf(half) * (half.at(-1)!.at - half[0]!.at)
  }

  get #secondHalf(): readonly Sample[] {
    const [first, last] = [this.#samples[0]?.at ?? 0, this.#samples.at(-1)?.at ?? 0]
    return this.#samples.filter(({ at }) => at >= (first + last) / 2)
  }

  async handles(): Promise<Handles> {
    const { text } = await this.pipeline.page('/metrics')
    const active = /^nodejs_active_handles_total (\d+)$/m.exec(text)?.[1]
    if (active === undefined) throw new Error(`no active handles in /metrics:\n${text}`)
    return {
      files: readdirSync(`/proc/${this.pipeline.pid}/fd`).length,
      threads: this.#status('Threads'),
      active: Number(active)
    }
  }
}
