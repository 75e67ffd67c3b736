import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { BoundValues, BoundQuery, BoundScript, StreamNode } from '../ir/index.ts'
import type { Span } from '../source/index.ts'

/** Resolves the names that queries read to stream nodes; each node is made once, so readers share it. */
export interface Planner {
  source(name: string): StreamNode
  /** Null: nothing fills it. */
  table(name: string): StreamNode | null
  /** Rows that are written out: a table that is filled once. */
  rows(query: BoundValues): StreamNode
  /** Whether a stream only grows; a diagnostic where it does not: `what` can't follow changes. */
  isAppend(node: StreamNode, what: string, span: Span): boolean
  /** Whether models can be asked for the rows of a stream; a diagnostic where not. */
  mayPredict(node: StreamNode, span: Span): boolean
  refuse(what: string, span: Span): void
  report(diagnostic: Diagnostic): void
  /** What the state of the next operator is called: by its statement's target, so that it stays while other statements change. */
  stateName(of: 'groups' | 'join' | 'top' | 'over' | 'rows'): string
  /** Plans a query that is inserted into `target`. */
  within(target: string, plan: () => StreamNode | null): StreamNode | null
  /** A view is planned anew for each that reads it; false, with a diagnostic, where that gets out of hand. */
  mayPlan(query: BoundQuery): boolean
  readonly script: BoundScript
}
