import type { Code } from '../code/index.ts'
import type { Stage } from '../ir/index.ts'

/** What every stage has a name for, whatever it keeps. */
export interface StageNames {
  readonly stage: Stage
  /** The variable that holds the state, set when the pipeline opens. */
  readonly state: Code
  /** The runtime's class of the state, and its type with that of what it keeps. */
  readonly stateClass: Code
  readonly stateType: Code
  /** What the state is made of. */
  readonly definition: Code
  /** The variable of the batch that its rows seem to come in, for errors. */
  readonly rows: Code
}
