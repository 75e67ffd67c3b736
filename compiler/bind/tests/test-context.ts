import type { TestString } from '../../ast/index.ts'
import type { BoundSink } from '../../ir/index.ts'
import type { BindContext } from '../context.ts'

/** Where a test stands: what the clock shows, as far as the steps so far say. */
export interface TestContext {
  readonly bind: BindContext
  readonly sinks: readonly BoundSink[]
  /** The times that the test names, in ms since the epoch; null after a diagnostic. */
  readonly times: ReadonlyMap<TestString, number | null>
  now: number
}
