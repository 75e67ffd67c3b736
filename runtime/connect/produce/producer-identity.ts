import type { BrokerAddress } from '../wire/broker-connection.ts'
import type { Cluster } from '../wire/cluster.ts'
import {
  INIT_PRODUCER_ID,
  type ProducerId,
  readInitProducerId,
  writeInitProducerId
} from '../wire/produce.ts'

/** The id that brokers know a producer by: they count its records for it. */
export class ProducerIdentity {
  readonly #cluster: Cluster
  readonly #brokers: ReadonlyMap<number, BrokerAddress>
  #asking: Promise<ProducerId> | null = null
  #current: ProducerId | null = null

  /** `brokers`: those that are known, also later. */
  constructor(cluster: Cluster, brokers: ReadonlyMap<number, BrokerAddress>) {
    this.#cluster = cluster
    this.#brokers = brokers
  }

  /** The one that sequences count for; null: there is none. */
  get current(): ProducerId | null {
    return this.#current
  }

  /** That one, or else a new one. Rejects with what the last broker said where none gives one. */
  async ask(): Promise<ProducerId> {
    if (this.#current === null) {
      this.#asking ??= this.#askBrokers().finally(() => {
        this.#asking = null
      })
      this.#current = await this.#asking
    }
    return this.#current
  }

  /** The next one is another. */
  forget(): void {
    this.#current = null
  }

  /** Any broker gives one. */
  async #askBrokers(): Promise<ProducerId> {
    let failure: unknown = new Error('no broker gives a producer id')
    for (const address of this.#brokers.values()) {
      try {
        const connection = await this.#cluster.connect(address)
        const { answer, body } = await connection.request(INIT_PRODUCER_ID, writeInitProducerId)
        const found = readInitProducerId(body)
        answer.release()
        if (typeof found !== 'number') return found
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
