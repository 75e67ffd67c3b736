import { styleText } from 'node:util'
import type { ReceivedAlert } from './alert-log.ts'

/** At most so many alerts per second are shown: what a person can follow. */
const ALERTS_PER_SECOND = 4

export interface Progress {
  readonly consumed: number
  readonly alerts: number
  /** Messages per second since the progress before. */
  readonly rate: number
  /** Transactions that are fed and not consumed yet. */
  readonly behind: number
}

/** Lines that scroll, and below them one line that is written anew: on a terminal in place, elsewhere line by line. */
export class Screen {
  readonly #out: NodeJS.WriteStream
  #progress = ''
  #nextAlert = 0

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  /** How often progress is worth showing, in ms. */
  get progressInterval(): number {
    return this.#out.isTTY ? 200 : 1000
  }

  line(text: string): void {
    this.#out.write(`${this.#clear()}${text}\n${this.#progress}`)
  }

  alertHeader(): void {
    this.line(columns('transaction', 'amount', 'score', 'verdict', 'latency'))
  }

  alert({ transaction_id, amount, fraud_score, recommendation, latency }: ReceivedAlert): void {
    const now = performance.now()
    if (now < this.#nextAlert) return
    this.#nextAlert = now + 1000 / ALERTS_PER_SECOND
    const colour = recommendation === 'BLOCK' ? 'red' : 'yellow'
    const verdict = styleText(colour, recommendation.padEnd(VERDICT), { stream: this.#out })
    const cells = [thousands(transaction_id), money(amount), fraud_score.toFixed(3)] as const
    this.line(columns(...cells, verdict, `${latency} ms`))
  }

  progress({ consumed, alerts, rate, behind }: Progress): void {
    const parts = [
      `${thousands(consumed).padStart(9)} in`,
      `${thousands(alerts).padStart(6)} alerts`,
      `${thousands(rate).padStart(7)}/s`,
      `${thousands(behind)} waiting`
    ]
    const text = parts.join('  ')
    if (!this.#out.isTTY) return this.line(text)
    const clear = this.#clear()
    this.#progress = text.slice(0, (this.#out.columns || 80) - 1)
    this.#out.write(clear + this.#progress)
  }

  /** The progress line goes: what follows stays. */
  endProgress(): void {
    this.#out.write(this.#clear())
    this.#progress = ''
  }

  #clear(): string {
    return this.#progress === '' ? '' : '\r\u001b[K'
  }
}

const VERDICT = 7

function columns(id: string, amount: string, score: string, verdict: string, latency: string) {
  const cells = [id.padStart(13), amount.padStart(11), score.padStart(7)]
  return `${cells.join('')}  ${verdict.padEnd(VERDICT)}${latency.padStart(10)}`
}

export function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function money(value: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}
