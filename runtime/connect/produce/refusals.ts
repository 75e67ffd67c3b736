import { CODES } from '../wire/error-codes.ts'

/** The broker counts otherwise than we do, or knows nothing of us, or of the transaction: only another producer id helps. */
const IDENTITY: readonly number[] = [
  CODES.outOfOrderSequence,
  CODES.invalidEpoch,
  CODES.invalidTransactionState,
  CODES.invalidIdMapping,
  CODES.unknownProducer,
  CODES.fenced
]
/**
 * May pass by itself: the broker can't say why, as while it shuts down (it knows a batch that comes twice by its number); corrupt on its
 * way, no leader, timed out, too few replicas, a transaction not ready, storage, throttled.
 */
const PASSING: readonly number[] = [
  CODES.unknown,
  2,
  CODES.unknownTopic,
  5,
  6,
  7,
  13,
  19,
  20,
  CODES.concurrentTransactions,
  56,
  72,
  74,
  75,
  89
]
const TOO_LARGE: readonly number[] = [CODES.tooLarge, CODES.recordListTooLarge]

/** What helps where a broker refuses a batch of so many records. `lose`: nothing. */
export type Remedy = 'newIdentity' | 'wait' | 'newTime' | 'halve' | 'leaveOut' | 'lose'

export function remedyFor(code: number, records: number): Remedy {
  if (IDENTITY.includes(code)) return 'newIdentity'
  if (PASSING.includes(code)) return 'wait'
  // The time is ours and no record's: it is right when somebody has set the clock.
  if (code === CODES.invalidTimestamp) return 'newTime'
  if (TOO_LARGE.includes(code) && records > 1) return 'halve'
  return code === CODES.invalidRecord && records > 1 ? 'leaveOut' : 'lose'
}
