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

export function topicIdentity(id: string, partitions: number): TopicIdentity | null {
  return NO_ID.test(id) ? null : { id, partitions }
}

/** Hexadecimal digits as librdkafka writes them: base64, without what fills it up. */
export function uuidText(digits: string): string {
  return Buffer.from(digits, 'hex').toString('base64').replace(/=+$/, '')
}

/** As `identify` of RecordReader. */
export async function identifyTopic(
  { AdminClient }: KafkaNative,
  consumer: Consumer,
  topic: string
): Promise<TopicIdentity | null> {
  // Over the consumer's own connections: another client would have to log in first.
  const admin = AdminClient.createFrom(consumer)
  let timer: NodeJS.Timeout | null = null
  try {
    const found = await new Promise<Description | undefined>((resolve, reject) => {
      // An answer of a client that is made from another one was seen to stay away for ever.
      timer = setTimeout(() => reject(new Error('no answer about the topic')), 2 * TIMEOUT)
      ;(admin as unknown as Describer).describeTopics(
        [topic],
        { timeout: TIMEOUT },
        (error, list) => (error ? reject(error as Error) : resolve(list?.[0]))
      )
    })
    if (found === undefined || (found.error !== undefined && found.error !== null)) return null
    const { topicId, partitions } = found
    return topicIdentity(topicId.base64, partitions.length)
  } catch (error) {
    if (NO_ANSWER.includes(errorCode(error))) return null
    throw error
  } finally {
    if (timer !== null) clearTimeout(timer)
    admin.disconnect()
  }
}
