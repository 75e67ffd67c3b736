import type { TailedRecord } from '../../runtime/dev/tail.ts'

/** A record of fraud-alerts. */
export interface Alert {
  readonly transaction_id: number
  readonly amount: number
  readonly fraud_score: number
  readonly recommendation: 'BLOCK' | 'REVIEW'
}

export interface ReceivedAlert extends Alert {
  /** Milliseconds from the transaction's time stamp to the arrival of its alert. */
  readonly latency: number
}

/** Counts alerts as they arrive, and remembers when their transactions were sent. */
export class AlertLog {
  readonly #sentAt: Float64Array
  readonly #seen: Uint8Array
  readonly #latencies: number[] = []
  #block = 0
  #review = 0
  #repeated = 0

  constructor(transactions: number) {
    this.#sentAt = new Float64Array(transactions + 1)
    this.#seen = new Uint8Array(transactions + 1)
  }

  get count(): number {
    return this.#latencies.length
  }

  /** `timestamp`: the record's, in ms since the epoch. */
  sent(transactionId: number, timestamp: number): void {
    this.#sentAt[transactionId] = timestamp
  }

  received({ value }: TailedRecord): ReceivedAlert {
    const alert = JSON.parse(value ?? '') as Alert
    const id = alert.transaction_id
    const latency = Date.now() - this.#sentAt[id]!
    this.#latencies.push(latency)
    if (alert.recommendation === 'BLOCK') this.#block++
    else if (alert.recommendation === 'REVIEW') this.#review++
    this.#repeated += this.#seen[id]!
    this.#seen[id] = 1
    return { ...alert, latency }
  }

  totals() {
    return {
      received: this.count,
      repeated: this.#repeated,
      block: this.#block,
      review: this.#review,
      p50: this.#latency(0.5),
      p99: this.#latency(0.99)
    }
  }

  /** What `share` of the alerts stay within, in ms; 0 without alerts. */
  #latency(share: number): number {
    const sorted = Float64Array.from(this.#latencies).sort()
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
  }
}
