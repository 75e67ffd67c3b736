import type { Connector, PipelineDefinition, PipelineTopology } from '../contract/index.ts'
import { beginReset } from '../pipeline/reset-state.ts'
import { definePart } from './define-part.ts'

/**
 * As `resetState`, for all tasks. What is on its way between the parts is forgotten too, before what says that this has begun:
 * the sources are read from their beginning.
 */
export async function resetTopology(
  topology: PipelineTopology,
  openConnector: () => Connector,
  adapt: (definition: PipelineDefinition) => PipelineDefinition
): Promise<void> {
  const using = async (work: (connector: Connector) => Promise<void>): Promise<void> => {
    const connector = openConnector()
    await work(connector)
    await connector.close()
  }
  for (const fragment of topology.fragments) {
    for (let index = 0; index < fragment.tasks; index++) {
      await using(connector => beginReset(adapt(definePart(topology, fragment, index)), connector))
    }
  }
  // The topics of a fragment's tasks are the same.
  for (const fragment of topology.fragments) {
    await using(connector => connector.resetState(adapt(definePart(topology, fragment, 0))))
  }
}
