import type { KafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { openAdmin } from './open-admin.ts'

/** Between two deletions, in ms: as long as what is read takes room on the brokers. */
const INTERVAL = 10_000
const TIMEOUT = 10_000

interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** Deletes the records of a topic that nobody else reads once they are read for good: its retention has no end. */
export class ReadRecords {
  readonly #native: KafkaNative
  readonly #config: ClientConfig
  readonly #log: Logger
  #next: number

  constructor(native: KafkaNative, config: ClientConfig, log: Logger) {
    this.#native = native
    this.#config = config
    this.#log = log
    this.#next = performance.now() + INTERVAL
  }

  /** What is before the place is committed. Deletes now and then, and waits for nothing. */
  pass(place: Place): void {
    if (performance.now() < this.#next) return
    this.#next = performance.now() + INTERVAL
    this.#delete(place).catch((error: unknown) => {
      // The next one makes up for it.
      const reason = errorText(error)
      this.#log.limited('warn', 'records that were read are not deleted', { ...place, reason })
    })
  }

  async #delete(place: Place): Promise<void> {
    const admin = await openAdmin(this.#native, this.#config)
    try {
      await new Promise<void>((resolve, reject) => {
        admin.deleteRecords([place], { timeout: TIMEOUT }, (error: unknown) =>
          error ? reject(error as Error) : resolve()
        )
      })
    } finally {
      admin.disconnect()
    }
  }
}
