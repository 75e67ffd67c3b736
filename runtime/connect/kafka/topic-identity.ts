import type { KafkaNative } from '../../native/index.ts'
import { ApiMissing } from '../wire/api-versions.ts'
import { Cluster } from '../wire/cluster.ts'
import { METADATA, type TopicMetadata } from '../wire/metadata.ts'
import { type ClientConfig, errorCode } from './client-config.ts'
import { wireSettings } from './wire-settings.ts'

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

/** Null: there is no such topic, or the brokers give it no id. */
export function topicIdentity(topic: TopicMetadata): TopicIdentity | null {
  return topic.error === 0 ? named(uuidText(topic.id), topic.partitions.length) : null
}

function named(id: string, partitions: number): TopicIdentity | null {
  return NO_ID.test(id) ? null : { id, partitions }
}

/** Hexadecimal digits as librdkafka writes them: base64, without what fills it up. */
function uuidText(digits: string): string {
  return Buffer.from(digits, 'hex').toString('base64').replace(/=+$/, '')
}

/** As `identify` of RecordReader, beside a client of librdkafka that is set up like that. */
export interface TopicIdentifier {
  identify(): Promise<TopicIdentity | null>
  close(): void
}

/** Asks over a connection of our own; the client is asked where that can't follow its settings. */
export function openIdentifier(
  native: KafkaNative,
  consumer: Consumer,
  topic: string,
  config: ClientConfig
): TopicIdentifier {
  const settings = wireSettings(config)
  if (typeof settings === 'string')
    return { identify: () => askClient(native, consumer, topic), close() {} }
  const cluster = new Cluster({ ...settings, apis: [METADATA] })
  return {
    async identify() {
      try {
        return topicIdentity((await cluster.metadata(topic)).topic)
      } catch (error) {
        if (error instanceof ApiMissing) return null
        throw error
      }
    },
    close: () => cluster.close()
  }
}

async function askClient(
  { AdminClient }: KafkaNative,
  consumer: Consumer,
  topic: string
): Promise<TopicIdentity | null> {
  // Over the consumer's own connections: another client would have to log in first.
  const admin = AdminClient.createFrom(consumer)
  try {
    const found = await describeTopic(admin, topic)
    if (found === undefined || (found.error !== undefined && found.error !== null)) return null
    const { topicId, partitions } = found
    return named(topicId.base64, partitions.length)
  } catch (error) {
    if (NO_ANSWER.includes(errorCode(error))) return null
    throw error
  } finally {
    admin.disconnect()
  }
}

type Admin = ReturnType<KafkaNative['AdminClient']['create']>

/** What a broker says of a topic; `error`: that it is not there. Rejects where none answers. */
export async function describeTopic(admin: Admin, topic: string): Promise<Description | undefined> {
  let timer: NodeJS.Timeout | null = null
  try {
    return await new Promise<Description | undefined>((resolve, reject) => {
      // An answer of a client that is made from another one was seen to stay away for ever.
      timer = setTimeout(() => reject(new Error('no answer about the topic')), 2 * TIMEOUT)
      ;(admin as unknown as Describer).describeTopics(
        [topic],
        { timeout: TIMEOUT },
        (error, list) => (error ? reject(error as Error) : resolve(list?.[0]))
      )
    })
  } finally {
    if (timer !== null) clearTimeout(timer)
  }
}
