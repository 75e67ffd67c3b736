import { setTimeout as sleep } from 'node:timers/promises'
import type { Api, BrokerAddress } from '../wire/broker-connection.ts'
import { BrokerRefusal } from '../wire/broker-error.ts'
import type { Cluster } from '../wire/cluster.ts'
import { CODES } from '../wire/error-codes.ts'
import {
  type COORDINATED,
  FIND_COORDINATOR,
  readFindCoordinator,
  writeFindCoordinator
} from '../wire/find-coordinator.ts'
import type { WireReader } from '../wire/wire-reader.ts'
import type { WireWriter } from '../wire/wire-writer.ts'

/** It is another broker by now, or not ready yet. */
const ELSEWHERE: readonly number[] = [
  CODES.coordinatorLoading,
  CODES.coordinatorNotAvailable,
  CODES.notCoordinator
]
/** What was asked for before is still being done. */
const BUSY: readonly number[] = [CODES.concurrentTransactions, CODES.rebalanceInProgress]
/** The markers of a transaction are written within milliseconds; who waits longer waits for something else. */
const FIRST_WAIT = 2
const LONGEST_WAIT = 200

/** A question that may be asked again as it is. */
export interface Question<T> {
  readonly api: Api
  readonly write: (request: WireWriter) => void
  readonly read: (body: WireReader) => T
  /** The error code in an answer; 0: none. */
  readonly errorOf: (answer: T) => number
}

/** The broker that coordinates a group or a transactional id, whichever that is at the time. */
export class Coordinator {
  readonly #cluster: Cluster
  readonly #kind: keyof typeof COORDINATED
  readonly #name: string
  readonly #connected: (up: boolean, reason: string) => void
  #address: BrokerAddress | null = null
  #isClosed = false

  /** `connected`: told how the last question went. */
  constructor(
    cluster: Cluster,
    kind: keyof typeof COORDINATED,
    name: string,
    connected: (up: boolean, reason: string) => void
  ) {
    this.#cluster = cluster
    this.#kind = kind
    this.#name = name
    this.#connected = connected
  }

  /** Asks until there is an answer, which may be an error that asking again does not help against. Rejects when it is closed. */
  async ask<T>(question: Question<T>): Promise<T> {
    for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LONGEST_WAIT)) {
      if (this.#isClosed) throw new Error('closed')
      try {
        const answer = await this.#askOnce(question)
        this.#connected(true, '')
        const error = question.errorOf(answer)
        if (ELSEWHERE.includes(error)) this.#address = null
        else if (!BUSY.includes(error)) return answer
      } catch (error) {
        if (error instanceof BrokerRefusal) throw error
        this.#address = null
        this.#connected(false, (error as Error).message)
      }
      await sleep(wait)
    }
  }

  async #askOnce<T>({ api, write, read }: Question<T>): Promise<T> {
    this.#address ??= await this.find()
    return this.#cluster.ask(this.#address, api, write, read)
  }

  /** Waits until there is one. Rejects where no broker answers now; with a BrokerRefusal where this user may not know. */
  async find(): Promise<BrokerAddress> {
    for (;;) {
      const found = await this.#cluster.askAny(
        FIND_COORDINATOR,
        request => writeFindCoordinator(request, this.#kind, this.#name),
        readFindCoordinator
      )
      if (typeof found !== 'number') return found
      if (!ELSEWHERE.includes(found)) throw new BrokerRefusal(found)
      await sleep(LONGEST_WAIT)
    }
  }

  close(): void {
    this.#isClosed = true
  }
}
