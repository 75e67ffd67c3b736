import type { Value } from './catalog-types.ts'
import type { ScopeColumn, Env } from './scope.ts'

/** Where rows come from. */
export interface RowSource {
  readonly columns: readonly ScopeColumn[]
  /** `env`: of the rows around the query; of what stands beside names of tables before it, with their rows. */
  readonly rows: (env: Env) => readonly (readonly Value[])[]
  /** It may name what stands before it. */
  readonly isLateral: boolean
}
