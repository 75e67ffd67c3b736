import type { MemoryTopics } from '../../runtime/connect/memory/index.ts'
import type { ModelRunner, PipelineTopology } from '../../runtime/contract/index.ts'
import { definePart } from '../../runtime/topology/define-part.ts'
import { registryWith, type RunLimits, runPipelineInMemory } from './run-pipeline.ts'

/**
 * Runs the parts of a script one after the other, each task until nothing is left to read: every exchange is between two of them.
 * `limits.parts`: so many of the first ones; what they send stays on its way.
 */
export async function runTopologyInMemory(
  topology: PipelineTopology,
  models: ReadonlyMap<string, ModelRunner>,
  topics: MemoryTopics,
  { parts, ...limits }: RunLimits & { readonly parts?: number } = {}
): Promise<void> {
  const registry = registryWith(limits.schemas ?? {})
  // As a pipeline in one part does, whichever part writes them.
  const sinks = topology.fragments.flatMap(({ make }) => make().sinks)
  for (const { schema } of sinks.toSorted((a, b) => a.line - b.line))
    if (schema !== undefined) await registry.register(schema.subject, schema.schema)
  for (const fragment of topology.fragments.slice(0, parts)) {
    for (let index = 0; index < fragment.tasks; index++) {
      const definition = definePart(topology, fragment, index)
      await runPipelineInMemory({ definition, models }, topics, { ...limits, registry })
    }
  }
}
