import type { PipelineDefinition } from '../contract/index.ts'
import { openOnnxModels } from './open-models.ts'
import type { SuitePlan, TestPlan } from './plan.ts'
import { runTest } from './run-test.ts'
import { TestFailure } from './test-failure.ts'
import { openTestValues } from './test-values.ts'

export { printable } from '../observe/printable.ts'

/**
 * What generated test files call: the tests of one SQL file, ready to run one after the other. `values` is the pipeline that
 * writes the rows of their steps.
 */
export function openSuite(
  plan: SuitePlan,
  pipeline: PipelineDefinition,
  values: PipelineDefinition
): (test: TestPlan) => Promise<void> {
  const suite = {
    plan,
    pipeline,
    values: openTestValues(values, plan),
    openModel: openOnnxModels(plan)
  }
  return test => runTest(suite, test)
}

/** The only test of a file that there is nothing to run of: `problem` says why. */
export function failSuite(problem: string): never {
  throw new TestFailure(problem)
}
