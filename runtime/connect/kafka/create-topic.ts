import type { KafkaNative } from '../../native/index.ts'
import { type ClientConfig, errorCode, errorText } from './client-config.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'

const TOPIC_ALREADY_EXISTS = 36

export interface NewTopic {
  readonly topic: string
  /** What messages call it: "dead-letter topic". */
  readonly what: string
  readonly partitions: number
  readonly config: Readonly<Record<string, string>>
}

/** Creates a topic if it is not there, with the broker's usual replication; EnvironmentError if that is refused. */
export async function createTopic(
  { AdminClient }: KafkaNative,
  client: ClientConfig,
  { topic, what, partitions, config }: NewTopic
): Promise<void> {
  const security = Object.entries(client).filter(([name]) =>
    /^(metadata|sasl|ssl|security|client)\./.test(name)
  )
  const admin = AdminClient.create(Object.fromEntries(security))
  const wanted = {
    topic,
    num_partitions: Math.max(1, partitions),
    replication_factor: -1,
    config
  }
  try {
    await new Promise<void>((resolve, reject) => {
      admin.createTopic(wanted, 10_000, error => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    if (errorCode(error) === TOPIC_ALREADY_EXISTS) return
    throw new EnvironmentError(
      `the ${what} "${topic}" can't be created: ${errorText(error)}`,
      'The pipeline stops rather than lose a record. Create the topic, or allow this user to.'
    )
  } finally {
    admin.disconnect()
  }
}
