import { setTimeout as sleep } from 'node:timers/promises'
import type { LibrdKafkaError, Metadata, MetadataOptions } from '@confluentinc/kafka-javascript'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { errorCode, errorText } from './client-config.ts'
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
  on(
    event: 'event.error' | 'error',
    listener: (error: { readonly message: string }) => void
  ): unknown
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
/** There is no client: settings that are right one by one do not go together. */
const NO_CLIENT = -1

/** Who waits for brokers that were there before goes on waiting. */
export class NoBroker extends EnvironmentError {}

/** Resolves when a broker has answered; EnvironmentError with what the client saw if none does: NoBroker where none is there. */
export async function connectClient(client: Client, brokers: string): Promise<void> {
  let seen: string | null = null
  let refused: (reason: Error) => void = () => {}
  // Its errors name neither the address nor the reason; its log does.
  const notice = ({ message }: { readonly message: string }): void => {
    seen ??= failureText(message)
  }
  // Asking again does not help: without this it is told after ten seconds of silence.
  const fail = (error: { readonly message: string }): void => {
    const text = errorText(error)
    if (loginOf(text) !== undefined) setTimeout(() => refused(new Error(text)), LOG_DELAY)
  }
  client.on('event.log', notice)
  client.on('event.error', fail)
  // A token that could not be had. For good: without a listener the process would end with it.
  client.on('error', fail)
  try {
    await new Promise<void>((resolve, reject) => {
      refused = reject
      // That a broker answers is enough: it may have thousands of topics to tell of.
      client.connect({ timeout: CONNECT_TIMEOUT, allTopics: false }, error =>
        error ? reject(error) : resolve()
      )
    })
  } catch (error) {
    if (errorCode(error) === NO_CLIENT)
      throw new EnvironmentError(
        `the client does not take its settings: ${errorText(error)}`,
        'Check CONFIG of the source or sink that has this setting.'
      )
    const reason = seen ?? (error as Error).message
    const login = loginOf(reason)
    if (login !== undefined)
      throw new EnvironmentError(`${login[1]} ${brokers}: ${reason}`, login[2])
    throw new NoBroker(
      `no broker answers at ${brokers}: ${reason}`,
      'Check the address in the script, or give another with --brokers.'
    )
  } finally {
    client.removeListener('event.log', notice)
    client.removeListener('event.error', fail)
  }
}

/** What a broker that answers is not content with, what to call it, and where to look. */
const LOGIN: readonly (readonly [RegExp, string, string])[] = [
  [
    /authentication failure|oauthbearer|SASL authentication error|Unsupported SASL|SASL .*(handshake|mechanism).*(fail|not|unsupported)/i,
    'the login is refused by',
    "Check 'sasl.mechanisms', 'sasl.username' and 'sasl.password', or 'sasl.oauthbearer.*' in CONFIG, and that the secrets that they name are those of this user."
  ],
  [
    /^ssl error|SSL handshake failed|certificate verify failed/i,
    'there is no TLS with',
    "Check 'security.protocol', 'ssl.ca.location', and where the brokers want one, 'ssl.certificate.location' and 'ssl.key.location' in CONFIG."
  ],
  [
    /^ssl\.[\w.]+ failed|^[\w.: ]*error:[\dA-F]{8}:/i,
    'a certificate or key can not be read for',
    "Check the files that 'ssl.*.location' in CONFIG name, and 'ssl.key.password': nobody was connected to."
  ]
]

/** From an error to the line of the log that says more, in ms. */
const LOG_DELAY = 100

function loginOf(text: string): (typeof LOGIN)[number] | undefined {
  return LOGIN.find(([pattern]) => pattern.test(text))
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
