import type { SinkDefinition, SinkListener } from '../../contract/index.ts'
import { isPermanent, isTopicsFault } from './refusal.ts'

/** How often the records since the last commit were tried in vain: `ON ERROR (action = 'retry')` of a sink bounds it. */
export class SinkRetries {
  readonly #sink: SinkDefinition
  readonly #listener: SinkListener
  #attempt = 1
  #isWaiting = false

  constructor(sink: SinkDefinition, listener: SinkListener) {
    this.#sink = sink
    this.#listener = listener
  }

  /** How often a record has been sent that failed so. What may pass was tried by the client. */
  attemptsOf(error: unknown): number {
    const { action, maxRetries } = this.#sink.onError
    return action === 'retry' && !isPermanent(error) ? maxRetries + 1 : this.#attempt
  }

  /** Whether what failed so is to be sent again, with all that was sent with it. */
  takes(error: unknown): boolean {
    const { action, maxRetries } = this.#sink.onError
    if (action !== 'retry' || !isTopicsFault(error) || this.#attempt > maxRetries) return false
    this.#isWaiting = true
    return true
  }

  /** To be asked at each barrier. True: something failed since the last one, and now is the time to send it again. */
  async wait(): Promise<boolean> {
    if (!this.#isWaiting) return false
    this.#isWaiting = false
    await this.#listener.backOff(this.#attempt++)
    return true
  }

  /** All has arrived, or was given up. */
  reset(): void {
    this.#attempt = 1
  }
}
