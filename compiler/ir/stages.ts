import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'
import type { BoundColumn, BoundScript, BoundSink, BoundSource } from './bound.ts'
import type { Expr } from './scalars.ts'
import type { PredictCall } from './streams.ts'

/** What `lower` hands to `emit`: one task per source, each a tree of steps fused into loops over batches. */
export interface Program {
  readonly script: BoundScript
  readonly tasks: readonly SourceTask[]
}

/** Reads one source. `steps` all run for each decoded row, in order (a fan-out has several). */
export interface SourceTask {
  readonly source: BoundSource
  readonly decoder: Decoder
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
}

/** A row goes on to `steps` if the predicate is TRUE. */
export interface FilterStep {
  readonly kind: 'Filter'
  readonly predicate: Expr
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
/** Encodes the row as one record of the sink. */
export interface WriteStep {
  readonly kind: 'Write'
  readonly sink: BoundSink
  readonly schema: RowType
  readonly span: Span
}
export type Step = FilterStep | ProjectStep | PredictStep | WriteStep
export type StepKind = Step['kind']
export type StepOf<K extends StepKind> = Extract<Step, { kind: K }>
