import { readTopic } from '../connect/kafka/read-topic.ts'
import { stateTopic, stateTopics } from '../connect/state-topic.ts'
import type { PipelineDefinition } from '../contract/index.ts'
import { loadKafkaNative } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { StateIdentities } from '../pipeline/state-identities.ts'
import type { Brokers } from './brokers.ts'
import { type Check, failed, failedBy, ok, unknown } from './check.ts'

/** Whether the script can go on with what another one has kept: the verdicts of `miraclec diff`. */
export async function checkState(
  brokers: Brokers,
  part: PipelineDefinition,
  accepted: boolean
): Promise<readonly Check[]> {
  if (stateTopics(part).length === 0) return []
  const facts = stateTopic(part, '')
  const { partitions } = await brokers.topic(facts)
  // Each task has a partition, and all of them the same script: the first one tells.
  const rows = partitions.length === 0 ? new Map() : await readFacts(brokers, facts, 0)
  const store = { get: (name: string) => rows.get(name)?.[1], set: () => {} }
  const identities = new StateIdentities(store, part.states, accepted)
  const begins = partitions.length === 0 ? 'there is none yet' : 'new'
  const checks: Check[] = []
  for (const { name } of part.states) {
    const isUnknown = identities.verdict(name) === null && (await hasRows(brokers, part, name))
    checks.push(isUnknown ? refusedAsUnknown(identities, name) : checkOne(identities, name, begins))
  }
  return [...checks, ...checkStatements(identities, part)]
}

/** Whether its topic has something of it, whoever has kept that: as a start looks, which has nothing else to go by either. */
async function hasRows(brokers: Brokers, part: PipelineDefinition, name: string): Promise<boolean> {
  const topic = stateTopic(part, name)
  const { partitions } = await brokers.topic(topic)
  for (let partition = 0; partition < partitions.length; partition++) {
    let found = 0
    const from = { topic, partition, offset: 0 }
    await readTopic(await loadKafkaNative(), brokers.config, from, () => found++)
    if (found > 0) return true
  }
  return false
}

function refusedAsUnknown(identities: StateIdentities, name: string): Check {
  const { message, hint } = identities.unknown({ name })
  return failed('state', name, message, hint!)
}

/** `begins`: what to say of one that nobody has kept. */
function checkOne(identities: StateIdentities, name: string, begins: string): Check {
  const verdict = identities.verdict(name)
  if (verdict === null) return ok('state', name, `${begins}: it begins empty`)
  try {
    identities.check({ name })
    if (identities.areSentOtherwise({ name }))
      return unknown('state', name, `${verdict.verdict}: ${verdict.reason}`)
    return ok('state', name, `${verdict.verdict}: ${verdict.reason}`)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    const fix =
      'Start with --rebuild-state, or --accept-state where only what its rows are made of has changed; miraclec diff old.sql new.sql shows what has.'
    return failed('state', name, `${verdict.verdict}: ${verdict.reason}`, fix)
  }
}

function checkStatements(
  identities: StateIdentities,
  { changes }: PipelineDefinition
): readonly Check[] {
  try {
    identities.statementsDone(changes)
    return []
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    const fix = 'Put the statements back that have run, as the first ones and in their order.'
    return [failedBy(error, 'state', 'statements', fix)]
  }
}

/** What is remembered, by its name. */
async function readFacts(
  { config }: Brokers,
  topic: string,
  partition: number
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const rows = new Map<string, readonly unknown[]>()
  const from = { topic, partition, offset: 0 }
  await readTopic(await loadKafkaNative(), config, from, (key, value) => {
    const [name] = JSON.parse(Buffer.from(key).toString()) as [string]
    if (value === null) rows.delete(name)
    else rows.set(name, JSON.parse(Buffer.from(value).toString()) as readonly unknown[])
  })
  return rows
}
