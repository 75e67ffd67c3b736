import type { Query } from '../ast/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { BoundModel, BoundQuery, BoundSource } from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { Catalog, Declaration } from './catalog.ts'

/** What binding a script knows and collects. One per script. */
export interface BindContext {
  readonly session: Session
  readonly catalog: Catalog
  readonly sources: Map<Declaration, BoundSource>
  readonly models: readonly BoundModel[]
  /** Queries are bound once, when somebody first needs their columns. */
  readonly queries: Map<Query, BoundQuery>
  /** Tables and views whose columns are being worked out: meeting one again is a circle. */
  readonly inProgress: Set<Declaration>
  /** What queries and sinks read, for warnings about the rest. */
  readonly read: Set<Declaration>
  readonly usedModels: Set<string>
}

export function report(cx: BindContext, diagnostic: Diagnostic): void {
  cx.session.diagnostics.push(diagnostic)
}
