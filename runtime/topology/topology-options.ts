import type { Connector, PipelineDefinition } from '../contract/index.ts'
import type { PipelineOptions } from '../pipeline/pipeline-options.ts'

export interface TopologyOptions extends Omit<PipelineOptions, 'connector'> {
  /** Clients for one part: each has a producer and a group of its own. */
  openConnector(): Connector
  /** What the command line changes. */
  adapt(definition: PipelineDefinition): PipelineDefinition
}
