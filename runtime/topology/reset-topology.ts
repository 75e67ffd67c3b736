import type { Connector, PipelineDefinition, PipelineTopology } from '../contract/index.ts'
import { beginReset } from '../pipeline/reset-state.ts'
import { definePart } from './define-part.ts'

/** As many tasks as there were. */
const ANY = 0

/**
 * As `resetState`, for all tasks. What is on its way between the parts is forgotten too, before what says that this has begun:
 * the sources are read from their beginning. There may have been other numbers of tasks: it is said in the first task of each stage,
 * which no process can do without.
 */
export async function resetTopology(
  topology: PipelineTopology,
  openConnector: () => Connector,
  adapt: (definition: PipelineDefinition) => PipelineDefinition
): Promise<void> {
  const parts = topology.fragments.map((fragment): PipelineDefinition => {
    const { task, ...part } = adapt(definePart(topology, fragment, 0))
    return task === undefined ? part : { ...part, task: { ...task, count: ANY } }
  })
  const using = async (work: (connector: Connector) => Promise<void>): Promise<void> => {
    const connector = openConnector()
    await work(connector)
    await connector.close()
  }
  for (const part of parts) await using(connector => beginReset(part, connector))
  const stages = parts.flatMap(part => part.stages)
  // What one process has remembered, where all of it was in one: the part of what is not split does so too.
  const isOne = topology.fragments.some(({ isUndivided }) => isUndivided === true)
  const whole = parts.filter(({ task }) => task === undefined).map(part => ({ ...part, stages }))
  for (const part of isOne ? parts : [...parts, ...whole])
    await using(connector => connector.resetState(part))
}
