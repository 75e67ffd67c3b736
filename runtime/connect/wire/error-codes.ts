/** Those of the protocol that somebody here acts on: https://kafka.apache.org/protocol.html#protocol_error_codes */
export const CODES = {
  unknown: -1,
  unknownTopic: 3,
  tooLarge: 10,
  coordinatorLoading: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  recordListTooLarge: 18,
  rebalanceInProgress: 27,
  topicAuthorization: 29,
  invalidTimestamp: 32,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidEpoch: 47,
  invalidTransactionState: 48,
  invalidIdMapping: 49,
  concurrentTransactions: 51,
  notAttempted: 55,
  unknownProducer: 59,
  invalidRecord: 87,
  fenced: 90
} as const

const TEXTS: Readonly<Record<number, string>> = {
  [CODES.unknownTopic]: 'Unknown topic or partition',
  [CODES.tooLarge]: 'Message size too large',
  7: 'Request timed out',
  [CODES.coordinatorLoading]: 'Coordinator load in progress',
  [CODES.coordinatorNotAvailable]: 'Coordinator not available',
  [CODES.notCoordinator]: 'Not coordinator',
  [CODES.recordListTooLarge]: 'Message batch larger than configured server segment size',
  19: 'Not enough in-sync replicas',
  20: 'Message(s) written to insufficient number of in-sync replicas',
  22: 'Specified group generation id is not valid',
  25: 'Unknown member',
  [CODES.topicAuthorization]: 'Topic authorization failed',
  30: 'Group authorization failed',
  31: 'Cluster authorization failed',
  [CODES.invalidTimestamp]: 'Invalid timestamp: is the clock of this machine ahead?',
  44: 'Request parameters do not satisfy the configured policy',
  [CODES.outOfOrderSequence]: 'Broker received an out of order sequence number',
  [CODES.invalidEpoch]: 'Producer attempted an operation with an old epoch',
  [CODES.invalidTransactionState]:
    'Producer attempted a transactional operation in an invalid state',
  [CODES.invalidIdMapping]:
    'Producer attempted to use a producer id which is not currently assigned to its transactional id',
  50: 'Transaction timeout is larger than the maximum value allowed by the broker’s max.transaction.timeout.ms',
  53: 'Transactional Id authorization failed',
  [CODES.unknownProducer]: 'Unknown Producer Id',
  82: 'Static consumer fenced by other consumer with same group.instance.id',
  [CODES.invalidRecord]: 'Broker failed to validate record',
  [CODES.fenced]: 'Producer fenced by newer instance'
}

/** In the words of librdkafka, for who reads them and for who looks for them. `said`: by the broker, of this case. */
export function brokerText(code: number, said: string | null = null): string {
  return `Broker: ${TEXTS[code] ?? said ?? `Error ${code}`}`
}
