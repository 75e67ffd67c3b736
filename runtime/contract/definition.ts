import type { Batch } from './batch.ts'
import type { RecordWriter } from '../codec/record-writer.ts'

/** What generated code exports as `pipeline`: data, and one function that makes the tasks. */
export interface PipelineDefinition {
  readonly name: string
  /** Hash of script and compiler: goes to dead letters, metrics, --version. */
  readonly version: string
  readonly script: string
  readonly delivery: 'at_least_once' | 'exactly_once'
  /** Milliseconds. */
  readonly commitInterval: number
  readonly sources: readonly SourceDefinition[]
  readonly sinks: readonly SinkDefinition[]
  readonly models: readonly ModelDefinition[]
  /** Places in the SQL that can fail at run time. */
  readonly sites: readonly Site[]
  readonly plan: { readonly text: string; readonly mermaid: string; readonly json: string }
  open(cx: PipelineContext): readonly SourceTask[]
}

export interface Site {
  /** 'INSERT INTO high_risk_transactions': the statement as people call it. */
  readonly statement: string
  readonly line: number
  readonly column: number
  /** The failing expression's SQL text, shortened. */
  readonly text: string
}

export interface ErrorPolicy {
  readonly action: 'retry' | 'dead_letter' | 'log' | 'fail'
  readonly maxRetries: number
  readonly retryBackoff: number
  readonly deadLetterTopic: string | null
}

export interface SourceDefinition {
  readonly name: string
  readonly brokers: string
  readonly topic: string
  readonly groupId: string
  readonly autoOffsetReset: 'earliest' | 'latest'
  /** librdkafka properties; values may hold ${ENV} or ${file:/path}. */
  readonly properties: Readonly<Record<string, string>>
  readonly onError: ErrorPolicy
  /** Rows to gather before a model runs, and for how many ms at most: 0 and 0 without a model. */
  readonly fill: { readonly records: number; readonly wait: number }
  readonly line: number
}

export interface SinkDefinition {
  readonly name: string
  readonly brokers: string
  readonly topic: string
  readonly compression: string
  readonly batchSize: number
  readonly linger: number
  readonly properties: Readonly<Record<string, string>>
  readonly onError: ErrorPolicy
  readonly line: number
}

export interface ModelDefinition {
  readonly name: string
  readonly sha256: string
  readonly inputs: readonly {
    readonly name: string
    readonly elementType: string
    readonly width: number
    /** 1: shape [rows]; 2: shape [rows, width]. */
    readonly rank: number
  }[]
  readonly output: {
    readonly name: string
    readonly elementType: string
    readonly width: number
    readonly index: number | null
  }
  readonly batchSize: number
  readonly timeout: number
}

/** One source's dataflow. Not re-entrant: the loop calls `run` again only after it has returned or resolved. */
export interface SourceTask {
  readonly source: string
  run(batch: Batch): void | Promise<void>
}

/** What the runtime gives to generated code when it opens. */
export interface PipelineContext {
  writer(sink: string): RecordWriter
  model(name: string): ModelRunner
  /** Processing time in ms, the same for a whole batch. */
  now(): number
}

export interface ModelRunner {
  /**
   * One answer per row. `columns[k]` holds argument k of rows 0..count-1 as doubles. Calls the model once per
   * `batchSize` rows. A failing batch is halved until the failing rows are alone: `failed` gets each.
   * A model that gives `width` numbers per row without an index answers [row * width + j].
   */
  run(
    columns: readonly Float64Array[],
    count: number,
    failed: (row: number, code: string, message: string) => void
  ): Promise<Float64Array>
}
