import type { LibrdKafkaError, Metadata, MetadataOptions } from '@confluentinc/kafka-javascript'
import { EnvironmentError } from '../../pipeline/environment-error.ts'

/** What consumers and producers have in common. */
interface Client {
  connect(
    options: MetadataOptions,
    done: (error: LibrdKafkaError | null, data: Metadata) => void
  ): unknown
  getMetadata(
    options: MetadataOptions,
    done: (error: LibrdKafkaError | null, data: Metadata) => void
  ): unknown
  on(event: 'event.error', listener: (error: LibrdKafkaError) => void): unknown
  removeListener(event: string, listener: (error: LibrdKafkaError) => void): unknown
}

/** How long the first contact with a broker may take, in ms. */
const CONNECT_TIMEOUT = 10_000

/** Resolves when a broker has answered; EnvironmentError with what the client saw if none does. */
export async function connectClient(client: Client, brokers: string): Promise<void> {
  let seen: string | null = null
  const notice = (error: LibrdKafkaError): void => {
    // 'All broker connections are down' says less than what came before it.
    seen ??= error.message
  }
  client.on('event.error', notice)
  try {
    await new Promise<void>((resolve, reject) => {
      client.connect({ timeout: CONNECT_TIMEOUT }, error => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    const reason = seen ?? (error as Error).message
    throw new EnvironmentError(
      `no broker answers at ${brokers}: ${reason}`,
      'Check the address in the script, or give another with --brokers.'
    )
  } finally {
    client.removeListener('event.error', notice)
  }
}

/** How many partitions a topic has; 0: it does not exist. */
export function topicPartitions(client: Client, topic: string): Promise<number> {
  return new Promise((resolve, reject) => {
    client.getMetadata({ topic, timeout: 5000 }, (error, metadata) => {
      if (error) return reject(new EnvironmentError(`topic "${topic}": ${error.message}`))
      const found = metadata.topics.find(({ name }) => name === topic)
      resolve(found?.partitions.length ?? 0)
    })
  })
}
