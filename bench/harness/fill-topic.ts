import { TopicConnection } from './topic-connection.ts'
import { ValueBatch } from './value-batch.ts'

const BATCH_BYTES = 256 << 10

/** Writes `count` values to a topic whose leader is one broker; the partition is the number modulo how many there are. */
export async function fillTopic(
  brokers: string,
  topic: string,
  count: number,
  value: (n: number) => Uint8Array
): Promise<void> {
  const connection = await TopicConnection.open(brokers, topic)
  const { partitions } = connection
  const batches = Array.from({ length: partitions }, () => new ValueBatch(BATCH_BYTES * 2))
  const send = (): Promise<void> => {
    const full = [...batches.entries()].filter(([, batch]) => batch.count > 0)
    return connection.append(new Map(full.map(([i, batch]) => [i, batch.take(Date.now())])))
  }
  for (let n = 0; n < count; n++) {
    batches[n % partitions]!.add(value(n))
    if (batches[partitions - 1]!.length > BATCH_BYTES) await send()
  }
  if (batches[0]!.count > 0) await send()
  connection.close()
}
