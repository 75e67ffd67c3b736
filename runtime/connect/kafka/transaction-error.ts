import { errorCode } from './client-config.ts'

/** What librdkafka says of a call of a transactional producer that failed. */
interface TransactionError {
  readonly code?: number
  readonly message: string
  readonly isFatal?: boolean
  readonly isRetriable?: boolean
  readonly isTxnRequiresAbort?: boolean
}

/** Producer fenced, as librdkafka and as the broker call it; an epoch that is too old. */
const FENCED = [-144, 90, 47]
/** Unknown member, illegal generation, fenced instance id or epoch: the partitions may be somebody else's by now. */
const NOT_A_MEMBER = [25, 22, 82, 110]
/** The transaction is in no state in which it could be ended. */
const INVALID_STATE = 48
/** Records that an abort took out of the queue. */
const PURGED = [-152, -151]

export function isFenced(error: unknown): boolean {
  return FENCED.includes(errorCode(error))
}

export function isNoMember(error: unknown): boolean {
  return NOT_A_MEMBER.includes(errorCode(error))
}

/** An abort failed so: the brokers have no such transaction. */
export function isNothingOpen(error: unknown): boolean {
  return errorCode(error) === INVALID_STATE
}

export function isPurged(error: unknown): boolean {
  return PURGED.includes(errorCode(error))
}

/** The same call may be made again, and goes on where it was. */
export function isRetriable(error: unknown): boolean {
  return (error as TransactionError).isRetriable === true
}

/** The open transaction can only be aborted, and is not committed. */
export function isAbortable(error: unknown): boolean {
  return (error as TransactionError).isTxnRequiresAbort === true
}

/** The open transaction can only be aborted, or the producer only be closed. */
export function isOver(error: unknown): boolean {
  return (error as TransactionError).isFatal === true || isAbortable(error)
}

const SHUT = /Failed to add partition "([^"]+)" \[\d+\] to transaction: (.+)$/
/** By librdkafka's texts. */
const SHUT_CODES: Readonly<Record<string, number>> = {
  'Broker: Topic authorization failed': 29,
  'Broker: Unknown topic or partition': 3
}

/** A topic that may not be part of a transaction: only a line of librdkafka's log names it. Null: the line says something else. */
export function shutTopic(line: string) {
  const [, topic, message] = SHUT.exec(line) ?? []
  const code = SHUT_CODES[message ?? '']
  if (topic === undefined || message === undefined || code === undefined) return null
  return { topic, error: { code, message } }
}
