import type { BoundRelation, Expr } from '../../ir/index.ts'
import type { NamedRelation } from './named-relation.ts'
import type { SessionInput } from './session-input.ts'

/** What FROM reads, and what its columns are called there. */
export interface Input {
  readonly relation: BoundRelation
  readonly parts: readonly NamedRelation[]
  /** Of windows that nothing closes: the time that they are made of. */
  readonly untimed?: Expr
  /** Of SESSION: what its groups are made by. */
  readonly session?: SessionInput
}
