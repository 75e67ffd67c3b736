import type {
  OpenAsker,
  Connector,
  Clock,
  ModelRunner,
  RegistryDefinition,
  Registry,
  OpenBackend
} from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import type { EventLoop } from '../observe/event-loop.ts'
import type { Logger } from '../observe/log.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { WorkTracer } from '../observe/work-tracer.ts'

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
