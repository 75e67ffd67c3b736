import { setTimeout as sleep } from 'node:timers/promises'
import type { LibrdKafkaError, Metadata, MetadataOptions } from '@confluentinc/kafka-javascript'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { errorCode } from './client-config.ts'
import { failureText } from './watch-connection.ts'

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
  on(event: 'event.log', listener: (line: { readonly message: string }) => void): unknown
  removeListener(event: string, listener: (line: { readonly message: string }) => void): unknown
}

/** How long the first contact with a broker may take, in ms. */
const CONNECT_TIMEOUT = 10_000
const METADATA_TIMEOUT = 5000
const ASK_AGAIN = 50
const TRANSPORT = -195
const TIMED_OUT = -185
const LEADER_NOT_AVAILABLE = 5
const UNKNOWN_TOPIC = 3

/** Resolves when a broker has answered; EnvironmentError with what the client saw if none does. */
export async function connectClient(client: Client, brokers: string): Promise<void> {
  let seen: string | null = null
  // Its errors name neither the address nor the reason; its log does.
  const notice = ({ message }: { readonly message: string }): void => {
    seen ??= failureText(message)
  }
  client.on('event.log', notice)
  try {
    await new Promise<void>((resolve, reject) => {
      // That a broker answers is enough: it may have thousands of topics to tell of.
      client.connect({ timeout: CONNECT_TIMEOUT, allTopics: false }, error =>
        error ? reject(error) : resolve()
      )
    })
  } catch (error) {
    const reason = seen ?? (error as Error).message
    throw new EnvironmentError(
      `no broker answers at ${brokers}: ${reason}`,
      'Check the address in the script, or give another with --brokers.'
    )
  } finally {
    client.removeListener('event.log', notice)
  }
}

/** How often a topic is asked for again that an answer says nothing of. */
const UNANSWERED_LIMIT = 20

/** How many partitions a topic has; 0: it does not exist. Waits while the brokers are away. */
export async function topicPartitions(client: Client, topic: string): Promise<number> {
  for (let unanswered = 0; ;) {
    try {
      const partitions = await askPartitions(client, topic)
      if (partitions !== null || ++unanswered > UNANSWERED_LIMIT) return partitions ?? 0
    } catch (error) {
      const code = errorCode(error)
      if (code === UNKNOWN_TOPIC || code === LEADER_NOT_AVAILABLE) return 0
      if (code !== TRANSPORT && code !== TIMED_OUT)
        throw new EnvironmentError(`topic "${topic}": ${(error as Error).message}`)
    }
    await sleep(ASK_AGAIN)
  }
}

/** Null: librdkafka gave the answer to an earlier question, in which the topic is not. */
function askPartitions(client: Client, topic: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    client.getMetadata({ topic, timeout: METADATA_TIMEOUT }, (error, metadata) => {
      if (error) return reject(error)
      const found = metadata.topics.find(({ name }) => name === topic)
      resolve(found === undefined ? null : found.partitions.length)
    })
  })
}
