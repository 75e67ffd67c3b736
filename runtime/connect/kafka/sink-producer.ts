import type { OutputBatch } from '../../contract/index.ts'
import type { LostRecord } from '../produce/split-batch.ts'

/** How the records of a sink go out: through librdkafka, or through connections of our own. */
export interface SinkProducer {
  /** Takes the batch's bytes over before it resolves; waits while its queue is full. */
  send(batch: OutputBatch): Promise<void>
  /** Resolves when all that was sent has arrived, or its failure was told. */
  flush(): Promise<void>
  /** See SinkConnection. */
  compressionRatio(): number
  close(): Promise<void>
}

export interface SinkProducerListener {
  /** `from`: the input record that it came from, where that is known. */
  lost(
    error: unknown,
    record: LostRecord,
    from: { readonly partition: number; readonly offset: number } | null
  ): void
  /** What is sent from now on comes again: it need not be sent. */
  isVain(): boolean
}
