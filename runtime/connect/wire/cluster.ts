import { requireApis } from './api-versions.ts'
import {
  type Api,
  type BrokerAddress,
  BrokerConnection,
  type ConnectionSettings
} from './broker-connection.ts'
import { prepareCrc32c } from './crc32c.ts'
import { logIn, type Login } from './log-in.ts'
import {
  type ClusterMetadata,
  METADATA,
  type MetadataWish,
  readMetadata,
  writeMetadata
} from './metadata.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

export interface ClusterSettings {
  /** Any of them tells of all others. */
  readonly brokers: readonly BrokerAddress[]
  readonly connection: ConnectionSettings
  readonly login: Login | null
  /** What brokers have to know. */
  readonly apis: readonly Api[]
  /** A connection that was open has closed by itself. */
  readonly closed?: () => void
}

/** Connections to the brokers of a cluster, one for each that is asked for. */
export class Cluster {
  readonly #settings: ClusterSettings
  readonly #connections = new Map<string, Promise<BrokerConnection>>()
  #known: readonly BrokerAddress[]
  /** Those that did not answer when they were asked last: they are asked after all others. */
  readonly #silent = new Set<string>()
  #isClosed = false

  constructor(settings: ClusterSettings) {
    this.#settings = settings
    this.#known = settings.brokers
  }

  /** Asks any broker; rejects with what the last one said where none answers. */
  async metadata(topic: string, wish: MetadataWish = {}): Promise<ClusterMetadata> {
    const metadata = await this.askAny(
      METADATA,
      request => writeMetadata(request, topic, wish),
      readMetadata
    )
    if (metadata.brokers.size > 0) this.#known = [...metadata.brokers.values()]
    return metadata
  }

  /** As `metadata`. */
  async askAny<T>(
    api: Api,
    write: (request: WireWriter) => void,
    read: (body: WireReader) => T
  ): Promise<T> {
    let failure: unknown = new Error('no broker is known')
    for (const address of this.#candidates()) {
      try {
        const found = await this.ask(address, api, write, read)
        this.#silent.delete(keyOf(address))
        return found
      } catch (error) {
        this.#silent.add(keyOf(address))
        failure = error
      }
    }
    throw failure
  }

  /** What the broker at an address answers. */
  async ask<T>(
    address: BrokerAddress,
    api: Api,
    write: (request: WireWriter) => void,
    read: (body: WireReader) => T
  ): Promise<T> {
    const connection = await this.connect(address)
    const { answer, body } = await connection.request(api, write)
    try {
      return read(body)
    } finally {
      answer.release()
    }
  }

  /** Those that were given first come last: a cluster may have moved on, and then they are all there is. */
  #candidates(): BrokerAddress[] {
    const all = new Map([...this.#known, ...this.#settings.brokers].map(one => [keyOf(one), one]))
    const isSilent = (address: BrokerAddress): number => Number(this.#silent.has(keyOf(address)))
    return [...all.values()].sort((a, b) => isSilent(a) - isSilent(b))
  }

  /** A connection that is logged in. */
  async connect(address: BrokerAddress): Promise<BrokerConnection> {
    const key = keyOf(address)
    const existing = this.#connections.get(key)
    if (existing !== undefined) {
      const connection = await existing.catch(() => null)
      if (connection?.isOpen === true) return connection
      // Somebody else has begun meanwhile.
      if (this.#connections.get(key) !== existing) return this.connect(address)
    }
    const opened = this.#open(address)
    this.#connections.set(key, opened)
    return opened
  }

  close(): void {
    this.#isClosed = true
    for (const connection of this.#connections.values())
      connection.then(open => open.close()).catch(() => {})
  }

  async #open(address: BrokerAddress): Promise<BrokerConnection> {
    if (this.#isClosed) throw new Error('closed')
    const { connection: settings, login, apis, closed } = this.#settings
    const [connection] = await Promise.all([
      BrokerConnection.open(address, settings),
      prepareCrc32c()
    ])
    try {
      await requireApis(connection, apis)
      if (login !== null) await logIn(connection, login)
      if (this.#isClosed) throw new Error('closed')
      if (closed !== undefined) connection.whenClosed(closed)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }
}

function keyOf({ host, port }: BrokerAddress): string {
  return `${host}:${port}`
}
