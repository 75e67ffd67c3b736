import type { Batch, RecordError, RecordHeader } from './batch.ts'
import type { OutputBatch, TakenLetters } from './writer.ts'
import type { PipelineDefinition, SinkDefinition, SourceDefinition } from './definition.ts'
import type { StateChange } from './state.ts'

/** One way in and out: Kafka, the embedded broker (Kafka's client on librdkafka's mock cluster), or in-memory topics. */
export interface Connector {
  openSource(source: SourceDefinition, listener: SourceListener): Promise<SourceConnection>
  openSink(sink: SinkDefinition, listener: SinkListener): Promise<SinkConnection>
  openDeadLetters(brokers: string): Promise<DeadLetterConnection>
  /** Only for a pipeline that keeps state or delivers exactly once, and before all others: they take part in what it commits. */
  openTransactions(definition: PipelineDefinition): Promise<TransactionConnection>
  /** Creates topics of the pipeline's own that are not there; refuses those with another number of partitions. */
  prepareTopics(
    brokers: string,
    properties: Readonly<Record<string, string>>,
    topics: readonly OwnTopic[]
  ): Promise<void>
  /** Forgets how far the pipeline's groups have read, then what it keeps, its own facts last. Nothing of it may be open. */
  resetState(definition: PipelineDefinition): Promise<void>
  close(): Promise<void>
}

/** A topic between the parts of a pipeline. */
export interface OwnTopic {
  readonly topic: string
  readonly what: string
  readonly partitions: number
}

export interface SourceListener {
  /**
   * `partitions`: all that this process has now. Where each goes on is fixed: what is written from now on will be read. `time`: as
   * the connection's.
   */
  assigned(partitions: readonly number[], time?: SourceConnection['time']): void
  /** Resolves when everything up to now is flushed and committed: then the partitions go to another process. */
  revoking(partitions: readonly number[]): Promise<void>
  /**
   * They went away without asking, to somebody who may be ahead by now: nothing of them may be committed. Resolves when nothing
   * of them is left.
   */
  lost(partitions: readonly number[]): Promise<void>
  /** A record of the batch polled last that can't be used. */
  rejected(batch: Batch, record: number, error: RecordError): void
  /** Throws where the pipeline has to stop; else the partition goes on at `next`. */
  missing(records: MissingRecords): void
  /** The group has put it out for good: only a new connection brings more. */
  expelled(): void
  /** The connection to the brokers came or went. */
  connected(up: boolean, reason: string): void
}

/** How far a partition of a source is in its event time. */
export interface PartitionTime {
  /** Its watermark; null: none yet. */
  readonly mark: number | null
  /** Whether others were told to go on without it: see SourceClock. */
  readonly wasIdle: boolean
  /** Others were told that its rows come at this processing time or later; absent: nobody was. */
  readonly processed?: number
}

/** Records that were not read and that nobody can read any more. */
export interface MissingRecords {
  readonly partition: number
  readonly from: number
  /** Behind the last of them; null: nobody knows how many there were. */
  readonly to: number | null
  readonly next: number
  /** What has happened. */
  readonly text: string
}

export interface SourceConnection {
  /**
   * The next records, at most `maxRecords`; waits up to `maxWait` ms for the first, and up to `fill` ms more for a full
   * batch. Null: nothing came. The batch is the caller's until it polls again.
   */
  poll(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null>
  /** `next[i]` is the offset to go on from in `partitions[i]`; `times[i]`, where given, what `time` answers then. */
  commit(
    partitions: readonly number[],
    next: readonly number[],
    times?: readonly (PartitionTime | null)[]
  ): Promise<void>
  /** `partitions` are committed up to `next`: of what nobody else reads, the records before that may go. */
  passed?(partitions: readonly number[], next: readonly number[]): void
  /** Whether there is more to commit than records: what stands behind them and is none. */
  hasPassedMarks?(): boolean
  /** What was committed with where a partition went on when it came, or was rewound to; null: nothing was. */
  time?(partition: number): PartitionTime | null
  /** The latest watermark that the group has of a partition, whoever reads it; null: none. */
  latest?(): Promise<number | null>
  /**
   * The partitions go on from their first or behind their last record, which the group remembers, or from where it has
   * committed; answers which. To be called between two polls. What was fetched before is forgotten.
   */
  rewind(to: 'earliest' | 'latest' | 'committed'): Promise<readonly number[]>
  /** Records in a partition that are not consumed yet. `next`: the next to consume, null before the first. Null: not known. */
  lag(partition: number, next: number | null): number | null
  /** Where a partition goes on that has given no record yet; null: not known. */
  position(partition: number): number | null
  /** How many partitions the topic has. */
  partitions(): Promise<number>
  close(): Promise<void>
}

/** An output record that the broker refused for good, after every retry. */
export interface RefusedRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** The input record that it came from; null where the client no longer knows. */
  readonly from: { readonly partition: number; readonly offset: number } | null
  /** Those that it was sent with. */
  readonly headers: readonly RecordHeader[]
  readonly code: string
  readonly message: string
  /** How often it was sent. */
  readonly attempt: number
}

export interface SinkListener {
  refused(record: RefusedRecord): void
  /** Resolves when it is time to send again what was sent `attempt` times in vain. */
  backOff(attempt: number): Promise<void>
  /** The sink takes no records any more, and none is to blame: the pipeline stops without committing. */
  failed(error: Error): void
  /** The connection to the brokers came or went. */
  connected(up: boolean, reason: string): void
}

export interface SinkConnection {
  /** Takes the batch's bytes over before it resolves: at once, or when the queue has room again (back-pressure). */
  send(batch: OutputBatch): Promise<void>
  /**
   * Resolves when every record sent so far is acknowledged or was refused. Rejects with TransactionLost where all records since the
   * last commit have to be sent again, in their order.
   */
  flush(): Promise<void>
  /** Of an exchange: sends a value to every task, behind all that was sent before. */
  broadcast?(value: Uint8Array): Promise<void>
  /** Compressed bytes divided by bytes before; 1 while nothing is known. */
  compressionRatio(): number
  close(): Promise<void>
}

/** Where records go that nothing else can take. One for all topics of a pipeline. */
export interface DeadLetterConnection {
  /** Creates the topic if it is not there; rejects if that fails. */
  prepare(topic: string, partitions: number): Promise<void>
  /** Takes the letters' bytes over before it resolves. */
  send(topic: string, letters: TakenLetters): Promise<void>
  /** Resolves when all are acknowledged; rejects when one was refused. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * What a pipeline commits as one: changes of its state and offsets, and where it delivers exactly once also what went to sinks
 * and dead letters since the last commit. State is in compacted topics, one for each table, which are read back at start.
 */
export interface TransactionConnection {
  /** Calls `apply` with every change of a table that was committed, in order, from an offset on; resolves at the end. */
  restore(table: string, offset: number, apply: (change: StateChange) => void): Promise<void>
  /** Where the tables' changelogs end now: all that was committed is before it. */
  ends(): Promise<ReadonlyMap<string, number>>
  /**
   * After a crash all of it is there, or nothing. Rejects where nothing is: try again, what was sent is remembered. With
   * TransactionLost where it is not, or where nobody knows: the pipeline goes back to its last commit.
   */
  commit(changes: readonly StateChange[], offsets: readonly SourceOffsets[]): Promise<void>
  /**
   * Nothing that was sent since the last commit is ever seen. Resolves when that is sure, also after a failed commit; rejects
   * where another process has taken over.
   */
  abort(): Promise<void>
  /** So much was sent that a commit should not wait for its time. */
  isFull(): boolean
  close(): Promise<void>
}

/** `next[i]` is the offset to go on from in `partitions[i]` of a source. */
export interface SourceOffsets {
  readonly source: SourceConnection
  readonly partitions: readonly number[]
  readonly next: readonly number[]
  /** Of each, where whoever gets the partition next has to know it. */
  readonly times?: readonly (PartitionTime | null)[]
}

/** Time is always passed in, never read from the global, so that tests run in virtual time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds, with fractions, of a clock that never goes back: for how long something takes. */
  elapsed(): number
  sleep(ms: number): Promise<void>
}
