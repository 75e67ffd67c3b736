import { setTimeout as sleep } from 'node:timers/promises'
import { type Api, BrokerConnection } from '../../runtime/connect/wire/broker-connection.ts'
import { openDecompressor } from '../../runtime/connect/wire/decompress.ts'
import { FETCH, readFetch, writeFetch } from '../../runtime/connect/wire/fetch.ts'
import { METADATA, readMetadata, writeMetadata } from '../../runtime/connect/wire/metadata.ts'
import { readBatchHead } from '../../runtime/connect/wire/record-batch.ts'

const PRODUCE: Api = { name: 'Produce', key: 0, version: 7, isFlexible: false }
const ALL_REPLICAS = -1
/** Unknown topic, leader not available, not the leader: of a topic that is new. */
const NOT_YET: readonly number[] = [3, 5, 6]
const TIMEOUT = 30_000
const ANSWER_BYTES = 16 << 20
const PARTITION_BYTES = 4 << 20
/** What a fetch waits for records, in ms. */
const MAX_WAIT = 100

/** Of a record, in bytes that are only good for the duration of the call. */
export type VisitValue = (bytes: Uint8Array, start: number, end: number) => void

/** A topic of a broker that leads all of it, by the protocol alone: no queue and no object per record in between. */
export class TopicConnection {
  readonly partitions: number
  readonly #topic: string
  readonly #id: string
  readonly #connection: BrokerConnection

  private constructor(connection: BrokerConnection, topic: string, id: string, partitions: number) {
    this.#connection = connection
    this.#topic = topic
    this.#id = id
    this.partitions = partitions
  }

  /** Waits until the topic has leaders. */
  static async open(brokers: string, topic: string): Promise<TopicConnection> {
    const [host = '', port] = brokers.split(':')
    const settings = { clientId: 'bench', tls: null, timeout: TIMEOUT }
    const connection = await BrokerConnection.open({ host, port: Number(port) }, settings)
    for (;;) {
      const { answer, body } = await connection.request(METADATA, request =>
        writeMetadata(request, topic)
      )
      const { error, id, partitions } = readMetadata(body).topic
      answer.release()
      const isLed = partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)
      if (error === 0 && isLed) {
        return new TopicConnection(connection, topic, id, partitions.length)
      }
      await sleep(20)
    }
  }

  /** Resolves when all replicas have the batches, one for each partition. */
  async append(batches: ReadonlyMap<number, Uint8Array>): Promise<void> {
    for (let left = batches; left.size > 0;) {
      const errors = await this.#produce(left)
      const failed = errors.find(({ error }) => error !== 0 && !NOT_YET.includes(error))
      if (failed !== undefined) throw new Error(`${this.#topic}: Kafka's error ${failed.error}`)
      const again = errors.filter(({ error }) => error !== 0)
      left = new Map(again.map(({ partition }) => [partition, left.get(partition)!]))
      if (left.size > 0) await sleep(20)
    }
  }

  async #produce(batches: ReadonlyMap<number, Uint8Array>) {
    const { answer, body } = await this.#connection.request(PRODUCE, request => {
      request.string(null).int16(ALL_REPLICAS).int32(TIMEOUT)
      request.int32(1).string(this.#topic).int32(batches.size)
      for (const [partition, batch] of batches) {
        request.int32(partition).int32(batch.length).raw(batch)
      }
    })
    const errors = body.array(() => {
      body.string()
      return body.array(() => {
        const failed = { partition: body.int32(), error: body.int16() }
        // Where and when it was appended.
        body.skip(24)
        return failed
      })
    })
    answer.release()
    return errors.flat()
  }

  /**
   * Fetches what comes behind `offsets`, which are moved on: those of some partitions, by their numbers. Answers how many records
   * there were, and whether that was all.
   */
  async fetch(
    offsets: Map<number, number>,
    visit: VisitValue | null
  ): Promise<{ readonly records: number; readonly isEnd: boolean }> {
    const { answer, body } = await this.#connection.request(
      FETCH,
      request =>
        writeFetch(request, {
          ...{ topicId: this.#id, maxWait: MAX_WAIT, minBytes: 1, maxBytes: ANSWER_BYTES },
          ...{ partitionBytes: PARTITION_BYTES, isCommittedOnly: true },
          ...{ session: 0, sessionEpoch: -1, forgotten: [] },
          partitions: [...offsets].map(([partition, offset]) => ({
            ...{ partition, offset, leaderEpoch: -1, lastEpoch: -1 }
          }))
        }),
      MAX_WAIT
    )
    let records = 0
    let isEnd = true
    let isNew = false
    for (const { partition, error, start, end, highWatermark } of readFetch(body).partitions) {
      if (NOT_YET.includes(error)) {
        isNew = true
        continue
      }
      if (error !== 0) throw new Error(`${this.#topic}: Kafka's error ${error}`)
      const before = offsets.get(partition)!
      const after = (await walkBatches(answer.bytes, start, end, visit)) ?? before
      records += after - before
      offsets.set(partition, after)
      isEnd &&= after >= highWatermark
    }
    answer.release()
    if (isNew) await sleep(20)
    return { records, isEnd: isEnd && !isNew }
  }

  /** Resolves when the topic holds a record, at once. */
  async firstRecord(): Promise<void> {
    const offsets = new Map(Array.from({ length: this.partitions }, (_, i) => [i, 0]))
    while ((await this.fetch(offsets, null)).records === 0);
  }

  /** Every value that the topic holds now. */
  async readAll(visit: VisitValue): Promise<void> {
    const offsets = new Map(Array.from({ length: this.partitions }, (_, i) => [i, 0]))
    while (!(await this.fetch(offsets, visit)).isEnd);
  }

  close(): void {
    this.#connection.close()
  }
}

/** Answers the offset behind the last whole batch; undefined: there is none. */
async function walkBatches(
  bytes: Uint8Array,
  start: number,
  end: number,
  visit: VisitValue | null
): Promise<number | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let next: number | undefined
  for (;;) {
    const head = readBatchHead(view, start, end)
    if (head === null) return next
    if (visit !== null && !head.isControl) {
      const decompress = await openDecompressor(head.compression)
      if (decompress === null) visitValues(bytes, head.start, head.count, visit)
      else visitValues(decompress(bytes.subarray(head.start, head.end)), 0, head.count, visit)
    }
    next = head.lastOffset + 1
    start = head.end
  }
}

/** https://kafka.apache.org/documentation/#record */
function visitValues(bytes: Uint8Array, start: number, count: number, visit: VisitValue): void {
  let pos = start
  const number = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[pos++]!
      value += (byte & 127) * scale
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
  }
  for (let i = 0; i < count; i++) {
    const length = number()
    const after = pos + length
    pos++
    number()
    number()
    const keyLength = number()
    pos += Math.max(0, keyLength)
    const valueLength = number()
    if (valueLength >= 0) visit(bytes, pos, pos + valueLength)
    pos = after
  }
}
