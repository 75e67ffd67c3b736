import type { PipelineDefinition } from '../contract/index.ts'
import { openModels, type OpenModel } from './open-models.ts'
import type { SuitePlan, TestPlan } from './plan.ts'
import { makeTestClock } from './test-clock.ts'
import { startTestPipeline } from './test-pipeline.ts'
import { TestRun } from './test-run.ts'
import type { TestValues } from './test-values.ts'

/** The tests of one SQL file, and what they share. */
export interface Suite {
  readonly plan: SuitePlan
  readonly pipeline: PipelineDefinition
  readonly values: TestValues
  /** The model itself, for tests that do not say what it answers. */
  readonly openModel: OpenModel
}

/** Runs one test on topics, state, models and a clock of its own. Rejects with a TestFailure. */
export async function runTest(suite: Suite, test: TestPlan): Promise<void> {
  const clock = makeTestClock(test.start)
  const models = await openModels(suite, test)
  const pipeline = await startTestPipeline(suite.pipeline, models.runners, clock)
  try {
    const run = new TestRun(suite, pipeline, models.mocks, clock)
    await run.start(test.place)
    for (const step of test.steps) await run.take(step)
    run.finish()
  } finally {
    await pipeline.close()
  }
}
