import { setTimeout as sleep } from 'node:timers/promises'
import { unpackHeaders } from '../../codec/index.ts'
import type { LetterBatch, RecordHeader } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import { CHANGE_HEADER } from '../sent-headers.ts'
import { errorCode } from './client-config.ts'
import { produceColumns, type RecordColumns } from './columns.ts'
import { writeHeaders } from './headers.ts'
import { QUEUE_FULL } from './producer.ts'
import { isTooLarge } from './refusal.ts'

type Producer = InstanceType<KafkaNative['Producer']>

/** Records of one topic that are kept until their transaction is committed: where it is aborted they are sent again. */
export interface SentRecords extends RecordColumns {
  readonly topic: string
  /** Dead letters: the same records as batches hold them. */
  readonly letters?: LetterBatch
  /** They are committed: their memory may be used again. */
  readonly release?: () => void
  readonly partition: number
  /** Whether what failed so is sent again; else it is refused. */
  isTriedAgain(error: unknown): boolean
  /** The brokers don't take it. Throws where nobody may go on without it. */
  refused(record: number, error: unknown): void
}

/** Hands the records over, but those in `left`, in order; waits while the queue is full. `hasFailed`: it will stay so. */
export async function produceRecords(
  producer: Producer,
  records: SentRecords,
  left: ReadonlySet<number>,
  hasFailed: () => boolean
): Promise<void> {
  let from = 0
  for (const record of [...left].sort((a, b) => a - b)) {
    await produceRange(producer, records, from, record, hasFailed)
    from = record + 1
  }
  await produceRange(producer, records, from, records.count, hasFailed)
}

async function produceRange(
  producer: Producer,
  records: SentRecords,
  from: number,
  to: number,
  hasFailed: () => boolean
): Promise<void> {
  const { topic, partition } = records
  const range = { ...records, count: to }
  for (let next = from; !hasFailed(); next++) {
    if (next < to) next = produceColumns(producer, topic, partition, range, next, CHANGE_HEADER)
    if (next >= to) return
    // It is sent by itself, to see why it was not taken.
    while (!hasFailed() && !produceOne(producer, records, next)) await sleep(2)
  }
}

/** False: the queue is full, try again later. */
function produceOne(producer: Producer, records: SentRecords, record: number): boolean {
  const { topic, partition } = records
  const list = writeHeaders(headersOf(records, record)) as never
  try {
    const [key, value] = [keyOf(records, record), valueOf(records, record)]
    producer.produce(topic, partition, value, key, null, undefined, list)
    return true
  } catch (error) {
    if (errorCode(error) === QUEUE_FULL) return false
    if (!isTooLarge(error)) throw error
    records.refused(record, error)
    return true
  }
}

/** Those that it is sent with. */
export function headersOf({ bytes, headers, op }: RecordColumns, record: number): RecordHeader[] {
  if (headers !== null) return unpackHeaders(bytes, headers[record]!)
  const change = op?.[record] ?? 0
  return change === 0 ? [] : [{ key: CHANGE_HEADER, value: Uint8Array.of(change) }]
}

export function keyOf({ bytes, keyStart, keyEnd }: RecordColumns, record: number): Buffer | null {
  return partOf(bytes, keyStart[record]!, keyEnd[record]!)
}

export function valueOf(records: RecordColumns, record: number): Buffer | null {
  const { bytes, valueStart, valueEnd } = records
  return partOf(bytes, valueStart[record]!, valueEnd[record]!)
}

function partOf(bytes: Uint8Array, start: number, end: number): Buffer | null {
  return start < 0 ? null : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
}
