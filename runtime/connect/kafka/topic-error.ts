import type { KafkaNative } from '../../native/index.ts'
import { type ClientConfig, errorText, securityOf } from './client-config.ts'
import { openAdmin } from './open-admin.ts'

const TIMEOUT = 5000

interface TopicDescription {
  readonly error?: unknown
}

/**
 * What the brokers say of a topic that has no partitions for us: a client's metadata does not tell one that is not there from one
 * that this user may not see. Null: nothing, or nobody answers.
 */
export async function topicError(
  native: KafkaNative,
  client: ClientConfig,
  topic: string
): Promise<string | null> {
  const admin = (await openAdmin(native, securityOf(client))) as unknown as {
    describeTopics(
      topics: readonly string[],
      options: object,
      done: (error: unknown, topics?: readonly TopicDescription[]) => void
    ): void
    disconnect(): void
  }
  try {
    return await new Promise(resolve => {
      admin.describeTopics([topic], { timeout: TIMEOUT }, (error, topics) => {
        const found = error ?? topics?.[0]?.error
        resolve(found === undefined || found === null ? null : errorText(found))
      })
    })
  } finally {
    admin.disconnect()
  }
}
