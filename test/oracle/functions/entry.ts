import type { SqlType } from '../../../compiler/types/index.ts'
import type { Value } from '../value.ts'

export interface CallTypes {
  readonly types: readonly SqlType[]
  readonly result: SqlType
}

/** The slow twin of one entry of the catalogue. Without `takesNull`, a NULL argument makes the result NULL. */
export interface FunctionTwin {
  readonly takesNull?: true
  // The binder has checked the arguments' types, so that each twin names the types that it takes.
  readonly evaluate: (args: never, types: CallTypes) => Value
}

export type Twins = Readonly<Record<string, FunctionTwin>>
