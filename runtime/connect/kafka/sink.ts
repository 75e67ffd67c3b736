import { setTimeout as sleep } from 'node:timers/promises'
import type {
  OutputBatch,
  SinkConnection,
  SinkDefinition,
  SinkListener
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../pipeline/environment-error.ts'
import { clientConfig, errorCode, errorText, logClientErrors } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'

type Producer = InstanceType<KafkaNative['Producer']>

const QUEUE_FULL = -184
const TIMED_OUT = -185
/** How long a topic that the broker creates by itself may take to appear, in ms. */
const CREATE_TIMEOUT = 5000
/** A flush is waited for in steps, so that closing can give up. */
const FLUSH_STEP = 1000

/**
 * One producer. Only failures are reported back by librdkafka (`delivery.report.only.error`), so a record that arrives costs
 * nothing here; `flush` is what says that all before it did.
 */
export async function openKafkaSink(
  sink: SinkDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SinkListener,
  log: Logger
): Promise<SinkConnection> {
  const { Producer } = await loadKafkaNative()
  const config = clientConfig(sink.brokers, properties, {
    'compression.codec': sink.compression,
    'batch.num.messages': sink.batchSize,
    'linger.ms': sink.linger,
    'enable.idempotence': idempotent(properties),
    // As Java clients place keys.
    partitioner: 'murmur2_random',
    // Never given up on: a broker that is away stops the pipeline's progress, not its records.
    'message.timeout.ms': 0,
    'queue.buffering.max.messages': 200_000,
    'queue.buffering.max.kbytes': 32_768,
    'statistics.interval.ms': 1000,
    'delivery.report.only.error': true,
    dr_msg_cb: true
  })
  const producer = new Producer(config)
  producer.on('event.error', logClientErrors(log, `sink "${sink.name}"`))
  await connectClient(producer, sink.brokers)
  producer.setPollInBackground(true)
  await requireTopic(producer, sink)
  return new KafkaSink(producer, sink, listener)
}

// acks other than all, or more than five requests in flight, cannot be idempotent: the script chose speed.
function idempotent(properties: Readonly<Record<string, string>>): boolean {
  const acks = properties['request.required.acks'] ?? properties['acks'] ?? 'all'
  return acks === 'all' || acks === '-1'
}

async function requireTopic(producer: Producer, { name, topic }: SinkDefinition): Promise<void> {
  for (let waited = 0; waited <= CREATE_TIMEOUT; waited += 250) {
    if ((await topicPartitions(producer, topic)) > 0) return
    await sleep(250)
  }
  throw new EnvironmentError(
    `topic "${topic}" of sink "${name}" does not exist, and the broker does not create it`,
    `Create it: kafka-topics.sh --create --topic ${topic}`
  )
}

interface DeliveryReport {
  readonly key?: Uint8Array | string | null | undefined
  readonly value?: Uint8Array | null | undefined
}

class KafkaSink implements SinkConnection {
  readonly #producer: Producer
  readonly #topic: string
  readonly #listener: SinkListener
  #before = 0
  #after = 0

  constructor(producer: Producer, { topic }: SinkDefinition, listener: SinkListener) {
    this.#producer = producer
    this.#topic = topic
    this.#listener = listener
    producer.on('delivery-report', (error, report) => {
      if (error) this.#refused(error, report)
    })
    producer.on('event.stats', ({ message }: { message: string }) => this.#readStatistics(message))
  }

  async send(batch: OutputBatch): Promise<void> {
    const { bytes, keyStart, keyEnd, valueStart, valueEnd } = batch
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let i = 0; i < batch.count; i++) {
      const key = keyStart[i]! < 0 ? null : view.subarray(keyStart[i], keyEnd[i])
      const value = view.subarray(valueStart[i], valueEnd[i])
      while (!this.#produce(value, key, batch, i)) await sleep(2)
    }
  }

  /** False: the queue is full, try again later. */
  #produce(value: Buffer, key: Buffer | null, batch: OutputBatch, record: number): boolean {
    try {
      this.#producer.produce(this.#topic, null, value, key)
      return true
    } catch (error) {
      if (errorCode(error) === QUEUE_FULL) return false
      this.#listener.refused({
        key: key === null ? null : Uint8Array.from(key),
        value: Uint8Array.from(value),
        from: { partition: batch.partition[record]!, offset: batch.offset[record]! },
        code: refusalCode(error),
        message: errorText(error)
      })
      return true
    }
  }

  #refused(error: unknown, { key, value }: DeliveryReport): void {
    this.#listener.refused({
      key: key == null ? null : Uint8Array.from(Buffer.from(key)),
      value: Uint8Array.from(value ?? []),
      from: null,
      code: refusalCode(error),
      message: errorText(error)
    })
  }

  async flush(): Promise<void> {
    while (!(await this.#flushStep())) continue
  }

  /** False: some records are still on their way. */
  #flushStep(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#producer.flush(FLUSH_STEP, error => {
        if (!error) resolve(true)
        else if (errorCode(error) === TIMED_OUT) resolve(false)
        else reject(error)
      })
    })
  }

  // `batchsize` is of the batches sent since the last report, after compression; `txbytes` counts up, before it.
  #readStatistics(json: string): void {
    const { topics } = JSON.parse(json) as Statistics
    const topic = topics[this.#topic]
    if (topic === undefined) return
    this.#after += topic.batchsize.sum
    this.#before = Object.values(topic.partitions).reduce((sum, { txbytes }) => sum + txbytes, 0)
  }

  compressionRatio(): number {
    return this.#before === 0 ? 1 : this.#after / this.#before
  }

  async close(): Promise<void> {
    await new Promise(resolve => this.#producer.disconnect(5000, resolve))
  }
}

interface Statistics {
  readonly topics: Readonly<
    Record<
      string,
      {
        readonly batchsize: { readonly sum: number }
        readonly partitions: Readonly<Record<string, { readonly txbytes: number }>>
      }
    >
  >
}

const refusals: Readonly<Record<number, string>> = {
  3: 'unknown-topic',
  10: 'message-too-large',
  29: 'topic-authorization-failed',
  87: 'invalid-record'
}

function refusalCode(error: unknown): string {
  return refusals[errorCode(error)] ?? 'broker-refused'
}
