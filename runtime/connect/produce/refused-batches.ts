import type { BrokerError } from '../wire/broker-error.ts'
import { brokerText, CODES } from '../wire/error-codes.ts'
import type { ProducedPartition, ProducerId } from '../wire/produce.ts'
import type { BatchWriter } from './batch-writer.ts'
import type { PartitionQueue } from './partition-queue.ts'
import type { ProducerIdentity } from './producer-identity.ts'
import { remedyFor } from './refusals.ts'
import type { LostRecord } from './split-batch.ts'
import type { TopicQueues } from './topic-queues.ts'

export interface RefusalSettings {
  /** How long a topic that is not there is waited for, in ms. */
  readonly topicWait: number
  /** How often a batch is sent again where that may help; Infinity: for ever. */
  readonly maxRetries: number
  /** Before it is sent again, in ms. */
  readonly backOff: number
}

/** What the producer is to do about a refusal. */
export interface RefusalListener {
  /** Called for each record that will not arrive. */
  lost(error: BrokerError, record: LostRecord): void
  /** Nothing goes on, though brokers answer. */
  stuck(reason: string): void
  /** Other brokers may lead the partitions by now. */
  misplaced(): void
  /** Nothing can be sent any more. */
  over(): void
}

const MOST_BACK_OFF = 1000
/** Brokers may not have heard yet of a topic that was made a moment ago, in ms. */
const NEW_TOPIC = 2000

/** What becomes of the first batch of a queue that has not arrived: it is sent again, split, sent without some of its records, or lost. */
export class RefusedBatches {
  readonly #topic: string
  readonly #settings: RefusalSettings
  readonly #queues: TopicQueues
  readonly #identity: ProducerIdentity
  readonly #listener: RefusalListener
  /** The topic was waited for in vain: nothing waits for it again before it is there. */
  #isGone = false

  constructor(
    settings: RefusalSettings & { readonly topic: string },
    queues: TopicQueues,
    identity: ProducerIdentity,
    listener: RefusalListener
  ) {
    this.#topic = settings.topic
    this.#settings = settings
    this.#queues = queues
    this.#identity = identity
    this.#listener = listener
  }

  /** The topic is there. */
  found(): void {
    this.#isGone = false
  }

  /** Does what helps where brokers refuse it. `producer`: that it was sent under. */
  remedy(
    queue: PartitionQueue,
    batch: BatchWriter,
    result: ProducedPartition,
    producer: ProducerId
  ): void {
    const { error: code, records } = result
    const error = { code, message: brokerText(code, result.message) }
    switch (remedyFor(code, batch.count)) {
      case 'newIdentity':
        return this.#doubt(queue, error, producer)
      case 'wait':
        this.tryAgain(queue, error)
        return this.#listener.misplaced()
      case 'newTime':
        batch.restamp(Date.now())
        this.#listener.stuck(error.message)
        return this.tryAgain(queue, error)
      case 'halve':
        return this.#queues.split(queue, batch, Math.ceil(batch.count / 2))
      case 'leaveOut':
        return this.#leaveOut(queue, batch, records, error)
      case 'lose':
        return this.#lose(queue, batch, error)
    }
  }

  /** With another id brokers count from the start. What is on its way to them under the old one may arrive twice. */
  #doubt(queue: PartitionQueue, error: BrokerError, producer: ProducerId): void {
    if (producer === this.#identity.current) {
      if (!this.#identity.refused(error)) return this.#listener.over()
      this.#queues.restart()
    }
    this.tryAgain(queue, error)
  }

  /** The first batch of a queue is sent again after a while, or lost where that was tried often enough. */
  tryAgain(queue: PartitionQueue, error: BrokerError): void {
    const { maxRetries, backOff } = this.#settings
    const now = performance.now()
    // Not since something else failed: a broker that was away for long may not know the topic when it comes back.
    queue.missingSince = error.code === CODES.unknownTopic ? (queue.missingSince ?? now) : null
    queue.attempts++
    const isMissed = queue.missingSince !== null && this.#misses(now - queue.missingSince)
    if (queue.first !== null && (isMissed || queue.attempts > maxRetries))
      return this.#lose(queue, queue.first, error)
    const doubled = backOff * 2 ** Math.min(queue.attempts - 1, 10)
    queue.notBefore = now + Math.min(doubled, Math.max(MOST_BACK_OFF, backOff))
  }

  /** A topic is not there, for so many ms by now. True: it is not waited for any more. */
  #misses(time: number): boolean {
    const { topicWait } = this.#settings
    if (time >= Math.min(NEW_TOPIC, topicWait))
      this.#listener.stuck(`topic "${this.#topic}" is not there`)
    this.#isGone ||= time >= topicWait
    return this.#isGone
  }

  /** Only those that the broker names; where it names none, each goes by itself. */
  #leaveOut(
    queue: PartitionQueue,
    batch: BatchWriter,
    blamed: readonly number[],
    error: BrokerError
  ): void {
    if (blamed.length === 0) return this.#queues.split(queue, batch, 1)
    for (const record of this.#queues.leaveOut(queue, batch, blamed))
      this.#listener.lost(error, record)
  }

  #lose(queue: PartitionQueue, batch: BatchWriter, error: BrokerError): void {
    for (const record of this.#queues.giveUp(queue, batch)) this.#listener.lost(error, record)
  }
}
