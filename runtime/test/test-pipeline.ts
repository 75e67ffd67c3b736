import { setImmediate as turn } from 'node:timers/promises'
import { makeMemoryConnector, makeMemoryTopics, type NewRecord } from '../connect/memory/index.ts'
import type {
  Connector,
  ModelRunner,
  OutputBatch,
  PipelineDefinition,
  RecordError,
  SourceConnection,
  StatementAnswer
} from '../contract/index.ts'
import type { Logger } from '../observe/log.ts'
import { startPipeline } from '../pipeline/start-pipeline.ts'
import { makeTestAsker } from './test-asker.ts'
import type { TestClock } from './test-clock.ts'

/** A record that the pipeline could not use. */
export interface RejectedRecord {
  readonly source: string
  readonly value: Uint8Array | null
  readonly error: RecordError
}

/** A record of a sink. */
export interface WrittenRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
}

/** One test's pipeline: its own topics, state and clock. */
export interface TestPipeline {
  give(topic: string, records: readonly NewRecord[]): void
  /** Resolves when everything given is handled; rejects with what stopped the pipeline. */
  settle(): Promise<void>
  /** Makes a statement of the tests; the answer says whether it was made. */
  change(index: number): Promise<StatementAnswer>
  /** The records that a sink wrote, from the beginning. */
  written(sink: string): readonly WrittenRecord[]
  readonly rejected: readonly RejectedRecord[]
  close(): Promise<void>
}

/** Polls that find nothing before a source counts as done: behind the first, the loop may still flush and commit. */
const QUIET_POLLS = 2

const silent: Logger = { log: () => {}, limited: () => {} }

/** Starts the pipeline on topics in memory. */
export async function startTestPipeline(
  definition: PipelineDefinition,
  models: ReadonlyMap<string, ModelRunner>,
  clock: TestClock
): Promise<TestPipeline> {
  const topics = makeMemoryTopics()
  const written = new Map<string, WrittenRecord[]>()
  const rejected: RejectedRecord[] = []
  const quiet = new Map<string, number>()
  // A poll that finds nothing takes no time: only the test moves the clock.
  const polling = { ...clock, sleep: () => turn() }
  const memory = makeMemoryConnector(topics, polling)
  const connector: Connector = {
    ...memory,
    async openSource(source, listener) {
      const { name } = source
      quiet.set(name, 0)
      const connection = await memory.openSource(source, {
        ...listener,
        rejected(batch, record, error) {
          const [start, end] = [batch.valueStart[record]!, batch.valueEnd[record]!]
          const value = start < 0 ? null : batch.bytes.slice(start, end)
          rejected.push({ source: name, value, error })
          listener.rejected(batch, record, error)
        }
      })
      // Where a bad record stops the pipeline, what came before it has to be done, as after a restart.
      const most = source.onError.action === 'fail' ? 1 : Infinity
      return { ...connection, poll: countQuiet(connection, name, most, quiet) }
    },
    async openSink(sink, listener) {
      const connection = await memory.openSink(sink, listener)
      const records: WrittenRecord[] = []
      written.set(sink.name, records)
      return {
        ...connection,
        async send(batch) {
          for (const record of recordsOf(batch)) records.push(record)
          await connection.send(batch)
          // A source may read what this one wrote.
          wake(quiet)
        }
      }
    }
  }
  // A barrier after every poll: what waits for one is there when the test looks.
  const pipeline = await startPipeline(
    // Where state is makes no difference to what comes out.
    { ...definition, commitInterval: 0, backend: 'memory' },
    { connector, clock, log: silent, models, openAsker: () => () => makeTestAsker(definition) }
  )
  let ended = false
  let failure: Error | null = null
  pipeline.done
    .catch((error: Error) => {
      failure = error
    })
    .finally(() => {
      ended = true
    })
  return {
    rejected,
    give(topic, records) {
      for (const record of records) topics.append(topic, record)
    },
    async settle() {
      wake(quiet)
      // It is ready when the script's statements are done: without sources there is nothing else to wait for.
      const isQuiet = (): boolean =>
        pipeline.ready() && [...quiet.values()].every(polls => polls >= QUIET_POLLS)
      while (!ended && !isQuiet()) await turn()
      if (failure !== null) throw failure
    },
    change: index => pipeline.execute(String(index)),
    written: sink => written.get(sink) ?? [],
    async close() {
      await pipeline.stop().catch(() => {})
    }
  }
}

/** Counts the polls in a row that found nothing. */
function countQuiet(
  connection: SourceConnection,
  name: string,
  most: number,
  quiet: Map<string, number>
): SourceConnection['poll'] {
  return async (maxRecords, maxWait, fill) => {
    const batch = await connection.poll(Math.min(maxRecords, most), maxWait, fill)
    if (batch === null) quiet.set(name, quiet.get(name)! + 1)
    else wake(quiet)
    return batch
  }
}

/** There is something to do again. */
function wake(quiet: Map<string, number>): void {
  for (const name of quiet.keys()) quiet.set(name, 0)
}

function* recordsOf(batch: OutputBatch): Generator<WrittenRecord> {
  const { bytes, count, keyStart, keyEnd, valueStart, valueEnd } = batch
  const part = (start: number, end: number): Buffer | null =>
    start < 0 ? null : Buffer.from(bytes.subarray(start, end))
  for (let i = 0; i < count; i++) {
    yield { key: part(keyStart[i]!, keyEnd[i]!), value: part(valueStart[i]!, valueEnd[i]!) }
  }
}
