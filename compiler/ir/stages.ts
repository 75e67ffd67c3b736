import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { AggregateCall } from './aggregate-call.ts'
import type { BoundColumn, BoundScript, BoundSink, BoundSource, BoundWatermark } from './bound.ts'
import type { BoundTable } from './bound-table.ts'
import type { Expr } from './scalars.ts'
import type { AsOf, GroupSlices, GroupWindow, Over, PredictCall, Top } from './streams.ts'
import type { JoinKind, LookupKey, LookupJoin } from './join-kind.ts'
import type { GroupSession } from './group-session.ts'
import type { TimeColumn } from './time-column.ts'
import type { Unnest } from './unnest.ts'

/** What `lower` hands to `emit`: one task per source, each a tree of steps fused into loops over batches. */
export interface Program {
  readonly script: BoundScript
  readonly tasks: readonly SourceTask[]
  /** Those that are its state. */
  readonly tables: readonly StoredTable[]
  /** Those that are none: each process that runs it has all of their rows, whatever becomes of it. */
  readonly copies: readonly StoredTable[]
  /** In the order in which rows go through them: what one tells, those behind it take. */
  readonly stages: readonly Stage[]
}

/**
 * A part of a script that runs by itself. What it gives to other parts goes through exchanges: topics with a partition for each
 * task of the part that reads them.
 */
export interface Fragment {
  /** Of its stage; null: it has none, and any number of instances share the partitions of its sources. */
  readonly stage: string | null
  /** It reads topics that are tables, of which others have copies, for what is no row in them: that is told once. */
  readonly checksTables: boolean
  /** It is no stage but all that is not split, and has its state as a script that runs in one part: nothing is sent to it. */
  readonly isUndivided: boolean
  readonly tasks: number
  readonly program: Program
  /** What it writes. */
  readonly exchanges: readonly Exchange[]
}

/** Where a node is of a script in several parts, beyond in how many tasks its stage runs. */
export interface Place {
  /** Why one task does it, with all else that is not split; null: that is no reason. */
  readonly undivided: string | null
  /** A table that whoever looks up in it has all rows of. */
  readonly isCopied: boolean
  /** A stage of whose rows several tasks would tell in any order: it has one. */
  readonly isApart: boolean
}

/** The rows of one input of a stage on their way to its tasks, by key. */
export interface Exchange {
  /**
   * What tells its rows from those of another script or compiler that can't be read as these: a member of each is called so, and the
   * others by their places. Two of one form have in each place what the stage takes for the same. Null: it goes to a table, by whose
   * columns they are called.
   */
  readonly form: string | null
  readonly sink: BoundSink
  readonly source: BoundSource
  /** Whether rows that were sent may leave again: each is sent as one that comes or as one that goes. */
  readonly changes: boolean
  /** What puts rows together before they are sent; null: each is sent. */
  readonly combiner: Combiner | null
  readonly tasks: number
  /** The sources, those that are exchanges too, whose watermarks hold for its rows: of every fragment that writes it. */
  readonly clocks: readonly string[]
  /** Those of whose rows it is told at which processing time they are sent; none: nobody asks. */
  readonly processing: readonly string[]
}

/** What those who send rows to an exchange make of them by themselves, since their last commit: what all rows of a group come to. */
export interface Combiner {
  /** The exchange's. */
  readonly name: string
  /** The columns of the row that is sent, but for the last, which has what its aggregates have kept. */
  readonly keys: RowType
  readonly aggregates: readonly AggregateCall[]
  readonly steps: readonly Step[]
  readonly span: Span
}

/** An operator that keeps rows as state, and what follows what it tells of them. */
export type Stage = GroupStage | JoinStage | TopStage | OverStage

/** A stage whose rows are told by time or at barriers. */
interface ToldStage<Kind extends string> {
  readonly kind: Kind
  /** What the state is called. */
  readonly name: string
  /** In how many tasks it runs, each with the state of its keys; null: who has the script, or all that is not split, has its state. */
  readonly tasks: number | null
  readonly emission: 'close' | 'changes'
  /** Whether rows of the input may leave again. */
  readonly retracts: boolean
  /** The sources of what goes into it. */
  readonly sources: readonly string[]
  /** Those whose time closes its windows; none where time does not. */
  readonly clocks: readonly string[]
  /** What its rows are told as. */
  readonly schema: RowType
  /** The columns that `steps` read, ascending: the row that they start from. */
  readonly columns: readonly number[]
  /** `close`: for each row. `changes`: for each change of one, as behind a table. */
  readonly steps: readonly Step[]
  readonly span: Span
}

/** The rows of a Join, which are kept as state, and what follows those that it makes. */
export interface JoinStage {
  readonly kind: 'Join'
  /** What the state is called. */
  readonly name: string
  /** In how many tasks it runs, each with the state of its keys; null: who has the script, or all that is not split, has its state. */
  readonly tasks: number | null
  readonly join: JoinKind
  readonly left: JoinSide
  readonly right: JoinSide
  /** Over the left row, and behind it the right one. */
  readonly condition: Expr | null
  /** Whether a left row meets the last right one before it only, and how: see JoinNode. */
  readonly asOf: Pick<AsOf, 'rows' | 'strict'> | null
  /** Whether what is told of a row never changes. */
  readonly appends: boolean
  /** The columns that tell its rows apart; none: nothing does. */
  readonly key: readonly number[]
  /** The sources of what goes into it. */
  readonly sources: readonly string[]
  /** The row that it makes: the left one, and behind it the right one; of SEMI and ANTI the left one. */
  readonly schema: RowType
  /** The columns that `steps` read, ascending: the row that they start from. */
  readonly columns: readonly number[]
  /** `appends`: for each row. Else for each change of one, as behind a table. */
  readonly steps: readonly Step[]
  readonly span: Span
}
export interface JoinSide {
  /** Which of the input's columns are kept, ascending. */
  readonly columns: readonly number[]
  /** What is kept of a row. */
  readonly schema: RowType
  /** Over that row, those of the left side equal to those of the right one. */
  readonly keys: readonly Expr[]
  /** The sources whose time says that no more rows come; none where time does not. */
  readonly clocks: readonly string[]
  /** The time of a row; null: time does not matter. */
  readonly time: JoinTime | null
  /** How long, in ms of processing time, a row is kept; null: as time or the input says. */
  readonly ttl: number | null
}
export interface JoinTime extends TimeColumn {
  /** How far behind its time, in ms, the watermark of the other side is when it can meet no more; Infinity: never. */
  readonly closes: number
}

/** The groups of an Aggregate, which are kept as state, and what follows their rows. */
export interface GroupStage extends ToldStage<'Aggregate'> {
  readonly keys: readonly Expr[]
  readonly aggregates: readonly AggregateCall[]
  readonly window: GroupWindow | null
  readonly session: GroupSession | null
  readonly slices: GroupSlices | null
  /** Why each row is sent to its tasks by itself; null: rows of a group are put together before. */
  readonly sentAlone: string | null
  /** How long a group is kept that does not change: see AggregateNode. */
  readonly ttl: number | null
  /** The keys of a group that is there also where no row is: see AggregateNode. */
  readonly standing: readonly Expr[] | null
}

/** The first rows of a TopN, which are kept as state, and what follows them. Columns are those of the rows that are kept. */
export interface TopStage extends ToldStage<'TopN'> {
  readonly top: Top
  readonly window: TimeColumn | null
  /** Rows as they are kept: without the place. */
  readonly kept: RowType
  /** The columns of the input that are kept. */
  readonly takes: readonly number[]
  /** The columns that tell which row a change is of; null: none do. */
  readonly key: readonly number[] | null
}

/** The rows of an Over, which are kept as state, and what follows them. Columns are those of the rows that are kept. */
export interface OverStage extends ToldStage<'Over'> {
  readonly over: Over
  /** How long a partition is kept that no row comes into: see OverNode. */
  readonly ttl: number | null
  /** Rows as they are kept: without what is computed of them. */
  readonly kept: RowType
  /** The columns of the input that are kept. */
  readonly takes: readonly number[]
}

/** A table that is kept as state, and what follows each of its changes. */
export interface StoredTable {
  readonly table: BoundTable
  /** What lookups ask for beside the PRIMARY KEY: the table's side of a join's keys, over its columns. */
  readonly indexes: readonly (readonly Expr[])[]
  /** The sources of what goes into it. */
  readonly sources: readonly string[]
  /** The columns that `steps` read, ascending: the row that they start from. */
  readonly columns: readonly number[]
  /** What follows a change: each runs for the row before it and for the row after it, and ends in a Write. */
  readonly steps: readonly Step[]
}

/** Reads one source. `steps` all run for each decoded row, in order (a fan-out has several). */
export interface SourceTask {
  readonly source: BoundSource
  readonly decoder: Decoder
  /** What the source is, where it is no topic of the script. */
  readonly exchange?: Exchange
  readonly steps: readonly Step[]
}

/** The row type that leaves the decoder is `schema`; `columns[i]` produces `schema.columns[i]`. */
export interface Decoder {
  readonly columns: readonly DecoderColumn[]
  /** Columns that are only checked for NOT NULL; they produce nothing. */
  readonly checks: readonly BoundColumn[]
  readonly schema: RowType
}
export interface DecoderColumn {
  readonly column: BoundColumn
  /** The bytes are needed because a writer copies them unchanged. */
  readonly copied: boolean
  /** The value is needed by an expression. */
  readonly parsed: boolean
  /** Text of which expressions only need the bytes: see `columnOfBytes`. */
  readonly compared: boolean
}

/** Tells the source's clock the time of the row, and rejects it where that is too far in the future. */
export interface WatermarkStep {
  readonly kind: 'Watermark'
  readonly source: BoundSource
  /** Its column is one of the row's. */
  readonly watermark: BoundWatermark
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** A row that comes too late for a stage of another fragment is rejected here, where its record is known. */
export interface InTimeStep {
  readonly kind: 'InTime'
  readonly time: Expr
  readonly window: Pick<TimeColumn, 'clock' | 'lag' | 'unit'>
  /** A row without a time is rejected, or it is never late. */
  readonly needsTime: boolean
  /** What the row counts in: `steps` have, behind its columns, the end of the first of its windows that it is not late for; null: no. */
  readonly slices: SentSlices | null
  /** The column behind those of the row that has the watermark of its partition, NULL where there is none: the row is never rejected; null: no. */
  readonly mark: number | null
  readonly steps: readonly Step[]
  readonly span: Span
}
export interface SentSlices extends GroupSlices {
  /** The column that is added. */
  readonly from: number
}
/** Counts the row into those of its group that go to the exchange together; what follows is the combiner's. */
export interface CombineStep {
  readonly kind: 'Combine'
  /** The exchange's name. */
  readonly exchange: string
  /** Over the row: those of the combiner. */
  readonly keys: readonly Expr[]
  readonly aggregates: readonly AggregateCall[]
  /** The key that time closes: a row that may be late behind the exchange goes alone, so that it is told by itself. Null: none does. */
  readonly window: Pick<GroupWindow, 'key' | 'clock'> | null
  /** Over the row: rows of one slice go together, but for those that are late for some of its windows. */
  readonly slices: GroupSlices | null
  readonly span: Span
}
/** A row goes on to `steps` if the predicate is TRUE. */
export interface FilterStep {
  readonly kind: 'Filter'
  readonly predicate: Expr
  /** Of its rows, before and behind. */
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** The row becomes `exprs`. An expression that is a bare Column may be a copied byte range: see DecoderColumn. */
export interface ProjectStep {
  readonly kind: 'Project'
  readonly exprs: readonly Expr[]
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** Ends the loop: rows wait here, in columns, until the models have answered; then `steps` run for each in order. */
export interface PredictStep {
  readonly kind: 'Predict'
  readonly calls: readonly PredictCall[]
  /** Input columns that `steps` still need, by index; the others need not be kept. */
  readonly keeps: readonly number[]
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** Stores the row in a table; what follows a change of the table is the table's. */
export interface StoreStep {
  readonly kind: 'Store'
  readonly table: BoundTable
  readonly schema: RowType
  readonly span: Span
}
/** Counts the row into its group; what follows the group's row is the stage's. */
export interface AggregateStep {
  readonly kind: 'Aggregate'
  /** The stage's name. */
  readonly stage: string
  readonly keys: readonly Expr[]
  /** None where the row is combined. */
  readonly aggregates: readonly AggregateCall[]
  /** What the stage's aggregates have kept of the rows that this one is combined of: see Combiner; null: it is a row. */
  readonly combined: Expr | null
  readonly window: GroupWindow | null
  readonly session: GroupSession | null
  readonly slices: GroupSlices | null
  readonly span: Span
}
/** The row goes into a side of a join; what follows the rows that it makes is the stage's. */
export interface JoinStep {
  readonly kind: 'Join'
  /** The stage's name. */
  readonly stage: string
  readonly side: 'left' | 'right'
  /** The columns that are kept. */
  readonly columns: readonly number[]
  /** When the row is late; null: never. Its column is one of the row's. */
  readonly time: TimeColumn | null
  /** The column of the row that has the watermark of its partition; null: its record is here, or it has none. */
  readonly mark: number | null
  readonly schema: RowType
  readonly span: Span
}
/** Puts the row among those of its partition; what follows is the stage's. */
export interface TopNStep {
  readonly kind: 'TopN'
  /** The stage's name. */
  readonly stage: string
  /** The columns of the row that are kept, and as what. */
  readonly columns: readonly number[]
  readonly kept: RowType
  /** Its column is one of the row's. */
  readonly window: TimeColumn | null
  readonly span: Span
}
/** Puts the row among those that wait for their time; what follows is the stage's. */
export interface OverStep {
  readonly kind: 'Over'
  /** The stage's name. */
  readonly stage: string
  /** Columns are those of the row. */
  readonly over: Over
  /** Which of them are kept, and as what. */
  readonly columns: readonly number[]
  readonly kept: RowType
  readonly span: Span
}
/** `steps` run for the row with the rows that the table has for its key, as `join` says. */
export interface LookupStep {
  readonly kind: 'Lookup'
  readonly join: LookupJoin
  readonly table: BoundTable
  readonly keys: readonly LookupKey[]
  /** Where the rows are found: null: by the table's key; else in this one of its indexes. */
  readonly index: number | null
  readonly condition: Expr | null
  /**
   * Where the rows of a batch are looked up together, once all have come so far: the columns that are read then, of `schema`. Null:
   * each is looked up when it comes.
   */
  readonly together: readonly number[] | null
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** `steps` run for the row with each element of an array. */
export interface UnnestStep {
  readonly kind: 'Unnest'
  readonly unnest: Unnest
  /** Input columns that `steps` still need, by index: `schema` has these, and what is added behind them. */
  readonly keeps: readonly number[]
  readonly schema: RowType
  readonly steps: readonly Step[]
  readonly span: Span
}
/** Encodes the row as one record of the sink. */
export interface WriteStep {
  readonly kind: 'Write'
  readonly sink: BoundSink
  /** How rows that change are told: null: they do not. `apart`: without a key, so that an update is a delete and a create. */
  readonly changes: 'together' | 'apart' | null
  readonly schema: RowType
  readonly span: Span
}
export type Step =
  | WatermarkStep
  | InTimeStep
  | FilterStep
  | ProjectStep
  | PredictStep
  | LookupStep
  | UnnestStep
  | AggregateStep
  | CombineStep
  | TopNStep
  | OverStep
  | JoinStep
  | StoreStep
  | WriteStep
export type StepKind = Step['kind']
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>
