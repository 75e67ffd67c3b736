import type {
  Clock,
  Connector,
  ModelRunner,
  OpenAsker,
  OpenBackend,
  PipelineDefinition,
  Registry,
  RegistryDefinition,
  StatementAnswer
} from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import type { Logger } from '../observe/log.ts'
import type { EventLoop } from '../observe/event-loop.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import type { WorkTracer } from '../observe/work-tracer.ts'
import { PipelineLoop } from './pipeline-loop.ts'
import type { Asked } from '../access/asked.ts'
import type { Denial } from '../access/denials.ts'

export interface PipelineOptions {
  readonly connector: Connector
  readonly clock: Clock
  /** Numbers from 0 to 1, for the jitter of what is tried again; absent: Math.random. */
  readonly random?: () => number
  readonly log: Logger
  /** By name; opened before. */
  readonly models: ReadonlyMap<string, ModelRunner>
  /** Opens a registry of schemas; absent: no source or sink has one. */
  readonly openRegistry?: (definition: RegistryDefinition) => Registry
  /** Where checkpoints of the tables are kept; null or absent: nowhere, and a restart reads whole changelogs. */
  readonly stateFolder?: string | null
  /** Whether what is kept may be made of other rows than the script says: see StateIdentities. */
  readonly acceptState?: boolean
  /** Rows of an answer, at most; absent: as many as there are. */
  readonly maxRows?: number
  /** Takes some of the records for people to look at; null or absent: nobody may. */
  readonly samples?: RecordSamples | null
  /** Of the process; absent: nobody watches it. */
  readonly eventLoop?: EventLoop
  /** Whether records carry on the W3C trace context of what they come of; absent: they do. */
  readonly carriesContext?: boolean
  /** Called when it has the state that it goes on with, and could read. */
  readonly opened?: () => void
  /** Nothing is read before it resolves; what it rejects with ends the start. */
  readonly mayRead?: Promise<unknown>
  /** Opens what is told of the pipeline's work; null or absent: nobody traces it. */
  readonly openTracer?: (() => WorkTracer) | null
  /** Records per poll. */
  readonly pollSize?: number
  /** Stops when a poll of every source finds nothing: for tests. */
  readonly untilIdle?: boolean
  /** Loads what answers statements, at the first one; absent: the part that is bundled with pipelines. */
  readonly openAsker?: () => OpenAsker
  /** Opens what keeps state on the disk; absent: the part that is bundled with pipelines which do. */
  readonly openBackend?: OpenBackend
  /** How many rows of such state are in memory though they have not changed; absent: see SpilledStates. */
  readonly hotRows?: number
  /** What the process may use; absent: as much as there is. */
  readonly memory?: MemoryGuard
}

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
