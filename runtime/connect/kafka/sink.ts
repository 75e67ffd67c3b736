import { setTimeout as sleep } from 'node:timers/promises'
import type {
  OutputBatch,
  RefusedRecord,
  SinkConnection,
  SinkDefinition,
  SinkListener
} from '../../contract/index.ts'
import { type KafkaNative, loadKafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import { TransactionLost } from '../../observe/transaction-lost.ts'
import { BatchLimit } from './batch-limit.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { ClientProducer } from './client-producer.ts'
import { connectClient, topicPartitions } from './connect-client.ts'
import { OwnProducer } from './own-producer.ts'
import { produceSettings } from './produce-settings.ts'
import {
  isClocksFault,
  isOfMixedBatch,
  isRecordsFault,
  isTooLarge,
  isTopicsFault,
  refusalCode
} from './refusal.ts'
import { explainDenial, type Needs } from './denial.ts'
import { requireTopic } from './require-topic.ts'
import { topicError } from './topic-error.ts'
import { sinkConfig } from './sink-config.ts'
import type { ProduceSettings } from '../produce/raw-producer.ts'
import type { LostRecord } from '../produce/split-batch.ts'
import type { SinkProducer, SinkProducerListener } from './sink-producer.ts'
import { SinkRetries } from './sink-retries.ts'
import { Outage, watchConnection } from './watch-connection.ts'

const CLOCK_HINT =
  'Set the clock of this machine: brokers take no record whose time is more than an hour ahead of theirs. The next start goes on from the last commit.'

/** The property that says who sends; absent: we do, where we can. */
export const PRODUCE_PROPERTY = 'miraclec.produce'

/** Before a topic that is gone is looked for again, in ms: librdkafka by itself does so each five minutes. */
const LOOK_AGAIN = 1000

/** How long our own producer may take before librdkafka is asked why nobody answers, in ms. */
const HEAD_START = 1000

/** One topic that records are written to, at least once. */
export async function openKafkaSink(
  sink: SinkDefinition,
  properties: Readonly<Record<string, string>>,
  listener: SinkListener,
  log: Logger
): Promise<SinkConnection> {
  const native = await loadKafkaNative()
  const config = sinkConfig(sink, properties)
  const isOwn = properties[PRODUCE_PROPERTY] !== 'librdkafka'
  const connection = new KafkaSink(native, config, sink, listener, log, isOwn)
  try {
    await connection.open()
  } catch (error) {
    // A client that is left open keeps the process alive.
    await connection.close()
    throw error
  }
  return connection
}

class KafkaSink implements SinkConnection, SinkProducerListener {
  readonly #native: KafkaNative
  readonly #config: ClientConfig
  readonly #sink: SinkDefinition
  readonly #listener: SinkListener
  readonly #log: Logger
  readonly #limit: BatchLimit
  readonly #retries: SinkRetries
  readonly #isOwn: boolean
  #producer: SinkProducer | null = null
  /** A batch was refused as too large: whichever of its records is to blame. */
  #isTooLarge = false
  /** A batch was refused for one of its records, whichever it is. */
  #isMixed = false
  /** What is sent from now on comes again. */
  #comesAgain = false
  /** Nothing arrives any more, and no record is to blame. */
  #broken = false
  /** Its topic is gone, and librdkafka sends nothing more to it. */
  #isLookedFor = false
  #closing = false

  constructor(
    native: KafkaNative,
    config: ClientConfig,
    sink: SinkDefinition,
    listener: SinkListener,
    log: Logger,
    isOwn: boolean
  ) {
    this.#native = native
    this.#config = config
    this.#sink = sink
    this.#listener = listener
    this.#log = log
    this.#isOwn = isOwn
    this.#limit = new BatchLimit(config)
    this.#retries = new SinkRetries(sink, listener)
  }

  /**
   * By itself where it can: librdkafka comes in where that does not work soon. It says what is wrong with brokers and topic, and has the
   * brokers make a topic that is not there.
   */
  async open(): Promise<void> {
    // Settings that librdkafka does not take are refused whoever sends.
    const client = this.#makeClient()
    const settings = await produceSettings(this.#sink.topic, this.#config)
    if (!this.#isOwn || typeof settings === 'string') return this.#connect(client)
    const early = this.#openOwn(settings).catch(() => null)
    const first = await Promise.race([early, sleep(HEAD_START, null, { ref: false })])
    if (first !== null) {
      this.#producer = first
      return
    }
    try {
      await this.#connect(client)
    } catch (error) {
      void early.then(own => own?.close())
      throw error
    }
    const own = (await early) ?? (await this.#openLate(settings))
    if (own === null) return
    this.#producer = own
    await client.close()
  }

  #makeClient(): ClientProducer {
    const config = { ...this.#config, ...this.#limit.config() }
    return new ClientProducer(this.#native, config, this.#sink, this)
  }

  /** It is the producer from now on. */
  async #connect(producer: ClientProducer): Promise<void> {
    this.#producer = producer
    const { client } = producer
    const { brokers } = this.#sink
    watchConnection(
      client,
      this.#name(),
      this.#log,
      this.#needs(),
      (up, reason) => {
        if (this.#producer === producer) this.#listener.connected(up, reason)
      },
      statistics => producer.learn(statistics)
    )
    await connectClient(client, brokers)
    client.setPollInBackground(true)
    await requireTopic(
      this.#sink,
      topic => topicPartitions(client, topic),
      topic => topicError(this.#native, this.#config, topic)
    )
  }

  #openOwn(settings: ProduceSettings): Promise<OwnProducer> {
    const outage = new Outage(this.#name(), this.#log, (up, reason) =>
      this.#listener.connected(up, reason)
    )
    return OwnProducer.open(settings, this, (up, reason, isRefusal) =>
      outage.tell(up, reason, { isRefusal })
    )
  }

  /** Null: it is beyond the brokers, which librdkafka has reached. */
  async #openLate(settings: ProduceSettings): Promise<OwnProducer | null> {
    try {
      return await this.#openOwn(settings)
    } catch (error) {
      const reason = errorText(error)
      this.#log.log('info', `${this.#name()} is written by librdkafka`, { reason })
      return null
    }
  }

  #name(): string {
    return `sink "${this.#sink.name}"`
  }

  isVain(): boolean {
    return this.#comesAgain || this.#broken
  }

  #needs(): Needs {
    return { operation: 'Write', topic: this.#sink.topic }
  }

  lost(error: unknown, record: LostRecord, from: RefusedRecord['from']): void {
    // Our own producer splits batches, until each record that is refused was alone.
    const isOfBatch =
      this.#producer instanceof ClientProducer && !this.#limit.isAlone(sizeOf(record))
    if (isOfBatch && isTooLarge(error)) this.#isTooLarge = true
    else if (isOfBatch && isOfMixedBatch(error)) this.#isMixed = true
    else if (!this.#retries.takes(error)) return this.#failed(error, record, from)
    this.#comesAgain = true
  }

  send(batch: OutputBatch): Promise<void> {
    return this.#producer!.send(batch)
  }

  #failed(error: unknown, record: LostRecord, from: RefusedRecord['from']): void {
    if (this.#closing) return
    const { name } = this.#sink
    if (!isRecordsFault(error)) {
      this.#broken = true
      const denial = explainDenial(errorText(error), this.#needs())
      const message = `sink "${name}": ${denial?.message ?? errorText(error)}`
      const hint = denial?.hint ?? (isClocksFault(error) ? CLOCK_HINT : null)
      this.#listener.failed(new EnvironmentError(message, hint))
      return
    }
    if (isTopicsFault(error)) void this.#lookForTopic()
    const { key, value, headers } = record
    this.#listener.refused({
      key: key === null ? null : Uint8Array.from(key),
      value: value === null ? null : Uint8Array.from(value),
      headers,
      from,
      code: refusalCode(error),
      message: errorText(error),
      attempt: this.#retries.attemptsOf(error)
    })
  }

  /** Until it is there: each answer tells librdkafka too. */
  async #lookForTopic(): Promise<void> {
    const producer = this.#producer
    if (this.#isLookedFor || !(producer instanceof ClientProducer)) return
    this.#isLookedFor = true
    const isThere = (): Promise<boolean> =>
      topicPartitions(producer.client, this.#sink.topic).then(
        count => count > 0,
        () => false
      )
    do await sleep(LOOK_AGAIN, null, { ref: false })
    while (!this.#closing && this.#producer === producer && !(await isThere()))
    this.#isLookedFor = false
  }

  async flush(): Promise<void> {
    await this.#producer!.flush()
    const isTried = await this.#retries.wait()
    if (!this.#comesAgain) return this.#retries.reset()
    this.#comesAgain = false
    if (this.#isTooLarge || this.#isMixed) await this.#useSmallerBatches()
    const { name } = this.#sink
    throw new TransactionLost(`sink "${name}" ${isTried ? 'tries' : 'sends'} its records again`)
  }

  /** Records behind those of a batch that was refused may have arrived: all come again, so that the order of each key is kept. */
  async #useSmallerBatches(): Promise<void> {
    const { name, topic } = this.#sink
    const fields = { topic, bytes: this.#limit.bytes }
    if (this.#isMixed) {
      this.#log.log('info', `sink "${name}": brokers refuse a record: each goes by itself`, fields)
      this.#limit.useOne()
    } else {
      this.#log.log('info', `sink "${name}": the brokers take no batches so large`, fields)
      this.#limit.shrink()
    }
    this.#isTooLarge = false
    this.#isMixed = false
    await this.#producer!.close()
    await this.#connect(this.#makeClient())
  }

  compressionRatio(): number {
    return this.#producer!.compressionRatio()
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#producer?.close()
  }
}

function sizeOf({ key, value }: LostRecord): number {
  return (key?.length ?? 0) + (value?.length ?? 0)
}
