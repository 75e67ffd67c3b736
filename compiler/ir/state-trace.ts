import type { BoundColumn, BoundSource } from './bound.ts'
import type { Stage, Step } from './stages.ts'

/** A state of a pipeline, and every way by which rows come into it. */
export interface StateTrace {
  /** Of the table, or of the stage. */
  readonly name: string
  /** Null: a table. */
  readonly stage: Stage | null
  readonly ways: readonly StateWay[]
}

/** What happens to rows between the place where they start and the state that they end in. */
export interface StateWay {
  readonly from:
    | {
        readonly kind: 'Source'
        readonly source: Pick<BoundSource, 'name' | 'topic' | 'timestampUnit'>
        readonly columns: readonly BoundColumn[]
      }
    /** Another state, whose rows go on as they change. */
    | { readonly kind: 'State'; readonly name: string }
  /** Each has the next one alone behind it, and reads no column that it does not need. The last one is the state's own. */
  readonly steps: readonly Step[]
}
