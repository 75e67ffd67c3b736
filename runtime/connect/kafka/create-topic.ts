import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaNative } from '../../native/index.ts'
import { type ClientConfig, errorCode, errorText, securityOf } from './client-config.ts'
import { creationRemedy } from './creation-remedy.ts'
import { openAdmin } from './open-admin.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'

const TOPIC_ALREADY_EXISTS = 36
/** The brokers are away, or on their way: transport, timed out, coordinator or controller not there. */
const OUTAGE = [-195, -185, 7, 15, 41]
/** Before brokers that are away are asked again, in ms. */
const ASK_AGAIN = 500

export interface NewTopic {
  readonly topic: string
  /** What messages call it: "dead-letter topic". */
  readonly what: string
  readonly partitions: number
  readonly config: Readonly<Record<string, string>>
}

/**
 * Creates a topic if it is not there, with the broker's usual replication; EnvironmentError if that is refused. Waits while the
 * brokers are away.
 */
export async function createTopic(
  native: KafkaNative,
  client: ClientConfig,
  { topic, what, partitions, config }: NewTopic
): Promise<void> {
  const admin = await openAdmin(native, securityOf(client))
  const wanted = {
    topic,
    num_partitions: Math.max(1, partitions),
    replication_factor: -1,
    config
  }
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      admin.createTopic(wanted, 10_000, error => (error ? reject(error) : resolve()))
    })
  try {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!OUTAGE.includes(errorCode(error))) throw error
        await sleep(ASK_AGAIN)
      }
    }
  } catch (error) {
    if (errorCode(error) === TOPIC_ALREADY_EXISTS) return
    throw new EnvironmentError(
      `the ${what} "${topic}" can't be created: ${errorText(error)}`,
      `The pipeline stops rather than lose a record. ${creationRemedy(errorCode(error), topic)}`
    )
  } finally {
    admin.disconnect()
  }
}
