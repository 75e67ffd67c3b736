import type { Snapshot } from './snapshot.ts'

/** What the part for those who watch the pipeline exports: it is loaded when somebody does. */
export interface WatchPart {
  makeExporter(): Exporter
}

/** The document of `GET /metrics`. */
export interface Exporter {
  readonly type: string
  render(snapshot: Snapshot): Promise<string>
}
