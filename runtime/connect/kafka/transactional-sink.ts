import type {
  OutputBatch,
  SinkConnection,
  SinkDefinition,
  SinkListener
} from '../../contract/index.ts'
import { sentHeaders } from '../sent-headers.ts'
import { BatchCopies } from './batch-copies.ts'
import { errorText } from './client-config.ts'
import { ANY_PARTITION } from './columns.ts'
import { ownRecords } from './own-records.ts'
import { isPermanent, refusalCode, TOO_LARGE } from './refusal.ts'
import { requireTopic } from './require-topic.ts'
import { SinkRetries } from './sink-retries.ts'
import { mostBytes } from './transaction-config.ts'
import type { KafkaTransactions } from './transactions.ts'

/** A sink whose records are seen when the pipeline commits. */
export async function openTransactionalSink(
  sink: SinkDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SinkListener,
  transactions: KafkaTransactions
): Promise<SinkConnection> {
  const most = mostBytes(properties)
  await requireTopic(
    sink,
    topic => transactions.partitionsOf(topic, true),
    topic => transactions.errorOf(topic)
  )
  const unwatch = transactions.watch((up, reason) => listener.connected(up, reason))
  const retries = new SinkRetries(sink, listener)
  const copies = new BatchCopies()
  const refuse = (
    batch: OutputBatch,
    record: number,
    code: string,
    message: string,
    attempt: number
  ): void => {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd, partition, offset } = batch
    listener.refused({
      key: partOf(bytes, keyStart[record]!, keyEnd[record]!),
      value: partOf(bytes, valueStart[record]!, valueEnd[record]!),
      from: { partition: partition[record]!, offset: offset[record]! },
      headers: sentHeaders(batch, record),
      code,
      message,
      attempt
    })
  }
  return {
    async send(batch) {
      const tooLarge = largerThan(most, batch)
      // It would take all others of its transaction along.
      for (const record of tooLarge) {
        refuse(batch, record, TOO_LARGE, `more than ${most} bytes`, 1)
      }
      const { batch: copy, release } = copies.take(batch)
      const records = {
        ...copy,
        release,
        topic: sink.topic,
        partition: ANY_PARTITION,
        // What may pass is waited for, unless the script says how often it is tried.
        isTriedAgain: (error: unknown) =>
          retries.takes(error) || (sink.onError.action !== 'retry' && !isPermanent(error)),
        refused: (record: number, error: unknown) =>
          refuse(copy, record, refusalCode(error), errorText(error), retries.attemptsOf(error))
      }
      await transactions.send(records, tooLarge)
    },
    ...(sink.exchange === undefined
      ? {}
      : { broadcast: value => broadcast(sink.topic, sink.exchange!.tasks, value, transactions) }),
    // The commit waits for them.
    async flush() {
      if (!(await retries.wait())) retries.reset()
    },
    compressionRatio: () => transactions.compressionRatio(sink.topic),
    close: async () => unwatch()
  }
}

async function broadcast(
  topic: string,
  partitions: number,
  value: Uint8Array,
  transactions: KafkaTransactions
): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    await transactions.send(ownRecords(topic, partition, [{ key: null, value }]))
  }
}

function largerThan(most: number, batch: OutputBatch): number[] {
  const { count, keyStart, keyEnd, valueStart, valueEnd } = batch
  const found: number[] = []
  for (let i = 0; i < count; i++) {
    const key = keyStart[i]! < 0 ? 0 : keyEnd[i]! - keyStart[i]!
    const value = valueStart[i]! < 0 ? 0 : valueEnd[i]! - valueStart[i]!
    if (key + value > most) found.push(i)
  }
  return found
}

function partOf(bytes: Uint8Array, start: number, end: number): Uint8Array | null {
  return start < 0 ? null : bytes.slice(start, end)
}
