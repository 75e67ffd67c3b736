import type { PipelineDefinition } from '../../contract/index.ts'
import type { KafkaNative } from '../../native/index.ts'
import type { Logger } from '../../observe/log.ts'
import type { OffsetToCommit } from '../wire/transactions.ts'
import type { ClientConfig } from './client-config.ts'
import type { KafkaConsumer } from './columns.ts'
import type { SentRecords } from './sent-records.ts'
import type { Report } from './undelivered-records.ts'

export interface TransactionParts {
  readonly native: KafkaNative
  readonly definition: PipelineDefinition
  readonly config: ClientConfig
  readonly log: Logger
  /** Whether another process can have the same transactional id. */
  readonly isShared: boolean
  /** Whether librdkafka need not do it. */
  readonly isOwn: boolean
}

export interface TransactionClientListener {
  /** The open transaction can't be committed as it is. */
  failed(error: unknown): void
  /** A record did not arrive. `failed` is told too. */
  undelivered(error: unknown, report: Report): void
  /** A topic takes nothing. `failed` is told too. */
  shut(topic: string, error: unknown): void
  connected(up: boolean, reason: string): void
}

/** What sends in transactions under one id: librdkafka, or we ourselves. */
export interface TransactionClient {
  /** It tells each record that is refused by itself, however many are sent together. */
  readonly isExact: boolean
  begin(): Promise<void>
  /** Takes records over, but those in `left`; waits while it has no room. Ends early where `hasFailed`. */
  send(records: SentRecords, left: ReadonlySet<number>, hasFailed: () => boolean): Promise<void>
  /**
   * Resolves when everything sent has arrived, or its failure was told; rejects where the transaction can only be aborted, or where
   * `check`, which is called now and then, throws.
   */
  flush(check: () => void): Promise<void>
  sendOffsets(consumer: KafkaConsumer, offsets: readonly OffsetToCommit[]): Promise<void>
  /** Rejects where nothing is committed, or nobody knows. */
  commit(): Promise<void>
  /** Nothing of the open transaction is ever seen. */
  abort(): Promise<void>
  /** 0: it is not there. `mayCreate`: brokers that make topics for whoever asks may do so. */
  partitionsOf(topic: string, mayCreate: boolean): Promise<number>
  /** The offset that the next record of a partition gets. */
  endOf(topic: string, partition: number): Promise<number>
  compressionRatio(topic: string): number
  /** What is open stays so, until the id is used again or it times out. */
  close(): Promise<void>
}
