import type { BrokerAddress } from '../wire/broker-connection.ts'
import type { BrokerError } from '../wire/broker-error.ts'
import type { Cluster } from '../wire/cluster.ts'
import {
  INIT_PRODUCER_ID,
  type ProducerId,
  readInitProducerId,
  writeInitProducerId
} from '../wire/produce.ts'

/** Under which id a producer sends, and in which transaction. */
export interface ProducerIdentity {
  /** The id that sequences count for; null: there is none. */
  readonly current: ProducerId | null
  /** Null: it sends in no transactions. */
  readonly transactionalId: string | null
  /** Nothing more can be sent. */
  readonly isOver: boolean
  /** The id to send under. */
  ask(): Promise<ProducerId>
  /** To be called before anything goes to partitions; answers the error codes of those that nothing may be sent to. */
  enter(topic: string, partitions: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** A broker counts otherwise, or knows nothing of the id. True: the next one is another, which sequences begin anew for. */
  refused(error: BrokerError): boolean
}

const NONE: ReadonlyMap<number, number> = new Map()

/** One that any broker gives, and another one when it is wanted: brokers only count its records. */
export class PlainIdentity implements ProducerIdentity {
  readonly transactionalId = null
  readonly isOver = false
  readonly #cluster: Cluster
  readonly #brokers: ReadonlyMap<number, BrokerAddress>
  #asking: Promise<ProducerId> | null = null
  #current: ProducerId | null = null

  /** `brokers`: those that are known, also later. */
  constructor(cluster: Cluster, brokers: ReadonlyMap<number, BrokerAddress>) {
    this.#cluster = cluster
    this.#brokers = brokers
  }

  get current(): ProducerId | null {
    return this.#current
  }

  /** Rejects with what the last broker said where none gives one. */
  async ask(): Promise<ProducerId> {
    if (this.#current === null) {
      this.#asking ??= this.#askBrokers().finally(() => {
        this.#asking = null
      })
      this.#current = await this.#asking
    }
    return this.#current
  }

  enter(): Promise<ReadonlyMap<number, number>> {
    return Promise.resolve(NONE)
  }

  refused(): boolean {
    this.#current = null
    return true
  }

  async #askBrokers(): Promise<ProducerId> {
    let failure: unknown = new Error('no broker gives a producer id')
    for (const address of this.#brokers.values()) {
      try {
        const found = await this.#cluster.ask(
          address,
          INIT_PRODUCER_ID,
          writeInitProducerId,
          readInitProducerId
        )
        if (typeof found !== 'number') return found
      } catch (error) {
        failure = error
      }
    }
    throw failure
  }
}
