import type { Batch } from '../../contract/index.ts'
import type { TopicEnd } from '../wire/list-offsets.ts'
import type { TopicIdentity } from './topic-identity.ts'
import type { Statistics } from './watch-connection.ts'

/** How the records of the partitions that a source has come in: through librdkafka, or through connections of our own. */
export interface RecordReader {
  /** As `poll` of SourceConnection. */
  read(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null>
  /** Records are asked for that the next `read` hands out: before them no wish of the group is to be followed. */
  readonly isAhead: boolean
  /** Forgets what was asked for ahead. */
  forget(): Promise<void>
  /** The client has the partition from now on; `offset`: where it goes on, undefined: the client knows. */
  begin(partition: number, offset: number | undefined): void
  end(partition: number): void
  /** Resolves when it is known how all partitions stand, or is not to be known soon. */
  settled(): Promise<void>
  /** Goes on from an offset; what was fetched before is forgotten. */
  seek(partition: number, offset: number): Promise<void>
  /** Behind the last record that was handed out; null: none was since the partition began here. */
  handed(partition: number): number | null
  /** Where a partition goes on that is consumed up to `next`: behind what follows there and is no record. */
  after(partition: number, next: number): number
  /** Records that are not consumed, where all before `next` are; null: not known. */
  lag(partition: number, next: number): number | null
  /** Which topic it is that has the name now; null: there is none, or nobody can tell. Rejects where no broker answers. */
  identify(): Promise<TopicIdentity | null>
  /** Where partitions begin or end, without those of which the client has to be asked. */
  ends(partitions: readonly number[], end: TopicEnd): Promise<ReadonlyMap<number, number>>
  /** What librdkafka says of itself each second. */
  learn(statistics: Statistics): void
  /** The group wants something: who waits in `read` gets what there is. */
  wake(): void
  close(): Promise<void>
}

/** What a reader is told to do by the source, and what it tells. */
export interface ReaderListener {
  /** An error, as librdkafka words them; it is tried again. */
  failed(error: unknown): void
  /** Whether a way to the brokers beside the client's leads somewhere. */
  connected(up: boolean, reason: string): void
  /** A partition has nothing where it should go on, or the topic is another one: nothing is read of it before it is sought. */
  doubt(): void
  /** The group wants something, so a batch should not wait to be full. */
  isWanted(): boolean
}
