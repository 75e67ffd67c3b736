import type { Batch, SinkDefinition, SourceDefinition } from '../contract/index.ts'

/** What a pipeline tells of its work, as it does it, to whoever traces it: see runtime/telemetry. */
export interface WorkTracer extends Sending {
  /** A source is asked for its next records. */
  poll(source: SourceDefinition): Polling
  /** A barrier begins: what was processed since the last one is committed. */
  commit(): Work & Sending
}

/** A piece of work that has begun. */
export interface Work {
  /** `failure`: what was thrown, or what it came to instead; null: it is done. */
  end(failure: unknown): void
}

/** Work that records come of. */
export interface Sending {
  /** A sink's client is handed records. */
  send(sink: SinkDefinition, records: number): Work
}

/** Nothing of it is told where the poll brings nothing. */
export interface Polling {
  received(batch: Batch): void
  /** What was received is worked on. */
  process(): Work & Sending
}

const nothing: Work & Sending & Polling = {
  end: () => {},
  send: () => nothing,
  received: () => {},
  process: () => nothing
}

/** Nobody traces. */
export const noTracer: WorkTracer = {
  poll: () => nothing,
  send: () => nothing,
  commit: () => nothing
}

/** Does what the work consists of, and ends it. */
export async function traced<T>(work: Work, run: () => Promise<T>): Promise<T> {
  try {
    const result = await run()
    work.end(null)
    return result
  } catch (error) {
    work.end(error)
    throw error
  }
}
