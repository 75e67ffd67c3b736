import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { TICKS_PER_SECOND } from './sample.ts'

export interface Usage {
  /** User and system, all threads. */
  readonly cpuSeconds: number
  /** The largest resident set so far, in MB. */
  readonly peakMegabytes: number
}

/** A program that is measured from outside: what the kernel counts of it, and when it says something on its standard error. */
export class MeasuredProcess {
  /** Before the fork, as `performance.now()`. */
  readonly spawned: number
  readonly #child: ChildProcess
  readonly #exited: Promise<number>
  readonly #lines: { readonly at: number; readonly text: string }[] = []
  readonly #waiting = new Set<() => void>()

  constructor(command: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.spawned = performance.now()
    this.#child = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'], env })
    const kill = (): void => void this.#child.kill('SIGKILL')
    process.once('exit', kill)
    this.#exited = once(this.#child, 'close').then(() => {
      process.off('exit', kill)
      this.#wake()
      return performance.now() - this.spawned
    })
    createInterface({ input: this.#child.stderr! }).on('line', text => {
      this.#lines.push({ at: performance.now(), text })
      this.#wake()
    })
  }

  /** Milliseconds from before the fork to the first line with this text. */
  async logged(text: string): Promise<number> {
    return (await this.#find(text)).at - this.spawned
  }

  /** The first line with this text. */
  async said(text: string): Promise<string> {
    return (await this.#find(text)).text
  }

  async #find(text: string): Promise<{ readonly at: number; readonly text: string }> {
    for (;;) {
      const line = this.#lines.find(found => found.text.includes(text))
      if (line !== undefined) return line
      this.requireRunning()
      await new Promise<void>(resolve => this.#waiting.add(resolve))
    }
  }

  /** Throws with what the program said when it has ended. */
  requireRunning(): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) return
    throw new Error(`${this.#child.spawnfile} ended:\n${this.lines()}`)
  }

  /** All that it said. */
  lines(): string {
    return this.#lines.map(line => line.text).join('\n')
  }

  /** With that of its workers. */
  usage(): Usage {
    const pid = this.#child.pid!
    return childrenOf(pid)
      .map(usageOf)
      .reduce((sum, { cpuSeconds, peakMegabytes }) => {
        return {
          cpuSeconds: sum.cpuSeconds + cpuSeconds,
          peakMegabytes: sum.peakMegabytes + peakMegabytes
        }
      }, usageOf(pid))
  }

  /** Resolves when it has ended by itself, with the milliseconds from before the fork. */
  ended(): Promise<number> {
    return this.#exited
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Resolves when it is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#child.kill(signal)
    await this.#exited
  }

  #wake(): void {
    for (const resume of this.#waiting) resume()
    this.#waiting.clear()
  }
}

function childrenOf(pid: number): readonly number[] {
  // Only the first thread of a Node process forks.
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return children === '' ? [] : children.split(' ').map(Number)
}

/** Of any process that runs. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  // The second field is the program's name in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status)
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMegabytes: Number(peak?.[1]) / 1024
  }
}
