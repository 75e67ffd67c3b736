import type { FragmentDefinition, PipelineDefinition, PipelineTopology } from '../contract/index.ts'
import { mergeSnapshots } from '../observe/merge-snapshots.ts'
import { endTogether } from '../pipeline/end-together.ts'
import { namedTables } from '../pipeline/named-tables.ts'
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts'
import { askParts, type UndividedPart } from './ask-parts.ts'
import { definePart } from './define-part.ts'
import { TaskGroup } from './task-group.ts'
import { topicsBetween } from './topics-between.ts'
import type { TopologyOptions } from './topology-options.ts'

/**
 * Starts the parts of a script: the one that reads its sources, whose partitions processes share, and the tasks of its stages, as
 * many of them as their groups give to this process.
 */
export async function startTopology(
  topology: PipelineTopology,
  options: TopologyOptions
): Promise<Pipeline> {
  const { fragments } = topology
  const failure = Promise.withResolvers<never>()
  const parts = fragments.map(fragment => ({
    fragment,
    first: options.adapt(definePart(topology, fragment, 0))
  }))
  await prepareTopics(
    topology,
    parts.map(({ first }) => first),
    options
  )
  const tasks = Promise.withResolvers<unknown>()
  // What is read before a task refuses the state that it finds would be counted by whoever takes the state instead, as what it is not.
  const mayRead = Promise.all([options.mayRead, tasks.promise])
  const held = { ...options, mayRead }
  const groups = parts
    .filter(({ fragment }) => fragment.stage !== null)
    .map(({ fragment, first }) => new TaskGroup(topology, fragment, first, held, failure.reject))
  const { reading, checking } = withoutStage(parts)
  const starts = [reading, ...checking].map(part => {
    const own = { connector: options.openConnector(), stateFolder: null }
    return startPipeline(part, { ...held, ...own })
  })
  const starting = Promise.all(starts)
  const failed = Promise.race([failure.promise, starting])
  // Either may fail while nobody waits for it yet, or any more.
  for (const early of [mayRead, failed]) early.catch(() => {})
  let pipelines: readonly Pipeline[]
  try {
    await Promise.all(groups.map(group => group.open()))
    const opened = Promise.all(groups.map(group => group.opened))
    await Promise.race([opened, failed])
    tasks.resolve(null)
    pipelines = await starting
  } catch (error) {
    tasks.reject(error)
    const stopping = starts.map(async start => (await start).stop())
    await Promise.allSettled([...stopping, ...groups.map(group => group.stop())])
    throw error
  }
  const [source, ...checks] = pipelines as [Pipeline, ...Pipeline[]]
  for (const { done } of checks) done.catch(failure.reject)
  const stopOthers = (): Promise<void>[] => [...checks, ...groups].map(one => one.stop())
  const { done, stop } = endTogether(source, stopOthers, failure.promise)
  return {
    snapshot: () =>
      mergeSnapshots([
        ...pipelines.map(one => one.snapshot()),
        ...groups.flatMap(group => group.snapshots())
      ]),
    measure: seconds => source.measure(seconds),
    ready: () => [...pipelines, ...groups].every(one => one.ready()),
    ...askParts(source, undividedOf(parts, groups)),
    done,
    stop
  }
}

function undividedOf(parts: readonly Part[], groups: readonly TaskGroup[]): UndividedPart | null {
  const part = parts.find(({ fragment }) => fragment.isUndivided === true)
  if (part === undefined) return null
  const group = groups.find(one => one.stage === part.fragment.stage)!
  return {
    tables: namedTables(part.first).map(({ name }) => name),
    here: () => group.pipelines()[0] ?? null
  }
}

interface Part {
  readonly fragment: FragmentDefinition
  readonly first: PipelineDefinition
}

/** The part that reads the script's sources, and those that only look whether tables can be read. */
function withoutStage(parts: readonly Part[]): {
  readonly reading: PipelineDefinition
  readonly checking: readonly PipelineDefinition[]
} {
  const found = parts.filter(({ fragment }) => fragment.stage === null).map(({ first }) => first)
  return {
    reading: found.find(({ checksTables }) => checksTables !== true)!,
    checking: found.filter(({ checksTables }) => checksTables === true)
  }
}

/** Creates the topics between the parts. */
async function prepareTopics(
  topology: PipelineTopology,
  parts: readonly PipelineDefinition[],
  options: TopologyOptions
): Promise<void> {
  const topics = topicsBetween(topology, parts)
  if (topics.length === 0) return
  const [first] = parts.flatMap(({ sources, sinks }) => [...sources, ...sinks])
  const connector = options.openConnector()
  await connector.prepareTopics(first!.brokers, first!.properties, topics)
  await connector.close()
}
