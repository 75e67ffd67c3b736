import { setTimeout as sleep } from 'node:timers/promises'
import type { PipelineDefinition } from '../../contract/index.ts'
import { loadKafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { Logger } from '../../observe/log.ts'
import { stateTopics, tasksTopic } from '../state-topic.ts'
import { errorCode, errorText } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'
import { openAdmin } from './open-admin.ts'
import { describeTopic } from './topic-identity.ts'

const UNKNOWN_TOPIC = 3
const GROUP_ID_NOT_FOUND = 69
const TIMEOUT = 10_000

/** A process that has ended may be a member of its group until its session times out. */
const NON_EMPTY_GROUP = 68
const PATIENCE = 90_000
const RETRY = 500
/** Between two looks whether brokers still tell of a topic, in ms. */
const LOOK_AGAIN = 50

/** Deletes the groups that know how far a pipeline has read, then the topics of what it keeps. */
export async function resetKafkaState(
  definition: PipelineDefinition,
  brokers: string,
  security: Readonly<Record<string, string>>,
  log: Logger
): Promise<void> {
  const admin = await openAdmin(await loadKafkaNative(), clientConfig(brokers, security, {}))
  const deleteGroup = (group: string): Promise<unknown> =>
    ask(done =>
      admin.deleteGroups([group], { timeout: TIMEOUT }, (error, results) =>
        done(error ?? results?.[0]?.error)
      )
    )
  try {
    for (const group of new Set(definition.sources.map(({ groupId }) => groupId))) {
      let error = await deleteGroup(group)
      for (let waited = 0; isOf(error, NON_EMPTY_GROUP) && waited < PATIENCE; waited += RETRY) {
        log.limited('info', 'waiting for the members of a group to leave', { group })
        await sleep(RETRY)
        error = await deleteGroup(group)
      }
      refuse(error, GROUP_ID_NOT_FOUND, `the group "${group}"`)
    }
    // Rows that are on their way belong to what is forgotten.
    const ways = definition.sources.filter(({ exchange }) => exchange !== undefined)
    const { name, task } = definition
    const between = [
      ...ways.map(way => way.topic),
      ...(task === undefined ? [] : [tasksTopic(name, task.stage)])
    ]
    for (const topic of [...between, ...stateTopics(definition).toReversed()]) {
      const error = await ask(done => admin.deleteTopic(topic, TIMEOUT, done))
      refuse(error, UNKNOWN_TOPIC, `the topic "${topic}"`)
      await untilGone(admin, topic)
    }
  } finally {
    admin.disconnect()
  }
}

/** Brokers tell of a topic for a moment after it was deleted: a start would take it for one that is there, and wait for what is in it. */
async function untilGone(admin: Parameters<typeof describeTopic>[0], topic: string): Promise<void> {
  const deadline = performance.now() + TIMEOUT
  while (performance.now() < deadline) {
    const error = await describeTopic(admin, topic).then(
      found => found?.error ?? null,
      (failure: unknown) => failure
    )
    if (isOf(error, UNKNOWN_TOPIC)) return
    await sleep(LOOK_AGAIN)
  }
}

function ask(call: (done: (error: unknown) => void) => void): Promise<unknown> {
  return new Promise(resolve => call(error => resolve(error ?? null)))
}

function isOf(error: unknown, code: number): boolean {
  return error !== null && errorCode(error) === code
}

/** What is not there is gone already. */
function refuse(error: unknown, missing: number, what: string): void {
  if (error === null || isOf(error, missing)) return
  throw new EnvironmentError(
    `--rebuild-state: ${what} can't be deleted: ${errorText(error)}`,
    'Stop every process of this pipeline first, and see that this user may delete topics and groups.'
  )
}
