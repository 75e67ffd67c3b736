import type { MetricFamily } from './metric-family.ts'
import type { PlanNode } from './operators.ts'
import type { Snapshot } from './snapshot.ts'

/** What the part for those who watch the pipeline exports: it is loaded when somebody does. */
export interface WatchPart {
  makeExporter(): Exporter
  /** The dashboard's files, by their path. */
  readonly pages: Readonly<Record<string, Page>>
  /** For a terminal of so many columns, and rows, where all of it has to be seen at once. */
  renderStatus(now: Snapshot, before: Snapshot, columns: number, rows?: number): string
  /** The plan with what its operators did between two snapshots; as renderStatus. */
  renderAnalysis(
    plan: { readonly text: string; readonly nodes: readonly PlanNode[] },
    now: Snapshot,
    before: Snapshot,
    columns: number
  ): string
}

export interface Page {
  readonly type: string
  readonly text: string
}

export interface Exporter {
  readonly type: string
  /** The document of `GET /metrics`. */
  render(snapshot: Snapshot): Promise<string>
  /** What is in it, for whoever wants it in another form. */
  families(snapshot: Snapshot): Promise<readonly MetricFamily[]>
}
