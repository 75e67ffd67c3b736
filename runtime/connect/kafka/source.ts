import type {
  Batch,
  SourceConnection,
  SourceDefinition,
  SourceListener
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { BatchBuffer, type ReceivedRecord } from '../batch-buffer.ts'
import { clientConfig, errorCode, errorText, logClientErrors } from './client-config.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { readHeaders } from './headers.ts'

type Consumer = InstanceType<KafkaNative['KafkaConsumer']> & ConsumerInternals
type Message = import('@confluentinc/kafka-javascript').Message
type Assignment = readonly { readonly topic: string; readonly partition: number }[]

/** Methods that the package has and its type declarations lack. */
interface ConsumerInternals {
  commitCb(offsets: readonly object[], done: (error: Error | null) => void): void
  setDefaultIsTimeoutOnlyForFirstMessage(only: boolean): void
}

/** One consumer of a group, adapted to batches: each message is copied once, into the batch's buffer. */
export async function openKafkaSource(
  source: SourceDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SourceListener,
  log: Logger
): Promise<SourceConnection> {
  const { KafkaConsumer } = await loadKafkaNative()
  const { 'auto.offset.reset': reset, ...rest } = properties
  const config = clientConfig(source.brokers, rest, {
    'group.id': source.groupId,
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    // What is fetched ahead is memory: enough for the fastest pipeline to never wait, far below the 64 MB default.
    'queued.max.messages.kbytes': 16_384,
    'fetch.queue.backoff.ms': 10,
    'fetch.wait.max.ms': 100
  })
  const consumer = new KafkaConsumer({ ...config, rebalance_cb: onRebalance }, {
    'auto.offset.reset': reset ?? source.autoOffsetReset
  } as object) as Consumer
  const state = new SourceState(consumer, source, listener, log)
  function onRebalance(error: unknown, assignment: Assignment): void {
    void state.rebalance(errorCode(error), assignment)
  }
  consumer.on('event.error', logClientErrors(log, `source "${source.name}"`))
  await connectClient(consumer, source.brokers)
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  consumer.subscribe([source.topic])
  return state
}

const ASSIGN = -175
const REVOKE = -174
const UNKNOWN_TOPIC = 3

class SourceState implements SourceConnection {
  readonly #consumer: Consumer
  readonly #source: SourceDefinition
  readonly #listener: SourceListener
  readonly #log: Logger
  readonly #batch: BatchBuffer
  /** Grows with each change of the assignment: what was polled before belongs to nobody then. */
  #generation = 0
  #closing = false

  constructor(consumer: Consumer, source: SourceDefinition, listener: SourceListener, log: Logger) {
    this.#consumer = consumer
    this.#source = source
    this.#listener = listener
    this.#log = log
    this.#batch = new BatchBuffer(listener.rejected)
  }

  async rebalance(code: number, assignment: Assignment): Promise<void> {
    const partitions = assignment.map(({ partition }) => partition)
    this.#generation++
    try {
      if (code === ASSIGN) {
        this.#consumer.assign([...assignment])
        this.#listener.assigned(partitions)
      } else if (code === REVOKE) {
        await this.#listener.revoking(partitions)
        this.#consumer.unassign()
      }
    } catch (error) {
      if (!this.#closing) this.#log.log('warn', `rebalance: ${errorText(error)}`)
    }
  }

  async poll(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null> {
    const generation = this.#generation
    const messages = await this.#consume(maxRecords, maxWait)
    if (messages.length > 0 && messages.length < maxRecords && fill > 0) {
      messages.push(...(await this.#consume(maxRecords - messages.length, fill)))
    }
    // Records of a partition that went away meanwhile are the next owner's: it reads them again.
    if (messages.length === 0 || generation !== this.#generation) return null
    this.#batch.fill(messages as readonly ReceivedRecord[], record =>
      readHeaders(messages[record]!)
    )
    return this.#batch
  }

  #consume(count: number, timeout: number): Promise<Message[]> {
    this.#consumer.setDefaultConsumeTimeout(timeout)
    return new Promise(resolve => {
      this.#consumer.consume(count, (error, messages) => {
        if (error) this.#report(error)
        resolve(messages ?? [])
      })
    })
  }

  #report(error: unknown): void {
    if (this.#closing) return
    const { name, topic } = this.#source
    const text =
      errorCode(error) === UNKNOWN_TOPIC
        ? `source "${name}": topic "${topic}" does not exist yet`
        : `source "${name}": ${errorText(error)}`
    this.#log.limited('warn', text, { component: 'kafka' })
  }

  async commit(partitions: readonly number[], next: readonly number[]): Promise<void> {
    if (partitions.length === 0) return
    const { topic } = this.#source
    const offsets = partitions.map((partition, i) => ({ topic, partition, offset: next[i]! }))
    await new Promise<void>((resolve, reject) => {
      this.#consumer.commitCb(offsets, error => (error ? reject(error) : resolve()))
    })
  }

  lag(partition: number, next: number): number | null {
    try {
      const { highOffset } = this.#consumer.getWatermarkOffsets(this.#source.topic, partition)
      return highOffset < 0 ? null : Math.max(0, highOffset - next)
    } catch {
      // librdkafka knows the watermarks only once it has fetched.
      return null
    }
  }

  partitions(): Promise<number> {
    return topicPartitions(this.#consumer, this.#source.topic)
  }

  async close(): Promise<void> {
    this.#closing = true
    await new Promise(resolve => this.#consumer.disconnect(5000, resolve))
    this.#batch.release()
  }
}
