import { setTimeout as sleep } from 'node:timers/promises'
import type { SinkDefinition } from '../../contract/index.ts'
import { creationCommand } from './creation-remedy.ts'
import { explainDenial } from './denial.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'

/** How long a topic that the broker creates by itself may take to appear, in ms. */
const CREATE_TIMEOUT = 5000

/** Resolves when the topic of a sink is there; `partitionsOf` answers 0 while it is not, and `errorOf` why. */
export async function requireTopic(
  { name, topic }: SinkDefinition,
  partitionsOf: (topic: string) => Promise<number>,
  errorOf: (topic: string) => Promise<string | null>
): Promise<void> {
  // By the clock: one question alone may take seconds.
  const end = performance.now() + CREATE_TIMEOUT
  do {
    if ((await partitionsOf(topic)) > 0) return
    await sleep(250)
  } while (performance.now() < end)
  const denial = explainDenial((await errorOf(topic)) ?? '', { operation: 'Write', topic })
  if (denial !== null) throw new EnvironmentError(`sink "${name}": ${denial.message}`, denial.hint)
  throw new EnvironmentError(
    `topic "${topic}" of sink "${name}" does not exist, and the broker does not create it`,
    creationCommand(topic)
  )
}
