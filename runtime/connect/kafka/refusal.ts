import { errorCode } from './client-config.ts'

const TOO_LARGE_ERROR = 10
const INVALID_TIMESTAMP = 32
const INVALID_RECORD = 87
/** librdkafka's own: another record of the batch is to blame. */
const INVALID_DIFFERENT_RECORD = -138
export const TOO_LARGE = 'message-too-large'

/** Errors that are about one record, or about the topic that it is for, not about the client. */
const refusals: Readonly<Record<number, string>> = {
  [TOO_LARGE_ERROR]: TOO_LARGE,
  2: 'invalid-record',
  4: 'invalid-record',
  18: TOO_LARGE,
  [INVALID_RECORD]: 'invalid-record',
  // Only where the script bounds the retries.
  [-192]: 'delivery-timeout',
  [-195]: 'delivery-failed',
  [-185]: 'delivery-timeout',
  5: 'delivery-failed',
  6: 'delivery-failed',
  7: 'delivery-timeout',
  13: 'delivery-failed',
  19: 'delivery-failed',
  20: 'delivery-failed',
  44: 'policy-violation',
  // The topic is gone, or not for this user.
  3: 'unknown-topic',
  17: 'unknown-topic',
  [-188]: 'unknown-topic',
  [-190]: 'unknown-topic',
  29: 'not-authorized'
}

/** Codes of what the client tries again by itself, as often as the script says. */
const PASSING = new Set(['delivery-timeout', 'delivery-failed'])
/** Codes of what somebody may put right: only `ON ERROR (action = 'retry')` waits for that. */
const OF_TOPIC = new Set(['unknown-topic', 'not-authorized'])

/** Whether trying again makes no sense. */
export function isPermanent(error: unknown): boolean {
  return isRecordsFault(error) && !PASSING.has(refusalCode(error))
}

export function isTopicsFault(error: unknown): boolean {
  return OF_TOPIC.has(refusalCode(error))
}

export function isTooLarge(error: unknown): boolean {
  return errorCode(error) === TOO_LARGE_ERROR
}

/** A record of the batch is not valid; the others are as good as not sent. */
export function isOfMixedBatch(error: unknown): boolean {
  const code = errorCode(error)
  return code === INVALID_RECORD || code === INVALID_DIFFERENT_RECORD
}

/** The times of what is sent are too far from the brokers': the clock is to blame, and somebody may set it. */
export function isClocksFault(error: unknown): boolean {
  return errorCode(error) === INVALID_TIMESTAMP
}

export function isRecordsFault(error: unknown): boolean {
  return errorCode(error) in refusals
}

/** The code for metrics and dead letters of an error that is a record's fault. */
export function refusalCode(error: unknown): string {
  return refusals[errorCode(error)] ?? 'broker-refused'
}
