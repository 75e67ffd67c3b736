import type { Script, TestStatement, TestStep } from '../../ast/index.ts'
import { invalidLiteral } from '../../diagnostics/bind-expressions.ts'
import { testExpectsNothing, testTimeGoesBack } from '../../diagnostics/bind-tests.ts'
import type { BoundSink, BoundTest, BoundTestStep } from '../../ir/index.ts'
import type { TestString } from '../../ast/index.ts'
import { type BindContext, report } from '../context.ts'
import { timestampFromText } from '../expressions/literals.ts'
import { bindExpect, bindExpectCount, bindExpectRows } from './bind-expect.ts'
import { bindInput } from './bind-input.ts'
import { bindModelAnswers } from './bind-model-answers.ts'

/** When a test that names no earlier time begins. */
const FIRST_TIME = Date.UTC(2026, 0, 1)

/** Where a test stands: what the clock shows, as far as the steps so far say. */
export interface TestContext {
  readonly bind: BindContext
  readonly sinks: readonly BoundSink[]
  now: number
}

/** The script's TEST statements; a step with a diagnostic is left out. To be called when everything else is bound. */
export function bindTests(
  { statements }: Script,
  sinks: readonly BoundSink[],
  cx: BindContext
): BoundTest[] {
  return statements.flatMap(statement =>
    statement.kind === 'Test' ? [bindTest(statement, sinks, cx)] : []
  )
}

function bindTest(
  { name, steps, span }: TestStatement,
  sinks: readonly BoundSink[],
  bind: BindContext
): BoundTest {
  const start = Math.min(FIRST_TIME, ...steps.map(timeOf).filter(time => time !== null))
  const cx: TestContext = { bind, sinks, now: start }
  if (!steps.some(({ kind }) => kind.startsWith('TestExpect'))) {
    report(bind, testExpectsNothing(name, span))
  }
  return Object.freeze({
    name,
    start,
    steps: steps.flatMap(step => bindStep(step, cx) ?? []),
    span
  })
}

function bindStep(step: TestStep, cx: TestContext): BoundTestStep | null {
  switch (step.kind) {
    case 'TestInput':
      return bindInput(step, cx)
    case 'TestModel':
      return bindModelAnswers(step, cx)
    case 'TestAdvance':
      return bindAdvance(step, cx)
    case 'TestExpect':
      return bindExpect(step, cx)
    case 'TestExpectRows':
      return bindExpectRows(step, cx)
    case 'TestExpectCount':
      return bindExpectCount(step, cx)
  }
}

function bindAdvance(
  { to, span }: Extract<TestStep, { kind: 'TestAdvance' }>,
  cx: TestContext
): BoundTestStep | null {
  const time = bindTime(to, cx)
  if (time === null) return null
  if (time < cx.now) {
    report(cx.bind, testTimeGoesBack(to.value, new Date(cx.now).toISOString(), to.span))
    return null
  }
  cx.now = time
  return { kind: 'Advance', to: time, span }
}

/** Milliseconds since the epoch; null after a diagnostic. */
export function bindTime({ value, span }: TestString, { bind }: TestContext): number | null {
  const time = timestampFromText(value.trim())
  if (time !== undefined) return time
  report(bind, invalidLiteral(value, 'TIMESTAMP', span))
  return null
}

function timeOf(step: TestStep): number | null {
  const text = step.kind === 'TestInput' ? step.at : step.kind === 'TestAdvance' ? step.to : null
  return text === null ? null : (timestampFromText(text.value.trim()) ?? null)
}
