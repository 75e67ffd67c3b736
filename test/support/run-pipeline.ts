import { makeMemoryConnector, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import type { Connector } from '../../runtime/contract/index.ts'
import { openLmdb } from '../../runtime/lmdb/index.ts'
import type { Logger } from '../../runtime/observe/log.ts'
import { RecordSamples } from '../../runtime/observe/record-samples.ts'
import { resetState } from '../../runtime/pipeline/reset-state.ts'
import { startPipeline } from '../../runtime/pipeline/start-pipeline.ts'
import { makeMemoryRegistry, type MemoryRegistry } from '../../runtime/registry/index.ts'
import { StoppedByRecord } from '../../runtime/pipeline/stopped-by-record.ts'
import { failCommits } from './fail-commits.ts'
import type { Random } from './functions/random-value.ts'
import { Killed, killProcess } from './kill-process.ts'
import type { LoadedPipeline } from './load-pipeline.ts'
import type { FixtureSchemas } from './records.ts'
import { makeVirtualClock } from './virtual-clock.ts'

export interface RunLimits {
  /** Records per poll. */
  readonly pollSize?: number
  /** Stops the pipeline when it has polled so many records, as SIGTERM does. */
  readonly stopAfter?: number
  /** Exactly once, with a barrier after each poll, and commits that fail in all ways by turns, or do not. */
  readonly commits?: 'failing' | 'reliable'
  /** Exactly once, by processes that are killed at random points, each followed by another: see killProcess. */
  readonly kills?: Random
  /** Its state is on the disk, in this folder, and as little of it in memory as can be. */
  readonly disk?: string
  /** Its state is in memory, with checkpoints in this folder. */
  readonly checkpoints?: string
  /** What the registry has, by ids; absent: there is none. */
  readonly schemas?: FixtureSchemas
  /** Instead of one that has `schemas`. */
  readonly registry?: MemoryRegistry
  /** As `--accept-state` and `--rebuild-state`. */
  readonly state?: 'accept' | 'rebuild'
  /** What the clock says when it starts; absent: the first moment of 2026. */
  readonly startsAt?: number
  /** Takes rows on their way. */
  readonly samples?: RecordSamples
}

const silent: Logger = { log: () => {}, limited: () => {} }

/** The last of them is left alone, so that tests end. */
const PROCESSES = 8

/**
 * Runs generated code over topics in memory, in virtual time, until nothing is left to read or `limits` stop it. Answers
 * the code of the record that stopped it, or null.
 */
export async function runPipelineInMemory(
  pipeline: LoadedPipeline,
  topics: MemoryTopics,
  limits: RunLimits = {}
): Promise<string | null> {
  const { kills, ...rest } = limits
  if (kills !== undefined) {
    for (let killed = 0; killed < PROCESSES - 1; killed++) {
      try {
        return await runProcess(pipeline, topics, limits)
      } catch (error) {
        if (!(error instanceof Killed)) throw error
      }
    }
  }
  return runProcess(pipeline, topics, kills === undefined ? rest : { ...rest, commits: 'reliable' })
}

async function runProcess(
  { definition, models }: LoadedPipeline,
  topics: MemoryTopics,
  limits: RunLimits
): Promise<string | null> {
  const { pollSize = Infinity, stopAfter = Infinity, commits, kills, disk, state } = limits
  const { schemas, samples, startsAt } = limits
  const clock = makeVirtualClock(startsAt)
  const memory = makeMemoryConnector(topics, clock)
  const failing = commits === 'failing' ? failCommits(memory) : memory
  const used = kills === undefined ? failing : killProcess(failing, kills)
  const connector = countRecords(used, pollSize, polled => {
    // How it ends is what `done` says.
    if (polled >= stopAfter) starting.then(pipeline => pipeline.stop()).catch(() => {})
  })
  const acceptState = state === 'accept'
  const { registry = registryWith(schemas ?? {}) } = limits
  const openRegistry = () => registry
  const onDisk = localDisk(limits)
  const shown = samples === undefined ? {} : { samples }
  const shared = { connector, clock, log: silent, models, acceptState, untilIdle: true }
  const options = { ...shared, ...onDisk, ...shown, openRegistry }
  if (state === 'rebuild') await resetState(definition, connector)
  const delivery = { delivery: 'exactly_once', commitInterval: 0 } as const
  const backend = disk === undefined ? 'memory' : 'lmdb'
  const isPlain = commits === undefined && kills === undefined
  const run = { ...definition, ...(isPlain ? {} : delivery), backend } as const
  const starting = startPipeline(run, options)
  try {
    await (
      await starting
    ).done
    return null
  } catch (error) {
    if (!(error instanceof StoppedByRecord)) throw error
    return /\(([a-z0-9-]+)\)$/.exec(error.message)![1]!
  }
}

function localDisk({ disk, checkpoints }: RunLimits) {
  if (disk !== undefined) return { stateFolder: disk, openBackend: openLmdb, hotRows: 1 }
  return checkpoints === undefined ? {} : { stateFolder: checkpoints }
}

export function registryWith(schemas: FixtureSchemas): MemoryRegistry {
  const registry = makeMemoryRegistry()
  for (const [id, schema] of Object.entries(schemas)) {
    const isProto = typeof schema === 'string'
    const text = isProto ? schema : JSON.stringify(schema)
    const type = isProto ? 'PROTOBUF' : 'AVRO'
    if (id !== 'file') registry.put('fixture', Number(id), { type, text, references: [] })
  }
  return registry
}

/** Caps polls, also of sources that want full batches for a model, and reports how many records came. */
function countRecords(
  connector: Connector,
  pollSize: number,
  report: (polled: number) => void
): Connector {
  let polled = 0
  return {
    ...connector,
    async openSource(definition, listener) {
      const source = await connector.openSource(definition, listener)
      return {
        ...source,
        async poll(maxRecords, maxWait, fill) {
          const batch = await source.poll(Math.min(maxRecords, pollSize), maxWait, fill)
          polled += batch?.count ?? 0
          report(polled)
          return batch
        }
      }
    }
  }
}

/** Takes every row that it is shown, and has the last ones. */
export function takeAllRows(): RecordSamples {
  let elapsed = 0
  return new RecordSamples({ now: () => 0, elapsed: () => (elapsed += 1000) })
}
