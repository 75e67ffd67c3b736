import type { BindContext } from '../context.ts'
import type { AggregateScope } from '../queries/aggregate-scope.ts'
import type { Aliases } from '../queries/aliases.ts'
import type { Names } from '../queries/names-in-scope.ts'
import type { OverScope } from '../queries/over-scope.ts'
import type { ProbeScope } from '../queries/probe-scope.ts'
import type { RowSoFar } from '../queries/row-so-far.ts'

/** Where an expression stands: what names mean there. */
export interface ExprContext {
  readonly bind: BindContext
  /** Null: no columns are in scope, as in DEFAULT and VALUES. */
  readonly names: Names | null
  /** Where aggregates of this place go; `none`: none can stand here; `inside`: in another's arguments. Absent: a stream's query. */
  readonly aggregates?: AggregateScope | 'none' | 'inside'
  /** In HAVING: what names mean that are no columns. */
  readonly aliases?: Aliases
  /** Where window functions of this place go; absent: none can stand here. */
  readonly over?: OverScope
  /** Where queries inside of expressions look their rows up: in a stream's query. */
  readonly row?: RowSoFar
  /** Where they are asked, in a query that is answered once. Neither: none can stand here. */
  readonly probes?: ProbeScope
}
