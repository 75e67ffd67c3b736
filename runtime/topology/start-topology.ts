import { severalProcesses } from '../access/denials.ts'
import type { PipelineDefinition, PipelineTopology } from '../contract/index.ts'
import { mergeSnapshots } from '../observe/merge-snapshots.ts'
import { endTogether } from '../pipeline/end-together.ts'
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts'
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
  const reading = parts.find(({ fragment }) => fragment.stage === null)!
  const groups = parts
    .filter(({ fragment }) => fragment.stage !== null)
    .map(({ fragment, first }) => new TaskGroup(topology, fragment, first, options, failure.reject))
  const source = await startPipeline(reading.first, {
    ...options,
    connector: options.openConnector(),
    stateFolder: null
  })
  const { done, stop } = endTogether(
    source,
    () => groups.map(group => group.stop()),
    failure.promise
  )
  try {
    await Promise.all(groups.map(group => group.open()))
  } catch (error) {
    await stop().catch(() => {})
    throw error
  }
  return {
    snapshot: () =>
      mergeSnapshots([source.snapshot(), ...groups.flatMap(group => group.snapshots())]),
    ready: () => source.ready() && groups.every(group => group.ready()),
    execute: (statement, denial = null) => source.execute(statement, denial ?? severalProcesses),
    describe: (statement, open) => source.describe(statement, open),
    relations: () => source.relations(),
    render: (rows, format) => source.render(rows, format),
    done,
    stop
  }
}

/** Creates the topics between the parts. */
async function prepareTopics(
  { name }: PipelineTopology,
  parts: readonly PipelineDefinition[],
  options: TopologyOptions
): Promise<void> {
  const [first] = parts.flatMap(({ sources }) => sources)
  const connector = options.openConnector()
  await connector.prepareTopics(first!.brokers, first!.properties, topicsBetween(name, parts))
  await connector.close()
}
