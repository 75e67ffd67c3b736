import type { ModelRunner, ModelDefinition, PipelineDefinition } from '../contract/index.ts'
import type { SuitePlan } from './plan.ts'
import type { TestValues } from './test-values.ts'

/** The tests of one SQL file, and what they share. */
export interface Suite {
  readonly plan: SuitePlan
  readonly pipeline: PipelineDefinition
  readonly values: TestValues
  /** The model itself, for tests that do not say what it answers. */
  readonly openModel: OpenModel
}

export type OpenModel = (definition: ModelDefinition) => Promise<ModelRunner>
