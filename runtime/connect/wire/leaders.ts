import type { BrokerAddress } from './broker-connection.ts'
import type { Cluster } from './cluster.ts'
import type { TopicMetadata } from './metadata.ts'
import { Signal } from './signal.ts'

export interface LeadersListener {
  /** What the brokers say of the topic now. True: each partition that is wanted has a leader, and nobody is asked again. */
  learned(topic: TopicMetadata): boolean
  /** No broker answers, or what they say can't be used; they are asked again. */
  failed(error: unknown): void
}

/** The brokers that lead the partitions of a topic, as the cluster said last. */
export class Leaders {
  readonly #cluster: Cluster
  readonly #name: string
  readonly #backOff: number
  readonly #listener: LeadersListener
  readonly #brokers = new Map<number, BrokerAddress>()
  readonly #over = new Signal()
  #topic: TopicMetadata | null = null
  #isSeeking = false
  #isClosed = false

  /** `backOff`: between two questions, in ms. */
  constructor(cluster: Cluster, topic: string, backOff: number, listener: LeadersListener) {
    this.#cluster = cluster
    this.#name = topic
    this.#backOff = backOff
    this.#listener = listener
  }

  /** All that were ever named, by their nodes: one that is away may come back as it was. */
  get brokers(): ReadonlyMap<number, BrokerAddress> {
    return this.#brokers
  }

  /** A leader that is none of the brokers is -1. Null: nobody was asked yet. */
  get topic(): TopicMetadata | null {
    return this.#topic
  }

  /** Asks once; the listener is not told. Rejects where no broker answers. */
  async learn(): Promise<TopicMetadata> {
    const { brokers, topic } = await this.#cluster.metadata(this.#name)
    for (const [node, address] of brokers) this.#brokers.set(node, address)
    const partitions = topic.partitions.map(one =>
      brokers.has(one.leader) ? one : { ...one, leader: -1 }
    )
    this.#topic = { ...topic, partitions }
    return this.#topic
  }

  /** Asks until all are found that are wanted. */
  seek(): void {
    if (this.#isSeeking || this.#isClosed) return
    void this.#seekAll()
  }

  async #seekAll(): Promise<void> {
    this.#isSeeking = true
    while (!this.#isClosed) {
      try {
        if (this.#listener.learned(await this.learn())) break
      } catch (error) {
        if (!this.#isClosed) this.#listener.failed(error)
      }
      await this.#over.wait(this.#backOff)
    }
    // At once: whoever misses one from now on asks anew.
    this.#isSeeking = false
  }

  close(): void {
    this.#isClosed = true
    this.#over.give()
  }
}
