import type { Clock, Connector, ModelRunner, PipelineDefinition } from '../contract/index.ts'
import type { Logger } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'
import { PipelineLoop } from './pipeline-loop.ts'

export interface PipelineOptions {
  readonly connector: Connector
  readonly clock: Clock
  readonly log: Logger
  /** By name; opened before. */
  readonly models: ReadonlyMap<string, ModelRunner>
  /** Where checkpoints of the tables are kept; null or absent: nowhere, and a restart reads whole changelogs. */
  readonly stateFolder?: string | null
  /** Records per poll. */
  readonly pollSize?: number
  /** Stops when a poll of every source finds nothing: for tests. */
  readonly untilIdle?: boolean
}

export interface Pipeline {
  readonly metrics: Metrics
  /** Whether every source has its partitions and every client its brokers. */
  ready(): boolean
  /** Resolves when the pipeline has stopped; rejects with what made it stop. */
  readonly done: Promise<void>
  /** Finishes what was polled, flushes, commits, closes. */
  stop(): Promise<void>
}

/** Opens sources and sinks and starts the loop: poll, run, produce; at each commit interval flush, then commit. */
export async function startPipeline(
  definition: PipelineDefinition,
  options: PipelineOptions
): Promise<Pipeline> {
  const loop = new PipelineLoop(definition, options)
  await loop.open()
  const done = loop.run()
  // Who waits for the end asks later; until then a failure is not an unhandled one.
  done.catch(() => {})
  return {
    metrics: loop.metrics,
    ready: () => loop.ready(),
    done,
    async stop() {
      loop.stop()
      await done
    }
  }
}
