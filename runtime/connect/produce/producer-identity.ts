import { setTimeout as sleep } from 'node:timers/promises'
import type { BrokerAddress } from '../wire/broker-connection.ts'
import type { BrokerError } from '../wire/broker-error.ts'
import type { Cluster } from '../wire/cluster.ts'
import { brokerText, CODES } from '../wire/error-codes.ts'
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
/** A broker that has just started has no ids to give yet. */
const NOT_YET: readonly number[] = [
  7,
  CODES.coordinatorLoading,
  CODES.coordinatorNotAvailable,
  CODES.notCoordinator
]
/** How long it is asked again, and how soon, in ms. */
const PATIENCE = 10_000
const ASK_AGAIN = 100

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
    const deadline = performance.now() + PATIENCE
    for (;;) {
      const found = await this.#askEach()
      if (typeof found !== 'number') return found
      if (!NOT_YET.includes(found) || performance.now() > deadline)
        throw new Error(`no broker gives a producer id: ${brokerText(found, null)}`)
      await sleep(ASK_AGAIN)
    }
  }

  /** A number: what the last of them that answered refuses it with. */
  async #askEach(): Promise<ProducerId | number> {
    let refusal: number | null = null
    let failure: unknown = new Error('no broker is known')
    for (const address of this.#brokers.values()) {
      try {
        const found = await this.#cluster.ask(
          address,
          INIT_PRODUCER_ID,
          writeInitProducerId,
          readInitProducerId
        )
        if (typeof found !== 'number') return found
        refusal = found
      } catch (error) {
        failure = error
      }
    }
    if (refusal === null) throw failure
    return refusal
  }
}
