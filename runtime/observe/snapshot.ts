import type { Part } from './doing.ts'
import { countOperators, type OperatorSnapshot } from './operators.ts'
import type { PipelineDefinition } from '../contract/index.ts'
import { type ErrorCounts, LATE } from './error-counts.ts'
import type { HistogramSnapshot } from './histogram.ts'
import {
  lagOf,
  type Metrics,
  placeIn,
  type SinkMetrics,
  sinkStatus,
  type SourceMetrics,
  sourceStatus,
  type SourceStatus,
  type WorkMetrics
} from './metrics.ts'

/** What a running pipeline shows of itself, as a document: metrics, status and dashboard are made of it. Times are ms since the epoch. */
export interface Snapshot {
  readonly pipeline: string
  readonly version: string
  readonly started: number
  readonly now: number
  readonly isReady: boolean
  readonly sources: readonly SourceSnapshot[]
  readonly sinks: readonly SinkSnapshot[]
  readonly operators: readonly OperatorSnapshot[]
  readonly states: readonly StateSnapshot[]
  readonly models: readonly ModelSnapshot[]
  /** The latest first. */
  readonly errors: readonly ErrorSnapshot[]
  readonly deadLetters: readonly { readonly topic: string; readonly records: number }[]
  readonly commits: WorkSnapshot
  readonly checkpoints: WorkSnapshot
  /** How often it went back to its last commit. */
  readonly returns: number
  /** How long it took to tell what windows and groups have become, in seconds. */
  readonly tellingSeconds: number
  /** Of each process that has a limit. */
  readonly memory: readonly MemorySnapshot[]
  /** Of each process that is watched. */
  readonly processes: readonly ProcessSnapshot[]
}

export interface ProcessSnapshot {
  readonly process: number
  /** How late the event loop gets to things, in seconds. */
  readonly delay: { readonly median: number; readonly p99: number }
  /** For how long it has worked. */
  readonly busySeconds: number
  /** Where its time went while somebody wanted to know. */
  readonly work: WorkTimes
}

/** What a process was found at, by looks at its main thread: waiting for others is no work, being kept from the processor is. */
export interface WorkTimes {
  /** For how long somebody has looked, and how often. */
  readonly seconds: number
  readonly looks: number
  /** How much of that the process has worked: what is below does not come to all of it. */
  readonly busySeconds: number
  /** How much of that it collected garbage, in the midst of all the rest. */
  readonly collectingSeconds: number
  /** By the numbers that the plan has as `work`. */
  readonly operators: readonly { readonly id: number; readonly looks: number }[]
  readonly parts: readonly { readonly part: Part; readonly looks: number }[]
}

export interface MemorySnapshot {
  readonly process: number
  /** Bytes. */
  readonly limit: number
  readonly used: number
  /** For how long somebody has read nothing because memory was scarce. */
  readonly pausedSeconds: number
}

export interface SourceSnapshot {
  readonly name: string
  readonly topic: string
  readonly group: string
  readonly status: SourceStatus
  /** Why it is disconnected; null: it is not. */
  readonly trouble: string | null
  readonly line: number
  readonly records: number
  readonly bytes: number
  readonly rejected: number
  /** Gone before they were read, as far as their number is known: not among the records. */
  readonly missing: number
  /** Rows whose window had closed: they are among the rejected. */
  readonly late: number
  readonly lastTimestamp: number | null
  readonly lag: number
  /** Null: it has no event time, or none yet. */
  readonly watermark: number | null
  readonly partitions: readonly PartitionSnapshot[]
  readonly batches: HistogramSnapshot
  /** From decoding to the writers. */
  readonly busySeconds: number
}

export interface PartitionSnapshot {
  readonly partition: number
  readonly offset: number | null
  readonly lag: number | null
  readonly watermark: number | null
}

export interface SinkSnapshot {
  readonly name: string
  readonly topic: string
  readonly status: 'running' | 'disconnected'
  /** As a source's. */
  readonly trouble: string | null
  readonly line: number
  readonly records: number
  readonly bytes: number
  readonly refused: number
  readonly compressionRatio: number
  readonly batches: HistogramSnapshot
  /** How long its client took to take records over. */
  readonly busySeconds: number
  /** From the time stamp of an input record to the acknowledgement of what came of it, in seconds. */
  readonly latency: HistogramSnapshot
}

export interface StateSnapshot {
  readonly name: string
  /** `copy`: a table that each process has all rows of. */
  readonly kind: 'table' | 'copy' | 'stage'
  readonly rows: number
  /** As its changelog has them, by the mean of the rows that were written; null: none was. */
  readonly bytes: number | null
  readonly line: number
}

export interface ModelSnapshot {
  readonly name: string
  readonly rows: number
  readonly failures: number
  readonly durations: HistogramSnapshot
}

export interface ErrorSnapshot {
  /** The source whose record it was, or the sink that refused it. */
  readonly of: string
  readonly side: 'source' | 'sink'
  readonly code: string
  readonly count: number
  /** Of the last one. */
  readonly message: string
  readonly time: number
  /** The place in the SQL; null: no expression is to blame. */
  readonly place: {
    readonly statement: string
    readonly line: number
    readonly column: number
    readonly text: string
  } | null
  /** Where source or sink are declared. */
  readonly line: number
}

export interface WorkSnapshot {
  readonly durations: HistogramSnapshot
  readonly failures: number
}

export interface SourceWatermarks {
  readonly watermark: number
  readonly partitions: ReadonlyMap<number, number>
}

/** What is not counted, but asked for. */
export interface Observed {
  readonly now: number
  readonly started: number
  readonly isReady: boolean
  readonly states: readonly StateSnapshot[]
  /** Null: there is no limit. */
  readonly memory: MemorySnapshot | null
  /** Null: nobody watches the process. */
  readonly process: ProcessSnapshot | null
  watermarksOf(source: string): SourceWatermarks | null
}

export function takeSnapshot(
  definition: PipelineDefinition,
  metrics: Metrics,
  observed: Observed
): Snapshot {
  const { now, started, isReady, states, memory, process } = observed
  // What a copy is read from is shown by who reads it for all of them.
  const sources = metrics.sources.filter(source => source.definition.isCopied !== true)
  return {
    pipeline: definition.name,
    version: definition.version,
    ...{ started, now, isReady },
    sources: sources.map(source => showSource(source, observed)),
    sinks: metrics.sinks.map(showSink),
    operators: countOperators(definition, metrics),
    states,
    models: metrics.models.map(({ definition: { name }, rows, failures, durations }) => ({
      ...{ name, rows, failures },
      durations: durations.snapshot()
    })),
    errors: [
      ...sources.flatMap(({ definition: one, errors }) =>
        showErrors(one, 'source', errors, definition)
      ),
      ...metrics.sinks.flatMap(({ definition: one, failures }) =>
        showErrors(one, 'sink', failures, definition)
      )
    ].sort((a, b) => b.time - a.time),
    deadLetters: [...metrics.deadLetters].map(([topic, records]) => ({ topic, records })),
    commits: showWork(metrics.commits),
    checkpoints: showWork(metrics.checkpoints),
    returns: metrics.returns,
    tellingSeconds: metrics.telling / 1000,
    memory: memory === null ? [] : [memory],
    processes: process === null ? [] : [process]
  }
}

function showSource(source: SourceMetrics, { watermarksOf }: Observed): SourceSnapshot {
  const { definition, messages, bytes, rejected, missing } = source
  const { errors, lastTimestamp, batches, busy } = source
  const { name, topic, groupId, line } = definition
  const marks = watermarksOf(name)
  return {
    ...{ name, topic, group: groupId, line },
    status: sourceStatus(source),
    trouble: source.trouble,
    ...{ records: messages, bytes, rejected, missing, late: errors.countOf(LATE), lastTimestamp },
    lag: lagOf(source),
    watermark: timeOrNull(marks?.watermark),
    partitions: [...(source.assigned ?? [])]
      .sort((a, b) => a - b)
      .map(partition => ({
        partition,
        ...placeIn(source, partition),
        watermark: timeOrNull(marks?.partitions.get(partition))
      })),
    batches: batches.snapshot(),
    busySeconds: busy / 1000
  }
}

/** A watermark is infinite where nothing has been seen, or nothing is waited for. */
function timeOrNull(time: number | undefined): number | null {
  return time !== undefined && Number.isFinite(time) ? time : null
}

function showSink(sink: SinkMetrics): SinkSnapshot {
  const { definition, connection, messages, bytes, errors, batches, busy, latency } = sink
  const { name, topic, line } = definition
  return {
    ...{ name, topic, line },
    status: sinkStatus(sink),
    trouble: sink.trouble,
    ...{ records: messages, bytes, refused: errors },
    compressionRatio: connection?.compressionRatio() ?? 1,
    batches: batches.snapshot(),
    busySeconds: busy / 1000,
    latency: latency.histogram.snapshot()
  }
}

function showErrors(
  { name, line }: { readonly name: string; readonly line: number },
  side: ErrorSnapshot['side'],
  errors: ErrorCounts,
  { sites }: PipelineDefinition
): ErrorSnapshot[] {
  return errors.all().map(({ code, site, count, message, time }) => {
    return { of: name, side, code, count, message, time, place: sites[site] ?? null, line }
  })
}

function showWork({ durations, failures }: WorkMetrics): WorkSnapshot {
  return { durations: durations.snapshot(), failures }
}
