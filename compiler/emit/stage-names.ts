import type { Code } from '../code/index.ts'
import type { GroupStage, OverStage, Stage, TopStage } from '../ir/index.ts'

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

/** Of a stage whose rows are told by time or at barriers. */
export interface ToldNames extends StageNames {
  readonly stage: GroupStage | OverStage | TopStage
  /** The function that tells what time, or a barrier, completes. */
  readonly tell: Code
}

/** Of a stage whose rows may change after they were told. */
export interface ChangedNames extends ToldNames {
  readonly stage: GroupStage | TopStage
  /** The function that is called for each change of a row. */
  readonly changed: Code
}
