import { EnvironmentError } from '../../observe/environment-error.ts'
import { errorText } from './client-config.ts'
import { isPermanent, isRecordsFault, isTooLarge } from './refusal.ts'
import { keyOf, type SentRecords, valueOf } from './sent-records.ts'

/** Of a record that did not arrive. */
export interface Report {
  readonly topic: string
  readonly key?: Uint8Array | string | null
  readonly value?: Uint8Array | null
}

interface Undelivered {
  readonly error: unknown
  readonly report: Report
}

const NONE: ReadonlySet<number> = new Set()

/** The records of a transaction that did not arrive, and those among them that will not when it is tried again. */
export class UndeliveredRecords {
  #found: Undelivered[] = []
  readonly #leftOut = new Map<SentRecords, Set<number>>()
  /** Topics that take nothing. */
  readonly #shut = new Map<string, unknown>()

  /** Others of the transaction are lost with it, and come again: only what may be a record's own fault is remembered. */
  add(error: unknown, report: Report): void {
    if (isRecordsFault(error)) this.#found.push({ error, report })
  }

  /** The topic takes no records at all: nobody reports on each. */
  addTopic(topic: string, error: unknown): void {
    this.#shut.set(topic, error)
  }

  /** The places of records that are not sent again. */
  leftOut(records: SentRecords): ReadonlySet<number> {
    return this.#leftOut.get(records) ?? NONE
  }

  /**
   * Leaves out what is refused for good, and tells whose it is. True: records have to go one by one, as the brokers refuse
   * whole batches. Throws where the pipeline can't go on.
   */
  take(sent: readonly SentRecords[], isCareful: boolean): boolean {
    const found = this.#found
    this.#found = []
    this.#takeShut(sent)
    if (!isCareful && found.some(({ error }) => isTooLarge(error))) return true
    const refused: { records: SentRecords; record: number; at: number; error: unknown }[] = []
    for (const { error, report } of found) {
      const place = this.#find(sent, report)
      if (place === null) {
        if (isPermanent(error)) throw topicFailed(report.topic, error)
        continue
      }
      if (place.records.isTriedAgain(error)) continue
      this.leaveOut(place.records, place.record)
      refused.push({ ...place, at: sent.indexOf(place.records), error })
    }
    // As they were sent, whatever the order was in which partitions answered.
    refused.sort((a, b) => a.at - b.at || a.record - b.record)
    for (const { records, record, error } of refused) records.refused(record, error)
    return isCareful
  }

  #takeShut(sent: readonly SentRecords[]): void {
    for (const records of sent) {
      const error = this.#shut.get(records.topic)
      if (error === undefined) continue
      for (let record = 0; record < records.count; record++) {
        if (!this.leftOut(records).has(record)) this.#refuse(records, record, error)
      }
    }
    this.#shut.clear()
  }

  #refuse(records: SentRecords, record: number, error: unknown): void {
    if (records.isTriedAgain(error)) return
    this.leaveOut(records, record)
    records.refused(record, error)
  }

  /** It is not sent, or not sent again. */
  leaveOut(records: SentRecords, record: number): void {
    const places = this.#leftOut.get(records) ?? new Set()
    this.#leftOut.set(records, places.add(record))
  }

  /** By its bytes: of two that are alike it is no matter which. */
  #find(sent: readonly SentRecords[], { topic, key = null, value = null }: Report) {
    const keyBytes = key === null ? null : Buffer.from(key)
    for (const records of sent) {
      if (records.topic !== topic) continue
      for (let record = 0; record < records.count; record++) {
        if (this.#leftOut.get(records)?.has(record) === true) continue
        if (isSame(valueOf(records, record), value) && isSame(keyOf(records, record), keyBytes))
          return { records, record }
      }
    }
    return null
  }

  clear(): void {
    this.#found = []
    this.#leftOut.clear()
  }
}

function isSame(one: Buffer | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}

export function topicFailed(topic: string, error: unknown): EnvironmentError {
  return new EnvironmentError(`topic "${topic}" takes no records: ${errorText(error)}`)
}
