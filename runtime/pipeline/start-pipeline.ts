import type { PipelineDefinition, StatementAnswer } from '../contract/index.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { PipelineLoop } from './pipeline-loop.ts'
import type { Asked } from '../access/asked.ts'
import type { Denial } from '../access/denials.ts'
import type { PipelineOptions } from './pipeline-options.ts'

export interface Pipeline extends Asked {
  /** What it shows of itself now. */
  snapshot(): Snapshot
  /** What its processes are at is found out from now on, for so many seconds. */
  measure(seconds: number): void
  /** Whether every source has its partitions and every client its brokers. */
  ready(): boolean
  /**
   * Runs a statement between two batches. A change is committed, and what it gives to the sinks acknowledged, before it is
   * answered. `denial` is what a statement that would change something is answered with instead; null: it may.
   */
  execute(statement: string, denial?: Denial | null): Promise<StatementAnswer>
  /** Resolves when the pipeline has stopped; rejects with what made it stop. */
  readonly done: Promise<void>
  /** Finishes what was polled, flushes, commits, closes. */
  stop(): Promise<void>
  /** Resolves when all windows are told that waited for sources which bring nothing more. Absent: of a script in several parts. */
  endSources?(names: readonly string[]): Promise<void>
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
    snapshot: () => loop.snapshot(),
    measure: seconds => options.eventLoop?.measure(seconds),
    ready: () => loop.ready(),
    execute: (statement, denial = null) => loop.statements.execute(statement, denial),
    describe: (statement, open) => loop.statements.describe(statement, open),
    relations: () => loop.statements.relations(),
    render: (rows, format) => loop.statements.render(rows, format),
    done,
    endSources: names => loop.endSources(names),
    async stop() {
      loop.stop()
      await done
    }
  }
}
