import { kafkaMetrics } from '../observe/kafka-metrics.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import type { Exporter, WatchPart } from '../observe/watch-part.ts'
import type { Route, RouteAnswer } from './server.ts'

/** The pipeline as those see it who watch it. */
export interface Watched {
  snapshot(): Snapshot
}

/** What the pipeline does, for machines: each answer is made when it is asked for. `current`: null while the pipeline starts. */
export function observeRoutes(
  current: () => Watched | null,
  load: () => WatchPart
): Readonly<Record<string, Route>> {
  const started =
    (answer: (pipeline: Watched) => RouteAnswer | Promise<RouteAnswer>): Route =>
    () => {
      const pipeline = current()
      return pipeline === null ? { status: 503, body: { error: 'starting' } } : answer(pipeline)
    }
  let exporter: Exporter | null = null
  return {
    '/api/v1/kafka/metrics': started(pipeline => ({
      status: 200,
      body: kafkaMetrics(pipeline.snapshot())
    })),
    '/api/v1/pipeline/status': started(pipeline => ({ status: 200, body: pipeline.snapshot() })),
    '/metrics': started(async pipeline => {
      exporter ??= load().makeExporter()
      const text = await exporter.render(pipeline.snapshot())
      return { status: 200, body: Buffer.from(text), type: exporter.type }
    })
  }
}
