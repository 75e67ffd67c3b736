import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BoundModel, BoundScript, BoundSink, BoundSource, BoundWatermark } from './bound.ts'
import type { BoundTable } from './bound-table.ts'
import type { Expr, ExprOf } from './scalars.ts'
import type { AggregateCall } from './aggregate-call.ts'
import type { JoinTimes } from './join-times.ts'
import type { WindowCall } from './over.ts'
import type { Unnest } from './unnest.ts'
import type { TimeColumn } from './time-column.ts'
import type { GroupSession } from './group-session.ts'
import type { JoinKind, LookupJoin, LookupKey } from './join-kind.ts'

export interface StreamTraits {
  readonly changes: 'append' | 'retract'
  /** Column indexes, or null: rows have no key. */
  readonly key: readonly number[] | null
  /** Columns that event time bounds: the source's own time, and what windows make of it. */
  readonly times: readonly TimeColumn[]
}

interface NodeBase<Kind extends string> {
  readonly kind: Kind
  /** A DAG: a shared object is a fan-out. */
  readonly inputs: readonly StreamNode[]
  readonly schema: RowType
  readonly traits: StreamTraits
  /** Synthesised nodes inherit their cause's span. */
  readonly span: Span
}

/** One per source of the script that somebody reads; read once however many read it. */
export interface SourceNode extends NodeBase<'Source'> {
  readonly source: BoundSource
  /** Which columns of `source.columns` the schema holds, ascending: the decoder reads these and the NOT NULL ones. */
  readonly reads: readonly number[]
}
/** Tells the time of a source's records to those who wait for it, and rejects what is too far in the future. */
export interface WatermarkNode extends NodeBase<'Watermark'> {
  readonly source: BoundSource
  /** Its column is one of the schema's. */
  readonly watermark: BoundWatermark
}
export interface FilterNode extends NodeBase<'Filter'> {
  readonly predicate: Expr
}
export interface ProjectNode extends NodeBase<'Project'> {
  readonly exprs: readonly Expr[]
}
export interface UnionNode extends NodeBase<'Union'> {}
/** Runs models over batches of rows. Its schema is the input's, then one column per call. */
export interface PredictNode extends NodeBase<'Predict'> {
  readonly calls: readonly PredictCall[]
}
export interface PredictCall {
  readonly model: BoundModel
  readonly args: readonly Expr[]
  /** Rows where this is not TRUE are not sent to the model and get NULL; null: every row needs the answer. */
  readonly when: Expr | null
  readonly span: Span
}
/**
 * A table that is kept as state. Its inputs are the streams that are inserted into it, or the source that is its topic; what
 * leaves it are its changes.
 */
export interface TableNode extends NodeBase<'Table'> {
  readonly table: BoundTable
}
/** Each row of the first input with the rows that the second, a table, has for its key at that moment. */
export interface LookupNode extends NodeBase<'Lookup'> {
  readonly inputs: readonly [StreamNode, TableNode]
  readonly join: LookupJoin
  readonly keys: readonly LookupKey[]
  /** What else must hold, over the columns of both; null: nothing. */
  readonly condition: Expr | null
}
/** Each row once per element of an array, which goes on behind its columns. */
export interface UnnestNode extends NodeBase<'Unnest'> {
  readonly unnest: Unnest
}
/** The rows of two streams, or of what changes, that belong together. Both sides are kept. */
export interface JoinNode extends NodeBase<'Join'> {
  readonly inputs: readonly [StreamNode, StreamNode]
  readonly join: JoinKind
  readonly keys: readonly LookupKey[]
  /** What else must hold, over the columns of both; null: nothing. */
  readonly condition: Expr | null
  /** What is asked of its rows behind it: where that keeps two rows together in time, they need not be kept longer. */
  readonly filters: readonly Expr[]
  /** Null: a row meets all rows that belong to it; else only the last one before it. */
  readonly asOf: AsOf | null
  /** The columns that it keeps together in time; null: rows are kept for ever. */
  readonly times: JoinTimes | null
  /** How long, in ms of processing time, a row of a side is kept that neither time nor its key bounds; null: for ever. */
  readonly ttl: number | null
  /** What the state is called, in its topic's name too. */
  readonly name: string
}
/** A join that tells each row of the left side once, beside the last row of the right one that is before it. */
export interface AsOf {
  /** `table`: the versions of a table's rows: a late one is valid from then on, and a delete ends it. */
  readonly rows: 'events' | 'table'
  /** The columns of both sides that say when: a right row is valid from its time on. */
  readonly left: number
  readonly right: number
  /** Whether a right row is not valid yet at its own time. */
  readonly strict: boolean
}
/** The rows of each group as one row: its keys, then its aggregates. */
export interface AggregateNode extends NodeBase<'Aggregate'> {
  readonly keys: readonly Expr[]
  readonly aggregates: readonly AggregateCall[]
  /**
   * The key that bounds the group in time, and how far behind it the group is complete, or where changes are told is freed; null:
   * none does.
   */
  readonly window: GroupWindow | null
  /** Whether the groups are of sessions; null: no. */
  readonly session: GroupSession | null
  /** Whether a row is counted once, and not in each of its windows; null: no. */
  readonly slices: GroupSlices | null
  /** `close`: one row per group, once no more rows can come. `changes`: each change of its row. */
  readonly emission: 'close' | 'changes'
  /** How long, in ms of processing time, a group is kept that does not change; null: as long as its window, or for ever. */
  readonly ttl: number | null
  /** The keys, constants, of a group that is there also where no row is: without GROUP BY, or of the empty grouping set. */
  readonly standing: readonly Expr[] | null
  /** What the state is called, in its topic's name too: stable as long as the statement's target is. */
  readonly name: string
}
export interface GroupWindow extends Omit<TimeColumn, 'column'> {
  /** Index into the keys. */
  readonly key: number
}
/**
 * Windows that overlap, whose groups are put together of slices: stretches of time that each window has whole or not at all. The
 * keys that tell windows apart are the time of the row where they are over the row, and a window's own in its group.
 */
export interface GroupSlices {
  /** A call of `hop_ends` or `cumulate_ends` with constant lengths: where the windows end that the row is in. */
  readonly array: ExprOf<'Call'>
  /** These of the keys are so many ms behind the window's end. */
  readonly ends: readonly { readonly key: number; readonly shift: number }[]
  /** How far behind its end, in ms, the watermark is when a window is complete. */
  readonly lag: number
  /** The end of the first window that the row counts in, where who sent it knows of windows that it is late for; null: all. */
  readonly first: Expr | null
}
/** The first rows of each partition, each with its place behind its columns where that is told. */
export interface TopNNode extends NodeBase<'TopN'> {
  readonly top: Top
  /** The column of the partition that bounds it in time; null: none does, and rows are kept for ever. */
  readonly window: TimeColumn | null
  /** `close`: each row once, when no more can come. `changes`: each change of the first rows. */
  readonly emission: 'close' | 'changes'
  /** What the state is called, in its topic's name too. */
  readonly name: string
}
/** Columns are those of the input. */
export interface Top {
  readonly rank: RankFunction
  readonly partition: readonly number[]
  /** ORDER BY; where rows may leave, what tells them apart goes on behind it. */
  readonly order: readonly SortColumn[]
  /** How many of `order` are ORDER BY: rows that are equal in them have one place, but for ROW_NUMBER. */
  readonly written: number
  /** The places, from 1, both included. */
  readonly from: number
  readonly to: number
  /** What the place is called as a column; null: it is not told. */
  readonly place: string | null
}
export type RankFunction = 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK'
export interface SortColumn {
  readonly column: number
  readonly descending: boolean
  readonly nullsFirst: boolean
}
/** Rows in the order of their time, each with what window functions give for it behind its columns. */
export interface OverNode extends NodeBase<'Over'> {
  readonly over: Over
  /** How long, in ms of processing time, a partition is kept that no row comes into; null: as its frames say, or for ever. */
  readonly ttl: number | null
  /** What the state is called, in its topic's name too. */
  readonly name: string
}
/** Columns are those of the input. */
export interface Over {
  readonly partition: readonly number[]
  /** What ORDER BY begins with: a row is told when all rows up to its time have come. */
  readonly time: TimeColumn
  /** What ORDER BY goes on with. */
  readonly order: readonly SortColumn[]
  readonly calls: readonly WindowCall[]
}
export interface SinkNode extends NodeBase<'Sink'> {
  readonly sink: BoundSink
}

export type StreamNode =
  | SourceNode
  | WatermarkNode
  | FilterNode
  | ProjectNode
  | UnionNode
  | PredictNode
  | TableNode
  | LookupNode
  | UnnestNode
  | JoinNode
  | AggregateNode
  | TopNNode
  | OverNode
  | SinkNode
export type StreamKind = StreamNode['kind']
export type NodeOf<K extends StreamKind> = Extract<StreamNode, { kind: K }>

/** The dataflow of a script: its sinks and the tables that it keeps are the roots, everything else hangs below them. */
export interface StreamGraph {
  readonly script: BoundScript
  readonly sinks: readonly SinkNode[]
  readonly tables: readonly TableNode[]
}
