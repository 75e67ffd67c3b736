import type { Identifier, Query } from '../ast/index.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { BoundModel, BoundQuery, BoundSource } from '../ir/index.ts'
import type { Session } from '../session.ts'
import type { Span } from '../source/index.ts'
import type { RowType, SqlType } from '../types/index.ts'
import type { Findings } from './findings.ts'
import type { Catalog, Declaration, SinkDeclaration } from './catalog.ts'

/** What binding a script knows and collects. One per script. */
export interface BindContext {
  readonly session: Session
  readonly catalog: Catalog
  readonly sources: Map<Declaration, BoundSource>
  readonly models: readonly BoundModel[]
  /** Queries are bound once, when somebody first needs their columns. Null: a diagnostic says why not. */
  readonly queries: Map<Query, BoundQuery | null>
  /** Null: nobody asks. */
  readonly findings: Findings | null
  /** Tables and views whose columns are being worked out: meeting one again is a circle. */
  readonly inProgress: Set<Declaration>
  /** What queries and sinks read, for warnings about the rest. */
  readonly read: Set<Declaration>
  readonly usedModels: Set<string>
  /** Tables that joins look rows up in: they are kept as state. */
  readonly lookedUp: Set<string>
  /** The columns of system tables, by their name behind `system.`; null: none can be read. */
  readonly system: ReadonlyMap<string, RowType> | null
  /**
   * String literals that stand for values which are not known yet, by where they start, with the types that their places give
   * them. Null: there are none.
   */
  readonly open: Map<number, SqlType> | null
  /** Sinks that nothing feeds, and the missing table that they name. */
  readonly unfed: { readonly sink: SinkDeclaration; readonly table: Identifier | null }[]
}

/** A mistake is said once, however often what holds it is read. */
export function report({ session }: BindContext, diagnostic: Diagnostic): void {
  const { code, message, span } = diagnostic
  const isKnown = session.diagnostics.some(
    other => other.code === code && other.message === message && isSamePlace(other.span, span)
  )
  if (!isKnown) session.diagnostics.push(diagnostic)
}

function isSamePlace(a: Span | null, b: Span | null): boolean {
  return a?.start === b?.start && a?.end === b?.end
}
