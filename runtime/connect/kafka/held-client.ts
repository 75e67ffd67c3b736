import { TakenOver } from '../../observe/taken-over.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { type openTransactionClient } from './open-transaction-client.ts'
import { Ownership } from './ownership.ts'
import type {
  TransactionClient,
  TransactionClientListener,
  TransactionParts
} from './transaction-client.ts'
import { carefulConfig } from './transaction-config.ts'

/** Told how the client is. */
export type TransactionWatcher = (up: boolean, reason: string) => void

/** What is heard of the client that is held, and of none before it. */
export interface ClientListener extends Omit<TransactionClientListener, 'connected'> {
  /** Another one is in its place: nothing that was sent is open any more. */
  remade(): void
}

/** The client in use. One that is not to be used again, or has other settings than it should have, is made anew. */
export class HeldClient {
  /** Null: no other process has the transactional id. */
  readonly ownership: Ownership | null
  readonly #parts: TransactionParts
  readonly #open: typeof openTransactionClient
  readonly #listener: ClientListener
  readonly #watchers = new Set<TransactionWatcher>()
  #config: ClientConfig
  /** Null: none is open. */
  #client: TransactionClient | null = null
  #isBroken = false
  /** It has other settings than it should have. */
  #isStale = false
  #isCareful = false
  /** Nothing more is heard of the client. */
  #silence: () => void = () => {}

  constructor(
    parts: TransactionParts,
    listener: ClientListener,
    open: typeof openTransactionClient
  ) {
    this.#parts = parts
    this.#config = parts.config
    this.#listener = listener
    this.#open = open
    const { native, definition, isShared } = parts
    this.ownership = isShared ? new Ownership(native, definition) : null
  }

  get config(): ClientConfig {
    return this.#config
  }

  get client(): TransactionClient {
    if (this.#client === null) throw new Error('no client is open')
    return this.#client
  }

  get isOpen(): boolean {
    return this.#client !== null
  }

  /** It is not to be used again. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Another one has to be made before anything is sent. */
  get isWorn(): boolean {
    return this.#isBroken || this.#isStale
  }

  /** Which records are refused shows, however many are sent together. */
  get isExact(): boolean {
    return this.#isCareful || this.#client?.isExact === true
  }

  /** Nobody knows how what it did has ended. */
  giveUp(): void {
    this.#isBroken = true
  }

  /** Records go one by one until the next commit: which of them is refused shows only so. */
  beCareful(): void {
    this.#isCareful = true
    this.#isStale = true
  }

  /** What was to be sent with care is committed. */
  relax(): void {
    if (this.#isCareful) this.#isStale = true
    this.#isCareful = false
  }

  watch(watcher: TransactionWatcher): () => void {
    this.#watchers.add(watcher)
    return () => void this.#watchers.delete(watcher)
  }

  /** Ends what another process with the same id has open, and shuts it out. */
  async connect(): Promise<void> {
    const config = this.#isCareful ? carefulConfig(this.#config) : this.#config
    const listener = this.#listener
    let isCurrent = true
    this.#silence = () => {
      isCurrent = false
    }
    this.#client = await this.#open(this.#parts, config, {
      failed: error => {
        if (isCurrent) listener.failed(error)
      },
      undelivered: (error, report) => {
        if (isCurrent) listener.undelivered(error, report)
      },
      shut: (topic, error) => listener.shut(topic, error),
      connected: (up, reason) => {
        if (isCurrent) this.#tell(up, reason)
      }
    })
    // The one before may have said last that nobody answers.
    this.#tell(true, '')
  }

  #tell(up: boolean, reason: string): void {
    for (const tell of this.#watchers) tell(up, reason)
  }

  /** Other settings. Rejects, and keeps the old ones, where the client takes none of them. */
  async reconfigure(config: ClientConfig): Promise<void> {
    const before = this.#config
    this.#config = config
    try {
      await this.renew()
    } catch (error) {
      this.#config = before
      this.#isStale = true
      throw error
    }
  }

  /** Ends what the old one has open. Nobody is shut out who has taken over before, nor is anything done who has since. */
  async renew(): Promise<void> {
    await this.ownership?.require(this.#config)
    await this.remake()
    await this.ownership?.require(this.#config)
    this.#isBroken = false
    this.#isStale = false
  }

  /** That no broker answers is no reason to stop now. */
  async tryRenew(): Promise<void> {
    try {
      await this.renew()
    } catch (error) {
      throw error instanceof TakenOver ? error : new Error(errorText(error))
    }
  }

  async remake(): Promise<void> {
    await this.close()
    await this.connect()
    this.#listener.remade()
  }

  async close(): Promise<void> {
    this.#silence()
    await this.#client?.close()
    this.#client = null
  }
}
