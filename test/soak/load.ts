import { setTimeout as sleep } from 'node:timers/promises'
import { TopicConnection } from '../../bench/harness/topic-connection.ts'
import { ValueBatch } from '../../bench/harness/value-batch.ts'

export const SENSORS = 200
/** One in so many is no JSON. */
const BAD = 1000
const BATCH_BYTES = 1 << 17
const TICK = 20

/** What sensors say, so many times a second, and what all of it adds up to. */
export class Load {
  readonly #brokers: string
  readonly #topic: string
  /** Of each sensor. */
  readonly counts = new Float64Array(SENSORS)
  readonly sums = new Float64Array(SENSORS)
  #rate = 0
  #written = 0
  #turn: Promise<void> = Promise.resolve()
  #connection: TopicConnection | null = null
  #isStopped = false
  #running: Promise<void> | null = null

  constructor(brokers: string, topic: string) {
    this.#brokers = brokers
    this.#topic = topic
  }

  get written(): number {
    return this.#written
  }

  /** So many records at once. */
  async write(records: number): Promise<void> {
    for (let left = records; left > 0;) {
      const part = Math.min(left, 20_000)
      await this.#append(part)
      left -= part
    }
  }

  /** One more of each sensor. */
  async close(): Promise<void> {
    await this.#append(SENSORS, n => n % SENSORS, false)
  }

  start(rate: number): void {
    this.#rate = rate
    this.#running = this.#run()
    this.#running.catch(() => {})
  }

  /** Another rate from now on. */
  set rate(rate: number) {
    this.#rate = rate
  }

  /** Nothing is written while `work` goes on. */
  async hold(work: () => Promise<void>): Promise<void> {
    const release = Promise.withResolvers<undefined>()
    const before = this.#turn
    this.#turn = release.promise
    await before
    this.#connection?.close()
    this.#connection = null
    try {
      await work()
    } finally {
      release.resolve(undefined)
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    this.#connection?.close()
    this.#connection = null
  }

  async #run(): Promise<void> {
    for (let last = performance.now(), due = 0; !this.#isStopped; await sleep(TICK)) {
      const now = performance.now()
      // What could not be written while the brokers were away is not made up for: it would be another load.
      due += (Math.min(now - last, 10 * TICK) / 1000) * this.#rate
      last = now
      const records = Math.floor(due)
      due -= records
      if (records > 0) await this.#append(records)
    }
  }

  async #append(records: number, sensorOf = anySensor, mayBeBad = true): Promise<void> {
    const before = this.#turn
    const release = Promise.withResolvers<undefined>()
    this.#turn = release.promise
    await before
    try {
      this.#connection ??= await TopicConnection.open(this.#brokers, this.#topic)
      const { partitions } = this.#connection
      const batches = Array.from({ length: partitions }, () => new ValueBatch(BATCH_BYTES))
      const at = new Date().toISOString()
      for (let i = 0; i < records; i++) {
        const n = this.#written++
        batches[n % partitions]!.add(this.#reading(n, sensorOf(n), at, mayBeBad && n % BAD === 17))
      }
      const full = [...batches.entries()].filter(([, batch]) => batch.count > 0)
      await this.#connection.append(new Map(full.map(([i, one]) => [i, one.take(Date.now())])))
    } finally {
      release.resolve(undefined)
    }
  }

  #reading(n: number, sensor: number, at: string, isBad: boolean): Uint8Array {
    const text = `{"sensor":"s${sensor}","n":${n},"at":"${at}"}`
    if (isBad) return Buffer.from(text.slice(1))
    this.counts[sensor]!++
    this.sums[sensor]! += n
    return Buffer.from(text)
  }
}

function anySensor(n: number): number {
  return (n * 7) % SENSORS
}
