import { openModels } from './open-models.ts'
import type { TestPlan } from './plan.ts'
import type { Suite } from './suite.ts'
import { makeTestClock } from './test-clock.ts'
import { startTestPipeline } from './test-pipeline.ts'
import { TestRun } from './test-run.ts'

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
