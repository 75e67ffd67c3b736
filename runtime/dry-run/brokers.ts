import type { ClientConfig } from '../connect/kafka/client-config.ts'
import { clientConfig } from '../connect/kafka/make-client-config.ts'
import { connectClient } from '../connect/kafka/connect-client.ts'
import { disconnectProducer } from '../connect/kafka/producer.ts'
import { wireSettings } from '../connect/kafka/wire-settings.ts'
import { effectlessApis } from '../connect/wire/ask-without-effect.ts'
import type { BrokerConnection } from '../connect/wire/broker-connection.ts'
import { Cluster } from '../connect/wire/cluster.ts'
import { METADATA, type TopicMetadata } from '../connect/wire/metadata.ts'
import { loadKafkaNative } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'

/** Brokers that answer, as one user. */
export class Brokers {
  readonly config: ClientConfig
  readonly #cluster: Cluster
  /** Those that answer, by their numbers. */
  #connection: { readonly node: number; readonly open: BrokerConnection } | null = null

  private constructor(config: ClientConfig, cluster: Cluster) {
    this.config = config
    this.#cluster = cluster
  }

  /**
   * EnvironmentError, as a start would have it, where nobody answers or the login is refused; a text: a setting with which only
   * librdkafka can ask.
   */
  static async open(
    brokers: string,
    security: Readonly<Record<string, string>>
  ): Promise<Brokers | string> {
    const config = clientConfig(brokers, security, {})
    const native = await loadKafkaNative()
    const client = new native.Producer(config)
    // Its failures come by the connection: without listeners they would end the process.
    client.on('event.error', () => {})
    client.on('error' as 'event.error', () => {})
    try {
      await connectClient(client, brokers)
    } finally {
      await disconnectProducer(client)
    }
    const settings = wireSettings(config)
    if (typeof settings === 'string') return settings
    return new Brokers(config, new Cluster({ ...settings, apis: [METADATA, ...effectlessApis] }))
  }

  /** A topic, which is not made by asking. */
  async topic(name: string): Promise<TopicMetadata> {
    const { topic, brokers } = await this.#cluster.metadata(name, { operations: true })
    if (this.#connection === null) {
      const [[node, address] = [0, null]] = brokers
      if (address === null) throw new EnvironmentError('the brokers name none of them')
      this.#connection = { node, open: await this.#cluster.connect(address) }
    }
    return topic
  }

  /** Any of them, once a topic was asked for. */
  get any(): { readonly node: number; readonly open: BrokerConnection } {
    return this.#connection!
  }

  close(): void {
    this.#cluster.close()
  }
}
