import type { KafkaNative } from '../../native/index.ts'
import { errorCode } from './client-config.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']>

export interface TopicIdentity {
  /** Another one for each topic that is made, whatever its name. */
  readonly id: string
  readonly partitions: number
}

const TIMEOUT = 5000
/** Of a topic from before brokers had them. */
const NO_ID = /^A*=*$/
/** The topic is not there, or the brokers are too old to say. */
const NO_ANSWER = [3, 35, -165]

interface Description {
  readonly topicId: { readonly base64: string }
  readonly partitions: readonly object[]
  readonly error?: unknown
}

interface Describer {
  describeTopics(
    topics: readonly string[],
    options: object,
    done: (error: unknown, topics?: readonly Description[]) => void
  ): void
}

/** Which topic it is that has the name now; null: there is none, or nobody can tell. Rejects where no broker answers. */
export async function identifyTopic(
  { AdminClient }: KafkaNative,
  consumer: Consumer,
  topic: string
): Promise<TopicIdentity | null> {
  // Over the consumer's own connections: another client would have to log in first.
  const admin = AdminClient.createFrom(consumer)
  try {
    const found = await new Promise<Description | undefined>((resolve, reject) =>
      (admin as unknown as Describer).describeTopics(
        [topic],
        { timeout: TIMEOUT },
        (error, list) => (error ? reject(error as Error) : resolve(list?.[0]))
      )
    )
    if (found === undefined || (found.error !== undefined && found.error !== null)) return null
    const { topicId, partitions } = found
    return NO_ID.test(topicId.base64) ? null : { id: topicId.base64, partitions: partitions.length }
  } catch (error) {
    if (NO_ANSWER.includes(errorCode(error))) return null
    throw error
  } finally {
    admin.disconnect()
  }
}
