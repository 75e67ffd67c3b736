import { packRecords, type PlainRecord } from './pack-records.ts'
import { isPermanent } from './refusal.ts'
import type { SentRecords } from './sent-records.ts'
import { topicFailed } from './undelivered-records.ts'

/** Records of the pipeline's own, for one partition: nobody may go on without them. */
export function ownRecords(
  topic: string,
  partition: number,
  records: readonly PlainRecord[]
): SentRecords {
  return {
    ...packRecords(records),
    topic,
    partition,
    isTriedAgain: error => !isPermanent(error),
    refused(_record, error) {
      throw topicFailed(topic, error)
    }
  }
}
