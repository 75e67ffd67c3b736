import type { Script, TestStatement, TestStep, TestString } from '../../ast/index.ts'
import {
  testExpectsNothing,
  testTableNotKept,
  testTimeGoesBack
} from '../../diagnostics/bind-tests.ts'
import {
  type BoundSink,
  type BoundTable,
  type BoundTest,
  type BoundTestStep,
  changesOfTests,
  makeLiteral
} from '../../ir/index.ts'
import { TEXT, TIMESTAMP } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindChange } from '../bind-changes.ts'
import { convertLiteral } from '../expressions/literals.ts'
import { bindExpect, bindExpectCount, bindExpectRows } from './bind-expect.ts'
import { bindInput } from './bind-input.ts'
import { bindModelAnswers } from './bind-model-answers.ts'
import type { TestContext } from './test-context.ts'

/** When a test that names no earlier time begins. */
const FIRST_TIME = Date.UTC(2026, 0, 1)

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
  const times = bindTimes(steps, bind)
  const start = Math.min(FIRST_TIME, ...[...times.values()].filter(time => time !== null))
  const cx: TestContext = { bind, sinks, times, now: start }
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
    case 'TestChange': {
      const change = bindChange(step.change, cx.bind)
      return change === null ? null : { kind: 'Change', change, span: step.span }
    }
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
  const time = cx.times.get(to) ?? null
  if (time === null) return null
  if (time < cx.now) {
    report(cx.bind, testTimeGoesBack(to.value, new Date(cx.now).toISOString(), to.span))
    return null
  }
  cx.now = time
  return { kind: 'Advance', to: time, span }
}

/** The times of AT and ADVANCE TIME, bound before the steps: the earliest may be the one at which the test begins. */
function bindTimes(
  steps: readonly TestStep[],
  cx: BindContext
): ReadonlyMap<TestString, number | null> {
  const times = new Map<TestString, number | null>()
  for (const step of steps) {
    const text = step.kind === 'TestInput' ? step.at : step.kind === 'TestAdvance' ? step.to : null
    if (text === null) continue
    const literal = convertLiteral(makeLiteral(text.value, TEXT, text.span), TIMESTAMP, cx)
    times.set(text, typeof literal?.value === 'number' ? literal.value : null)
  }
  return times
}

/** A test changes tables as statements on the running pipeline do: those that are kept. */
export function checkTestedTables(
  tests: readonly BoundTest[],
  tables: readonly BoundTable[],
  cx: BindContext
): void {
  for (const { change, span } of changesOfTests(tests)) {
    const table = tables.find(({ name }) => name === change.table)
    if (table?.stored === false) report(cx, testTableNotKept(table.name, span))
  }
}
