import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BoundModel, BoundScript, BoundSink, BoundSource } from './bound.ts'
import type { Expr } from './scalars.ts'

export interface StreamTraits {
  readonly changes: 'append' | 'retract'
  /** Column indexes, or null: rows have no key. */
  readonly key: readonly number[] | null
  /** The event-time column's index, or null. */
  readonly eventTime: number | null
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
export interface SinkNode extends NodeBase<'Sink'> {
  readonly sink: BoundSink
}

export type StreamNode = SourceNode | FilterNode | ProjectNode | UnionNode | PredictNode | SinkNode
export type StreamKind = StreamNode['kind']
export type NodeOf<K extends StreamKind> = Extract<StreamNode, { kind: K }>

/** The dataflow of a script: its sinks are the roots, everything else hangs below them. */
export interface StreamGraph {
  readonly script: BoundScript
  readonly sinks: readonly SinkNode[]
}
