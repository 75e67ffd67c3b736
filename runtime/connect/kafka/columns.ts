import type { KafkaNative } from '../../native/index.ts'
import type { ReceivedColumns } from '../batch-buffer.ts'
import type { Membership } from '../wire/transactions.ts'

type Producer = InstanceType<KafkaNative['Producer']>
export type KafkaConsumer = InstanceType<KafkaNative['KafkaConsumer']>

/** Records as columns: -1 as start where a key or value is null. */
export interface RecordColumns {
  readonly bytes: Uint8Array
  readonly count: number
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  readonly valueStart: Int32Array
  readonly valueEnd: Int32Array
  /** Of changes of tables: the byte that is the value of the header; 0: no header. Null: of none. */
  readonly op: Uint8Array | null
  /** Where in the bytes the headers of each record are, packed; null: they have none. */
  readonly headers: Int32Array | null
}

/** What .ci/setup/batches.h and letters.h add to the client's addon: many records in one call, and no object for each. */
interface NativeProducer {
  produceBatch(
    topic: string,
    partition: number,
    bytes: Uint8Array,
    from: number,
    count: number,
    keyStart: Int32Array,
    keyEnd: Int32Array,
    valueStart: Int32Array,
    valueEnd: Int32Array,
    op: Uint8Array | null,
    header: string
  ): number
  produceLetters(
    topic: string,
    partition: number,
    bytes: Uint8Array,
    from: number,
    count: number,
    keyStart: Int32Array,
    keyEnd: Int32Array,
    valueStart: Int32Array,
    valueEnd: Int32Array,
    headers: Int32Array
  ): number
}
interface NativeConsumer {
  consumeBatch(
    timeout: number,
    limit: number,
    done: (error: Error | null, block: Buffer | null, count: number, ends: number) => void
  ): void
  /** By .ci/setup/membership.h. */
  membership(): Membership | null
}

/** Any partition, as the client's partitioner says. */
export const ANY_PARTITION = -1

/**
 * Hands records over from number `from` on; their bytes are copied. Answers the first that was not taken, because the queue is full
 * or it can never be sent: `produce` says which, if it is asked to send that one.
 */
export function produceColumns(
  producer: Producer,
  topic: string,
  partition: number,
  records: RecordColumns,
  from: number,
  header = ''
): number {
  const { bytes, count, keyStart, keyEnd, valueStart, valueEnd, op, headers } = records
  const client = native<NativeProducer>(producer)
  const places = [keyStart, keyEnd, valueStart, valueEnd] as const
  return headers === null
    ? client.produceBatch(topic, partition, bytes, from, count, ...places, op, header)
    : client.produceLetters(topic, partition, bytes, from, count, ...places, headers)
}

/** Up to `limit` records that are there within `timeout` ms. */
export function consumeColumns(
  consumer: KafkaConsumer,
  timeout: number,
  limit: number
): Promise<{ readonly records: ReceivedColumns | null; readonly isAtEnd: boolean }> {
  return new Promise((resolve, reject) => {
    native<NativeConsumer>(consumer).consumeBatch(timeout, limit, (error, block, count, ends) => {
      if (error !== null) reject(error)
      else resolve({ records: block === null ? null : columnsOf(block, count), isAtEnd: ends > 0 })
    })
  })
}

const DOUBLES = 2
const INTEGERS = 6

function columnsOf({ buffer, byteOffset, byteLength }: Buffer, count: number): ReceivedColumns {
  const size = count * (DOUBLES * 8 + INTEGERS * 4)
  const doubles = (i: number): Float64Array =>
    new Float64Array(buffer, byteOffset + i * count * 8, count)
  const integers = (i: number): Int32Array =>
    new Int32Array(buffer, byteOffset + (DOUBLES * 2 + i) * count * 4, count)
  const [valueEnd, keyEnd] = [integers(2), integers(4)]
  const valueBytes = valueEnd[count - 1]!
  return {
    bytes: new Uint8Array(buffer, byteOffset + size, byteLength - size),
    count,
    offset: doubles(0),
    timestamp: doubles(1),
    partition: integers(0),
    valueStart: integers(1),
    valueEnd,
    keyStart: integers(3),
    keyEnd,
    headers: integers(5),
    valueBytes,
    keyBytes: keyEnd[count - 1]! - valueBytes
  }
}

/** What a consumer is in its group at this moment; null: it is closed. */
export function membershipOf(consumer: KafkaConsumer): Membership | null {
  return native<NativeConsumer>(consumer).membership()
}

/** The addon's object behind one of the package. */
function native<T>(client: Producer | KafkaConsumer): T {
  return (client as unknown as { readonly _client: T })._client
}
