import type { Batch } from './batch.ts'
import type { RecordWriter } from '../codec/record-writer.ts'
import type { CombinedGroups } from '../state/combined-groups.ts'
import type { TableState } from '../state/table-state.ts'
import type { SourceClock } from '../time/source-clock.ts'
import type { DerivedRows } from './derived-rows.ts'
import type { RegistryDefinition, SchemaLookup, SinkSchema } from './registry.ts'
import type { ValueType } from './ask.ts'
import type { StageDefinition, StateIdentity } from './stage.ts'
import type { KeyedState } from './state.ts'
import type { DescribedColumn, TableDefinition, TableRow } from './table.ts'

/** What generated code exports as `pipeline`: data, and one function that makes the tasks. */
export interface PipelineDefinition {
  readonly name: string
  /** Hash of script and compiler: goes to dead letters, metrics, --version. */
  readonly version: string
  readonly script: string
  readonly delivery: 'at_least_once' | 'exactly_once'
  /** Milliseconds. */
  readonly commitInterval: number
  /** Where its state is; absent: in memory. */
  readonly backend?: 'memory' | 'lmdb'
  readonly sources: readonly SourceDefinition[]
  readonly sinks: readonly SinkDefinition[]
  readonly models: readonly ModelDefinition[]
  /** Tables that are kept as state. */
  readonly tables: readonly TableDefinition[]
  /**
   * Tables that are none: made anew at each start, of all that their topics have, or by the statements, and as they are then whatever
   * becomes of what is read beside them. Absent: there are none.
   */
  readonly copies?: readonly TableDefinition[]
  /** It keeps no row of its copies: others do. What it is for is to tell once what can't be a row. */
  readonly checksTables?: true
  /** CREATE VIEWs of the script: a statement may read those over its tables. */
  readonly views: readonly string[]
  /** What else is kept as state: see `PipelineContext.keep`. */
  readonly stages: readonly StageDefinition[]
  /** Of all tables and stages. */
  readonly states: readonly StateIdentity[]
  /**
   * Statements that run once in the life of the pipeline, in this order, before any source is read; those that fill copies at each
   * start.
   */
  readonly changes: readonly ChangeDefinition[]
  /** What tests change while it runs. */
  readonly asked?: readonly AskedChange[]
  /** Places in the SQL that can fail at run time. */
  readonly sites: readonly Site[]
  /** How many rows have left operators: the nodes of the plan say which is whose. Generated code counts them. */
  readonly rowCounts: Float64Array
  readonly plan: { readonly text: string; readonly mermaid: string; readonly json: string }
  /** The script, for people; without secrets. */
  readonly sql: string
  /** Where it is one task of several. */
  readonly task?: TaskIdentity
  open(cx: PipelineContext): PipelineProgram
  /** The same, which shows rows on their way: see `PipelineContext.look`. Its plan and SQL are left out. */
  looking?(): PipelineDefinition
}

/** What generated code exports as `pipeline` where the script runs in several parts, with exchanges between them. */
export interface PipelineTopology extends Pick<
  PipelineDefinition,
  'name' | 'version' | 'script' | 'delivery' | 'commitInterval' | 'models' | 'plan' | 'sql'
> {
  /** Each before those that read what it writes. */
  readonly fragments: readonly FragmentDefinition[]
  /** As that of a definition. */
  looking?(): PipelineTopology
}

export interface FragmentDefinition {
  /** Whose keys its tasks share; null: it reads the script's sources, and processes share their partitions. */
  readonly stage: string | null
  /** As that of its definition. */
  readonly checksTables?: true
  /** What is not split: it reads sources of the script, and its state is as if it were all of the script. */
  readonly isUndivided?: true
  /** A task has one partition of each exchange that the fragment reads. */
  readonly tasks: number
  /** What a task runs: each has variables of its own. */
  make(): PipelineDefinition
}

/** Which task of a fragment a pipeline is: its states have a partition of their topics each. */
export interface TaskIdentity {
  readonly stage: string
  readonly index: number
  /** How many there are; 0: as many as the topics of their states have partitions. */
  readonly count: number
}

/** What a pipeline runs: the loops over its sources' records, and what event time and barriers set going. */
export interface PipelineProgram {
  readonly tasks: readonly SourceTask[]
  /**
   * Behind each batch: tells the groups whose windows are complete at the watermarks of their sources. Stops after some rows, so that
   * others get a turn who change nothing of what it goes through.
   */
  closeWindows(): Iterable<void>
  /** Before each barrier: tells what has become of groups since the last one. Stops as `closeWindows`. */
  tellChanges(): Iterable<void>
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
  /** Goes on where records are gone that were not read yet. Absent: stops. */
  readonly skipsMissing?: true
  /** librdkafka properties; values may hold ${ENV} or ${file:/path}. */
  readonly properties: Readonly<Record<string, string>>
  readonly onError: ErrorPolicy
  /** Where rows go whose window has closed; null: they are counted and logged. */
  readonly lateTopic: string | null
  /** Its event time; null: it has none, or nobody waits for it. Durations are milliseconds. */
  readonly watermark: {
    readonly delay: number
    readonly idleTimeout: number
    readonly maxFutureSkew: number | null
  } | null
  /** Rows to gather before a model runs, and for how many ms at most: 0 and 0 without a model. */
  readonly fill: { readonly records: number; readonly wait: number }
  /** The table that its topic is: it is read to its end before events are. Null: its records are events. */
  readonly table: string | null
  readonly columns: readonly DescribedColumn[]
  /** Where the schemas are that its records name; absent: they name none. */
  readonly registry?: RegistryDefinition
  /** Their keys name schemas too. */
  readonly hasKeySchemas?: true
  /** What other parts of the script send. */
  readonly exchange?: ExchangeClocks & {
    /** A member of each row in it: rows that have none such were sent as something else. Absent: they are rows of a table. */
    readonly form?: string
  }
  /** The only partition that is read, whatever the group has; absent: those that the group gives. */
  readonly partition?: number
  /** All partitions are read, from their first records and whatever others read: its table is a copy. */
  readonly isCopied?: true
  readonly line: number
}

/** What tells those who read an exchange the time of its rows: sources of any part. */
export interface ExchangeClocks {
  /** Those whose watermarks hold for them. */
  readonly clocks: readonly string[]
  /** Those that say at which processing time they are sent; absent: nobody asks. */
  readonly processing?: readonly string[]
}

export interface SinkDefinition {
  readonly name: string
  /** `stdout`: a SELECT on its own, whose rows are printed. `exchange`: to the tasks of another part, by key. */
  readonly connector: 'kafka' | 'stdout' | 'exchange'
  readonly brokers: string
  readonly topic: string
  readonly compression: string
  readonly batchSize: number
  readonly linger: number
  readonly properties: Readonly<Record<string, string>>
  readonly onError: ErrorPolicy
  /** The schema that its records name; absent: they name none. */
  readonly schema?: SinkSchema
  /** That of their keys. */
  readonly keySchema?: SinkSchema
  readonly exchange?: ExchangeClocks & { readonly tasks: number }
  readonly line: number
}

/** INSERT VALUES, UPDATE or DELETE. */
export interface ChangeDefinition {
  /** As people call it: 'UPDATE orders'. */
  readonly statement: string
  readonly table: string
  /** Tells apart what it says: a hash. */
  readonly meaning: string
  readonly line: number
  /** Answers how many rows it changed. Throws a SqlFailure, and changes nothing, where it can't. */
  run(): number
}

/** A statement of a test. */
export type AskedChange = Pick<ChangeDefinition, 'statement' | 'table' | 'run'>

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
  /** What finds the rows that `run` takes in the source's records; absent: each record is one. */
  readonly rows?: RowSource
  run(batch: Batch): void | Promise<void>
}

/** Records that hold several rows each. */
export interface RowSource {
  /** Batches whose records are rows: each is the caller's until it asks for the next. */
  read(batch: Batch): AsyncIterable<Batch>
}

/** What the runtime gives to generated code when it opens. */
export interface PipelineContext {
  writer(sink: string): RecordWriter
  /** A sink whose records are not written one by one has a writer of its own. */
  writer<Writer extends RecordWriter>(sink: string, own: Writer): Writer
  model(name: string): ModelRunner
  /** Each table has rows of its own type, which the generated code names. */
  table<Row extends TableRow>(name: string): TableState<Row>
  /** From now on the state is restored, written to its changelog and committed with the offsets. */
  keep<State extends KeyedState>(state: State): State
  clock(source: string): SourceClock
  /** From now on a commit needs what is in it: it can't be had without what was read since the last one. */
  combine<Group>(groups: CombinedGroups<Group>): CombinedGroups<Group>
  /** Of a source with a registry. */
  schemas(source: string): SchemaLookup
  /** What takes the failures of the rows of a table, of a stage, or of what goes to an exchange together. */
  rows(name: string): DerivedRows
  /**
   * The watermark of some sources together: the lowest of their partitions that are waited for. Where all of them are silent,
   * time is the latest of them, or that of the sources of the other side, if there is one.
   */
  watermark(sources: readonly string[], beside?: readonly string[]): number
  /** Processing time in ms, the same for a whole batch. */
  now(): number
  /** The processing time below which no rows of some exchanges come any more. */
  processed(exchanges: readonly string[]): number
  /** As `now`, of a clock that nobody sets: for how long something was not used. */
  elapsed(): number
  /** What takes some of the rows that leave operators. */
  look(rows: readonly LookedRows[]): RowLook
}

/** The rows that leave an operator. */
export interface LookedRows {
  /** As the plan's node calls them. */
  readonly key: string
  readonly columns: readonly { readonly name: string; readonly type: ValueType }[]
}

export interface RowLook {
  /** 1 where it is time for another row, by the number of the operator. */
  readonly due: Uint8Array
  take(operator: number, row: readonly unknown[]): void
}

export interface ModelRunner {
  /**
   * One answer per row. `columns[k]` holds argument k of rows 0..count-1 as doubles. Calls the model once per
   * `batchSize` rows. A failing batch is halved until the failing rows are alone: `failed` gets each, and how often
   * it was tried.
   * A model that gives `width` numbers per row without an index answers [row * width + j].
   */
  run(
    columns: readonly Float64Array[],
    count: number,
    failed: (row: number, code: string, message: string, attempt?: number) => void
  ): Promise<Float64Array>
}
