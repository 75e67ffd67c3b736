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
/** Records that an abort took out of the queue. */
const PURGED = [-152, -151]
/** The topic is not there, or not for this user. */
const NO_TOPIC = [3, 17, 29, -188, -190]

export function isFenced(error: unknown): boolean {
  return FENCED.includes(errorCode(error))
}

export function isNoMember(error: unknown): boolean {
  return NOT_A_MEMBER.includes(errorCode(error))
}

export function isPurged(error: unknown): boolean {
  return PURGED.includes(errorCode(error))
}

export function isTopicsFault(error: unknown): boolean {
  return NO_TOPIC.includes(errorCode(error))
}

/** The same call may be made again, and goes on where it was. */
export function isRetriable(error: unknown): boolean {
  return (error as TransactionError).isRetriable === true
}

/** The open transaction can only be aborted, or the producer only be closed. */
export function isOver(error: unknown): boolean {
  const { isFatal, isTxnRequiresAbort } = error as TransactionError
  return isFatal === true || isTxnRequiresAbort === true
}
