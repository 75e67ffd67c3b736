import { creationCommand, creationRemedy } from '../connect/kafka/creation-remedy.ts'
import { type Denial, explainDenial } from '../connect/kafka/denial.ts'
import {
  brokerSetting,
  groupError,
  topicProblem,
  transactionError
} from '../connect/wire/ask-without-effect.ts'
import { brokerText } from '../connect/wire/error-codes.ts'
import type { TopicMetadata } from '../connect/wire/metadata.ts'
import type { Brokers } from './brokers.ts'
import { type Check, failed, ok, unknown } from './check.ts'
import type { NeededTopic, Needs } from './needs.ts'

/** Kafka's error codes: https://kafka.apache.org/protocol.html#protocol_error_codes */
const UNKNOWN_TOPIC = 3
const TOPIC_DENIED = 29
const GROUP_DENIED = 30
const TRANSACTION_DENIED = 53
const EXISTS = 36
/** Numbers of operations on resources. */
const OPERATIONS = { Read: 3, Write: 4 } as const

/** Topics, groups and transactions of clients with one login. */
export async function checkNeeds(brokers: Brokers, needs: Needs): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const topic of needs.topics) checks.push(await checkTopic(brokers, topic))
  for (const { group, of } of needs.groups) checks.push(await checkGroup(brokers, group, of))
  for (const id of needs.transactionalIds) checks.push(await checkTransaction(brokers, id, needs))
  return checks
}

async function checkTopic(brokers: Brokers, needed: NeededTopic): Promise<Check> {
  const { topic, what, of, operations, partitions } = needed
  const subject = `${topic} of ${of}`
  const found = await brokers.topic(topic)
  if (found.error === UNKNOWN_TOPIC) return checkCreation(brokers, needed)
  if (found.error === TOPIC_DENIED) return denied(what, subject, operations[0]!, topic)
  if (found.error !== 0 && found.partitions.length === 0)
    return failed(what, subject, brokerText(found.error), 'Try again; their logs may say more.')
  const lacking = operations.find(operation => !allows(found, operation))
  if (lacking !== undefined) return denied(what, subject, lacking, topic)
  const count = found.partitions.length
  if (partitions > 0 && count !== partitions) {
    return failed(
      what,
      subject,
      `it has ${plural(count)}, and SET parallelism asks for ${partitions}`,
      'Set the parallelism that it was made with, or start with --rebuild-state.'
    )
  }
  const leaderless = found.partitions.filter(({ leader }) => leader < 0).length
  if (leaderless > 0) {
    const fix =
      'See that the brokers which have them run: kafka-topics.sh --bootstrap-server <broker> --describe'
    return failed(what, subject, `${leaderless} of ${plural(count)} have no leader`, fix)
  }
  return ok(what, subject, `${plural(count)}, may ${operations.join(' and ').toLowerCase()}`)
}

function allows({ operations }: TopicMetadata, operation: keyof typeof OPERATIONS): boolean {
  return (operations & (1 << OPERATIONS[operation])) !== 0
}

function denied(what: string, subject: string, operation: 'Read' | 'Write', topic: string): Check {
  return refused(what, subject, explainDenial('Topic authorization failed', { operation, topic })!)
}

function refused(what: string, subject: string, { message, hint }: Denial): Check {
  return failed(what, subject, message, hint)
}

/** Of a topic that is not there. */
async function checkCreation(brokers: Brokers, needed: NeededTopic): Promise<Check> {
  const { topic, what, of, maker, partitions } = needed
  const subject = `${topic} of ${of}`
  const fix = creationCommand(topic)
  if (maker === 'others') return failed(what, subject, 'it does not exist', fix)
  const { node, open } = brokers.any
  if (maker === 'brokers') {
    const creates = await brokerSetting(open, node, 'auto.create.topics.enable')
    if (creates === 'false')
      return failed(what, subject, 'it does not exist, and the brokers do not create it', fix)
    if (creates === null) {
      return unknown(what, subject, 'it does not exist; whether brokers create it is not told')
    }
  }
  const problem = await topicProblem(open, topic, partitions, {})
  if (problem === null || problem.error === EXISTS) {
    const by = maker === 'brokers' ? 'by the brokers' : 'when it is needed'
    return ok(what, subject, `would be created ${by}`)
  }
  const { error, message } = problem
  const remedy = creationRemedy(error, topic)
  return failed(what, subject, `it does not exist, and can't be created: ${message}`, remedy)
}

async function checkGroup(brokers: Brokers, group: string, of: string): Promise<Check> {
  const error = await groupError(brokers.any.open, group)
  const subject = `${group} of ${of}`
  if (error !== GROUP_DENIED) return ok('group', subject, 'may read')
  return refused(
    'group',
    subject,
    explainDenial('Group authorization failed', { operation: 'Read', group })!
  )
}

async function checkTransaction(
  brokers: Brokers,
  transactionalId: string,
  { groups }: Needs
): Promise<Check> {
  const group = groups[0]?.group ?? 'miraclec'
  const error = await transactionError(brokers.any.open, transactionalId, group)
  if (error !== TRANSACTION_DENIED) return ok('transactional id', transactionalId, 'may write')
  const text = 'Transactional Id authorization failed'
  return refused(
    'transactional id',
    transactionalId,
    explainDenial(text, { operation: 'Write', transactionalId })!
  )
}

function plural(partitions: number): string {
  return `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}`
}
