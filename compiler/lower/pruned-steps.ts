import type { Step } from '../ir/index.ts'

/** Steps without the columns that no result depends on. */
export interface PrunedSteps {
  /** The columns of the source node that are needed, ascending: the decoder's row. */
  readonly columns: readonly number[]
  readonly steps: readonly Step[]
}
