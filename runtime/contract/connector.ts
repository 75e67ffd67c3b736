import type { Batch } from './batch.ts'
import type { OutputBatch } from './writer.ts'
import type { SinkDefinition, SourceDefinition } from './definition.ts'

/** One way in and out: Kafka, the embedded broker (Kafka's client on librdkafka's mock cluster), or in-memory topics. */
export interface Connector {
  openSource(source: SourceDefinition, listener: SourceListener): Promise<SourceConnection>
  openSink(sink: SinkDefinition, listener: SinkListener): Promise<SinkConnection>
  close(): Promise<void>
}

export interface SourceListener {
  assigned(partitions: readonly number[]): void
  /** Resolves when everything up to now is flushed and committed, before the partitions go to another process. */
  revoking(partitions: readonly number[]): Promise<void>
}

export interface SourceConnection {
  /**
   * The next records, at most `maxRecords`; waits up to `maxWait` ms for the first, and up to `fill` ms more for a full batch.
   * Null: nothing came. The batch is the caller's until it polls again.
   */
  poll(maxRecords: number, maxWait: number, fill: number): Promise<Batch | null>
  pause(): void
  resume(): void
  /** `next[i]` is the offset to go on from in `partitions[i]`. */
  commit(partitions: Int32Array, next: Float64Array): Promise<void>
  close(): Promise<void>
}

export interface SinkListener {
  /** The broker refused output record `record` for good. */
  refused(batch: OutputBatch, record: number, code: string, message: string): void
}

export interface SinkConnection {
  /** Copies the batch out; resolves at once, or when the queue has room again (back-pressure). */
  send(batch: OutputBatch): Promise<void>
  /** Resolves when every record sent so far is acknowledged or was refused. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Time is always passed in, never read from the global, so that tests run in virtual time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
